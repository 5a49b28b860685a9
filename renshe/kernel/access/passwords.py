"""Passwords that a stranger would try first: the names of the place and of the office, and what leaks have made known (OWASP ASVS 6.2.11, 6.2.12)."""

import hashlib
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


class KnownFromLeaks:
    """Refuses a password that stands in published leaks.

    `folder` holds the ranges of Pwned Passwords as its downloader writes them: a file `5BAA6.txt` for each five first hex digits of SHA-1,
    a line `REST:COUNT` for each password. Nothing is asked of anybody outside. Without a folder every password passes.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError. Reads one file of some 40 kB."""
        if self.folder is None:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        path = self.folder / f"{digest[:5]}.txt"
        if not path.exists():
            return
        with path.open(encoding="ascii", errors="replace") as lines:
            if any(line.upper().startswith(digest[5:]) for line in lines):
                raise ValidationError("这个密码在别处泄露过，别人会先试它，请换一个", code="password_leaked")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return "不要用在别处泄露过的密码。"


def plain(text: str) -> str:
    """Lower case, half width, letters for the signs that stand in for them."""
    return unicodedata.normalize("NFKC", text).casefold().translate(str.maketrans("@$!|", "asil"))
