"""What a number means, how it is read at the border and how it is shown.

Inside the engine every value is an integer or a pair of integers: fen, months since year 0, days since year 1.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from renshe.kernel.common.money import yuan, yuan_label

Exact = int | Fraction | str | bool
Datum = Exact | list[Any]  # a list input or result: items, or records as tuples
MONTH_TEXT = re.compile(r"([0-9]{4})-([0-9]{2})(?:-\d{2})?")
AGE_TEXT = re.compile(r"(\d{1,3})y(?:(\d{1,2})m)?")
FEN_TEXT = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,2}))?")
DECIMAL_TEXT = re.compile(r"-?\d{1,15}(\.\d{1,12})?")


class BadInput(ValueError):
    """A value that is not of its unit; the message says what would be accepted. `field` names the input, where known."""

    def __init__(self, text: str, *, field: str = "", accepts: str = "") -> None:
        self.field, self.accepts = field, accepts
        super().__init__(text)


def month_index(day: datetime.date) -> int:
    """Months since year 0: `2026-11` -> 24322."""
    return day.year * 12 + day.month - 1


def month_day(index: int) -> datetime.date:
    """The first day of a month index."""
    return datetime.date(index // 12, index % 12 + 1, 1)


def exact(text: object) -> Fraction:
    """A decimal as written (`"0.16"`, `6500`) to an exact fraction. Binary floats are refused: they are not exact."""
    if isinstance(text, (bool, float)):
        raise BadInput(f"“{text}”应写成十进制文本，如 \"0.16\"")
    if isinstance(text, int | Fraction):
        return Fraction(text)
    clean = str(text).strip()
    if not DECIMAL_TEXT.fullmatch(clean):
        raise BadInput(f"“{clean[:40]}”不是十进制数，应如 6500 或 0.16")
    return Fraction(clean)


def _fen(value: object) -> int:
    plain = FEN_TEXT.fullmatch(value) if isinstance(value, str) else None
    if plain:  # as money nearly always comes; anything else is looked at with care below
        fen = int(plain[2]) * 100 + int((plain[3] or "0").ljust(2, "0"))
        return -fen if plain[1] else fen
    amount = exact(value) * 100
    if amount.denominator != 1:
        raise BadInput(f"“{value}”多于两位小数，金额以元为单位，最多两位小数")
    return int(amount)


def _whole(value: object) -> int:
    number = exact(value)
    if number.denominator != 1:
        raise BadInput(f"“{value}”应为整数")
    return int(number)


def _age_months(value: object) -> int:
    match = AGE_TEXT.fullmatch(str(value).strip())
    if not match or int(match[2] or 0) > 11:
        raise BadInput(f"“{str(value)[:40]}”不是年龄，应如 60y1m（60周岁1个月）")
    return int(match[1]) * 12 + int(match[2] or 0)


def _month(value: object) -> int:
    if isinstance(value, datetime.date):
        return month_index(value)
    match = MONTH_TEXT.fullmatch(str(value).strip())
    if not match or not 1 <= int(match[2]) <= 12:
        raise BadInput(f"“{str(value)[:40]}”不是月份，应如 1990-05")
    return int(match[1]) * 12 + int(match[2]) - 1


def _day(value: object) -> int:
    if isinstance(value, datetime.date):
        return value.toordinal()
    try:
        return datetime.date.fromisoformat(str(value).strip()).toordinal()
    except ValueError:
        raise BadInput(f"“{str(value)[:40]}”不是日期，应如 2026-11-24") from None


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) in ("true", "false"):
        return str(value) == "true"
    raise BadInput(f"“{str(value)[:40]}”应为 true 或 false")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"“{str(value)[:40]}”应为文本")
    return value


def _ratio_text(value: Exact) -> str:
    """A decimal; one that does not end is cut half up at twelve places."""
    number = Fraction(value)
    digits = (2 * number.numerator * 10**12 + number.denominator) // (2 * number.denominator)
    whole, rest = divmod(abs(digits), 10**12)
    return f"{'-' if digits < 0 else ''}{whole}.{rest:012d}".rstrip("0").rstrip(".")


def _percent(value: Exact) -> str:
    number = Fraction(value) * 100
    return f"{_ratio_text(number)}%"


@dataclass(frozen=True)
class Unit:
    """A unit: its Chinese name, and how values enter, leave (APIs) and are shown (people)."""

    key: str
    label: str
    read: Callable[[object], Exact]
    write: Callable[[Exact], object]
    show: Callable[[Exact], str]


def _age(months: Exact) -> str:
    years, rest = divmod(int(Fraction(months)), 12)
    return f"{years}周岁" + (f"{rest}个月" if rest else "")


def _months_shown(value: Exact) -> str:
    number = Fraction(value)
    return f"{_ratio_text(number)}个月"


Fen = Unit("fen", "元", _fen, lambda v: yuan(int(v)), lambda v: f"{yuan_label(int(v))}元")
Ratio = Unit("ratio", "比例", exact, lambda v: _ratio_text(v), _percent)
Number = Unit("number", "数", exact, lambda v: _ratio_text(v), lambda v: _ratio_text(v))
Years = Unit("years", "年", exact, lambda v: _ratio_text(v), lambda v: f"{_ratio_text(v)}年")
Count = Unit("count", "数", _whole, lambda v: int(Fraction(v)), lambda v: _ratio_text(v))
Months = Unit("months", "个月", _whole, lambda v: int(Fraction(v)), _months_shown)
Age = Unit("age", "年龄", _age_months, lambda v: f"{int(Fraction(v)) // 12}y{int(Fraction(v)) % 12}m", _age)
Month = Unit(
    "month", "月份", _month,
    lambda v: f"{int(v) // 12:04d}-{int(v) % 12 + 1:02d}",
    lambda v: month_day(int(Fraction(v))).strftime("%Y年%m月"),
)
Days = Unit("days", "天", _whole, lambda v: int(Fraction(v)), lambda v: f"{_ratio_text(v)}天")
Day = Unit(
    "day", "日期", _day,
    lambda v: datetime.date.fromordinal(int(Fraction(v))).isoformat(),
    lambda v: datetime.date.fromordinal(int(Fraction(v))).strftime("%Y年%m月%d日"),
)
Bool = Unit("bool", "是否", _truth, lambda v: bool(v), lambda v: "是" if v else "否")
Text = Unit("text", "文本", _text, lambda v: v, lambda v: str(v))

UNITS = {unit.key: unit for unit in (Fen, Ratio, Number, Years, Count, Months, Age, Month, Days, Day, Bool, Text)}
