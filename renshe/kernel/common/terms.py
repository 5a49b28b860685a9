"""The words of the trade: closed lists whose members carry their Chinese label."""

from enum import StrEnum
from typing import Self


class Terms(StrEnum):
    """A closed list: `REFUSED = "refused", "不予受理"`. Pure Python, so that law may use it without Django."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of value and label, in the order of the list, as Django fields take them."""
        return [(member.value, member.label) for member in cls]
