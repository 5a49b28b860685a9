"""How the law rounds: the way, and to how many decimals. Done by us in integers, never by an engine's `round()`."""

import re
from dataclasses import dataclass

WAYS = {"half_up": "四舍五入", "up": "进一", "down": "舍去"}
TEXT = re.compile(r"(half_up|up|down)(?: (-?\d))?")


@dataclass(frozen=True)
class Rounding:
    """The way, and the number of decimals of the unit as counted inside (fen: `0` is a fen, `-1` a jiao, `-2` a yuan)."""

    way: str
    places: int


def rounding(text: str) -> Rounding:
    """`half_up`, `up 1`, `down -1`. Raises ValueError saying what would be accepted."""
    match = TEXT.fullmatch(text)
    if not match:
        raise ValueError(f"取整方式“{text}”不可识别：应为 half_up、up 或 down，可加小数位数")
    return Rounding(match[1], int(match[2] or 0))


def rounding_words(rounding: Rounding | None, unit: str) -> str:
    """How a result of a unit (its key) is rounded, in words: `四舍五入到分`."""
    if rounding is None:
        return ""
    if unit == "fen":
        to = {0: "分", -1: "角", -2: "元"}.get(rounding.places, f"{rounding.places}位小数")
    else:
        to = f"{rounding.places}位小数" if rounding.places else "整数"
    return f"{WAYS[rounding.way]}到{to}"
