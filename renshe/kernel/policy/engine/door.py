"""The door of the column form: columns of a frame as exact inputs. No floats, so no NaN; out of range is unknown."""

import datetime
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import polars as pl

from renshe.kernel.policy.engine.cells import Cell, NoColumns, Plan, Share, literal, times
from renshe.kernel.policy.engine.inputs import Input
from renshe.kernel.policy.engine.lines import FRACTIONAL
from renshe.kernel.policy.engine.units import Exact, month_index

EPOCH = 719163  # the ordinal of 1970-01-01, from which Polars counts days
DENOMINATORS = 10**6  # likewise
BOUNDS: dict[str, tuple[int, int]] = {  # what an input without a declared range is planned for; rows beyond go one by one
    "fen": (-(10**11), 10**11), "count": (-(10**6), 10**6), "months": (-(10**5), 10**5), "age": (0, 3600),
    "month": (12, 119999), "days": (-(10**6), 10**6), "day": (1, 3652059), "ratio": (-(10**9), 10**9),
    "number": (-(10**9), 10**9), "years": (-(10**9), 10**9),
}


@dataclass(frozen=True)
class Entry:
    """An input as read: its number (or text), and which rows lie beyond what is planned for."""

    share: Share
    beyond: pl.Expr


def enter(plan: Plan, declared: Input, dtype: pl.DataType) -> Entry:
    """A column as an input. Values the policy does not accept become null: unknown. Raises NoColumns for a wrong type."""
    column = pl.col(declared.name)
    unit = declared.unit.key
    if declared.many:
        raise NoColumns(f"输入 {declared.name} 是列表，没有按列计算的形式")
    if unit in ("text", "bool"):
        accepted = (pl.String, pl.Categorical, pl.Enum) if unit == "text" else (pl.Boolean,)
        if not isinstance(dtype, accepted):
            raise _wrong(declared, dtype)
        text = column.cast(pl.String) if unit == "text" else column
        fine = text.is_in(list(declared.choices)) if declared.choices else pl.lit(True)
        default = declared.default if isinstance(declared.default, str | bool) else None
        return Entry(Share(plan.named(Cell(_accepted(text, fine, default)))), pl.lit(False))
    top, bottom = _number(declared, dtype)
    if unit not in FRACTIONAL:
        return _bounded(plan, declared, top, 1)
    if isinstance(bottom, int):
        return _bounded(plan, declared, top, bottom)
    return _over(plan, declared, top, bottom)


def _wrong(declared: Input, dtype: pl.DataType) -> NoColumns:
    return NoColumns(
        f"列 {declared.name}（{declared.label}）的类型是{dtype}：金额、月数等须为整数，比例须为整数、Decimal 或 "
        "{top, bottom} 结构，不能是浮点数"
    )


def _number(declared: Input, dtype: pl.DataType) -> tuple[pl.Expr, "int | pl.Expr"]:
    column = pl.col(declared.name)
    if dtype.is_integer():
        return column.cast(pl.Int64, strict=False), 1
    if isinstance(dtype, pl.Date) and declared.unit.key == "day":
        return column.cast(pl.Int32).cast(pl.Int64) + EPOCH, 1
    if isinstance(dtype, pl.Date) and declared.unit.key == "month":
        return column.dt.year().cast(pl.Int64) * 12 + column.dt.month().cast(pl.Int64) - 1, 1
    if declared.unit.key in FRACTIONAL:
        if isinstance(dtype, pl.Decimal):
            return column.to_physical().cast(pl.Int64, strict=False), 10**dtype.scale
        if isinstance(dtype, pl.Struct) and {field.name for field in dtype.fields} == {"top", "bottom"}:
            top, bottom = column.struct.field("top"), column.struct.field("bottom")
            if all(field.dtype.is_integer() for field in dtype.fields):
                return top.cast(pl.Int64, strict=False), bottom.cast(pl.Int64, strict=False)
    raise _wrong(declared, dtype)


def _scaled(value: Exact | None, bottom: int) -> Fraction | None:
    return None if value is None else Fraction(value) * bottom


def _accepted(column: pl.Expr, fine: pl.Expr, default: int | str | bool | None) -> pl.Expr:
    """The default where nothing is said, null where what is said is not accepted."""
    if default is None:
        return pl.when(fine).then(column)
    return pl.when(column.is_null()).then(pl.lit(default)).when(fine).then(column)


def _bounded(plan: Plan, declared: Input, column: pl.Expr, bottom: int) -> Entry:
    low, high = BOUNDS[declared.unit.key]
    least, most = _scaled(declared.least, bottom), _scaled(declared.most, bottom)
    fine, beyond = pl.lit(True), pl.lit(False)
    if least is None:
        beyond |= column < low
    else:
        low, fine = ceil(least), column >= ceil(least)
    if most is None:
        high = max(low, high)
        beyond |= column > high
    else:
        high, fine = floor(most), fine & (column <= floor(most))
    default = declared.default if isinstance(declared.default, int | Fraction) else None
    if default is not None:
        number = Fraction(default) * bottom
        if number.denominator != 1:
            raise NoColumns(f"列 {declared.name} 的小数位数不足以表示缺省值")
        default = int(number)
        low, high = min(low, default), max(high, default)
    read = plan.named(Cell(_accepted(column, fine & ~beyond, default), 0, low, high))
    return Entry(Share(read, bottom), beyond & fine)


def _over(plan: Plan, declared: Input, column: pl.Expr, under: pl.Expr) -> Entry:
    """A number over a denominator that differs from row to row."""
    low, high = BOUNDS[declared.unit.key]
    beyond = (column < low) | (column > high) | (under > DENOMINATORS)
    fine = under > 0
    for limit, sign in ((declared.least, 1), (declared.most, -1)):
        if limit is not None:
            number = Fraction(limit)
            left = times(Cell(column, 0, low, high), literal(number.denominator * sign))
            right = times(Cell(under, 0, 1, DENOMINATORS), literal(number.numerator * sign))
            fine &= left.expr >= right.expr
    default = Fraction(declared.default) if isinstance(declared.default, int | Fraction) else None
    absent = column.is_null() | under.is_null()
    top, bottom = pl.when(absent), pl.when(absent)
    first, second = (None, None) if default is None else (default.numerator, default.denominator)
    read = top.then(pl.lit(first, dtype=pl.Int64)).when(fine & ~beyond).then(column)
    below = bottom.then(pl.lit(second, dtype=pl.Int64)).when(fine & ~beyond).then(under)
    if default is not None:
        low, high = min(low, default.numerator), max(high, default.numerator)
    return Entry(
        Share(plan.named(Cell(read, 0, low, high)), plan.named(Cell(below, 0, 1, DENOMINATORS))), beyond & (under > 0)
    )


def fact(declared: Input, value: object) -> Exact | None:
    """One raw value of a column as an exact input, for rows judged one by one; None where it is not accepted."""
    if value is None:
        return declared.default if isinstance(declared.default, int | str | bool | Fraction) else None
    if isinstance(value, dict):
        if value["top"] is None or value["bottom"] is None or value["bottom"] <= 0:
            return None
        value = Fraction(value["top"], value["bottom"])
    elif isinstance(value, datetime.date):
        value = value.toordinal() if declared.unit.key == "day" else month_index(value)
    elif declared.unit.key in FRACTIONAL:
        value = Fraction(str(value))
    assert isinstance(value, int | str | bool | Fraction)
    return value if declared.is_accepted(value) else None
