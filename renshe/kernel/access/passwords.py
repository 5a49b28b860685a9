"""Passwords that a stranger would try first here: the names of the place and of the office (OWASP ASVS 6.1.2, 6.2.11)."""

import unicodedata
from functools import cached_property
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError

SHORTEST_REST = 6  # characters that must remain once the words of the place are taken away


class WordsOfThePlace:
    """Refuses a password that is little more than words everybody here knows. The list is the city's own (`passwords.yaml`)."""

    def __init__(self, words: Path) -> None:
        self.path = words

    @cached_property
    def words(self) -> list[str]:
        """Longest first, so that a name goes before its parts."""
        return sorted((plain(one) for one in yaml.safe_load(self.path.read_text(encoding="utf-8"))["words"]), key=len, reverse=True)

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError. Case, width and signs that stand in for letters do not help."""
        rest = plain(password)
        for word in self.words:
            rest = rest.replace(word, "")
        if len(rest) < SHORTEST_REST and rest != plain(password):
            raise ValidationError("密码里不能主要是本地地名、单位名或常用字眼，请再加些别人猜不到的", code="password_of_the_place")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return "不要用地名、单位名、热线号码等本地人都知道的字眼。"


def plain(text: str) -> str:
    """Lower case, half width, letters for the signs that stand in for them."""
    return unicodedata.normalize("NFKC", text).casefold().translate(str.maketrans("@$!|", "asil"))
