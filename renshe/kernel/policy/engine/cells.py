"""Exact integers as Polars columns, with the bounds they cannot leave.

Polars wraps a number that is too large without a word. So every expression carries the least and the greatest value it
can take; where int64 would not hold them it is worked out in int128, and what int128 would not hold is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import polars as pl

from renshe.kernel.policy.engine.rounding import Rounding
from renshe.kernel.policy.engine.tree import FormulaError
from renshe.kernel.policy.engine.units import Exact

NARROW, WIDE = 2**63 - 1, 2**127 - 1


class NoColumns(FormulaError):
    """A policy, or a frame, that has no column form; the message says why."""


@dataclass(frozen=True, eq=False)
class Cell:
    """An expression over columns of earlier levels. Bounds mean nothing for text and for true or false."""

    expr: pl.Expr
    level: int = 0
    low: int = 0
    high: int = 0
    is_leaf: bool = False
    is_wide: bool = False
    value: int | None = None


@dataclass(frozen=True, eq=False)
class Share:
    """A number as numerator over a positive denominator, which is an int while it is the same in every row."""

    top: Cell
    bottom: "int | Cell" = 1


def literal(value: int) -> Cell:
    """A number written into the plan. Raises NoColumns where even int128 is too small for it."""
    wide = _bounded(value, value)
    return Cell(pl.lit(value, dtype=pl.Int128 if wide else pl.Int64), 0, value, value, True, wide, value)


def _bounded(low: int, high: int) -> bool:
    """Whether bounds need int128. Raises NoColumns where even that is too small."""
    if max(-low, high) > WIDE:
        raise NoColumns("数值可能超出128位整数，不能按列计算：请为输入声明 least 和 most")
    return max(-low, high) > NARROW


def _combined(one: Cell, other: Cell, low: int, high: int, made: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Cell:
    wide = _bounded(low, high) or one.is_wide or other.is_wide
    left, right = (cell.expr.cast(pl.Int128) if wide and not cell.is_wide else cell.expr for cell in (one, other))
    return Cell(made(left, right), max(one.level, other.level), low, high, False, wide)


def plus(one: Cell, other: Cell) -> Cell:
    return _combined(one, other, one.low + other.low, one.high + other.high, lambda left, right: left + right)


def minus(one: Cell, other: Cell) -> Cell:
    return _combined(one, other, one.low - other.high, one.high - other.low, lambda left, right: left - right)


def times(one: Cell, other: Cell) -> Cell:
    if one.value is not None and other.value is not None:
        return literal(one.value * other.value)
    if one.value == 1:
        return other
    if other.value == 1:
        return one
    corners = [left * right for left in (one.low, one.high) for right in (other.low, other.high)]
    return _combined(one, other, min(corners), max(corners), lambda left, right: left * right)


def floor_divided(one: Cell, other: Cell) -> Cell:
    """Floor of `one / other`; `other` is never zero or negative (see `positive`), or the row is null."""
    least = max(other.low, 1)
    corners = [left // right for left in (one.low, one.high) for right in (least, max(other.high, least))]
    return _combined(one, other, min(corners), max(corners), lambda left, right: left // right)


def chosen(test: pl.Expr, one: Cell, other: Cell, level: int, *, may_be_null: bool) -> Cell:
    """`one` where the test holds, else `other`; null where the test itself is null, which Polars alone would not do."""
    wide = one.is_wide or other.is_wide
    left, right = (
        cell.expr.cast(pl.Int128) if wide and not cell.is_wide else cell.expr for cell in (one, other)
    )
    if may_be_null:
        expr = pl.when(test.is_null()).then(None).when(test).then(left).otherwise(right)
    else:
        expr = pl.when(test).then(left).otherwise(right)
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Cell(expr, max(one.level, other.level, level), low, high, False, wide)


class Plan:
    """Named columns by level; each level may use those before it. One `with_columns` a level."""

    def __init__(self) -> None:
        self.levels: list[list[pl.Expr]] = []
        self.made = 0

    def named(self, cell: Cell) -> Cell:
        """The cell as a column of its own, so that using it twice does not work it out twice."""
        if cell.is_leaf:
            return cell
        self.made += 1
        name = f"§{self.made}"
        while len(self.levels) <= cell.level:
            self.levels.append([])
        narrow = cell.is_wide and max(-cell.low, cell.high) <= NARROW
        self.levels[cell.level].append((cell.expr.cast(pl.Int64, strict=False) if narrow else cell.expr).alias(name))
        return Cell(pl.col(name), cell.level + 1, cell.low, cell.high, True, cell.is_wide and not narrow)

    def common(self, one: Share, other: Share) -> tuple[Cell, Cell, int | Cell]:
        """Two numbers over the same denominator: both numerators, and it."""
        if one.bottom is other.bottom or one.bottom == other.bottom:
            return one.top, other.top, one.bottom
        below, beside = self.bottom(one), self.bottom(other)
        bottom = times(below, beside)
        return times(one.top, beside), times(other.top, below), self.denominator(bottom)

    def bottom(self, share: Share) -> Cell:
        return literal(share.bottom) if isinstance(share.bottom, int) else share.bottom

    def denominator(self, cell: Cell) -> int | Cell:
        return cell.value if cell.value is not None else self.named(cell)

    def constant(self, value: Exact) -> Share:
        if isinstance(value, bool | str):
            return Share(Cell(pl.lit(value), is_leaf=True))
        if isinstance(value, Fraction):
            return Share(literal(value.numerator), value.denominator)
        return Share(literal(value))

    def arithmetic(self, operator: str, left: Share, right: Share) -> Share:
        if operator in "+-":
            one, other, bottom = self.common(left, right)
            return Share(plus(one, other) if operator == "+" else minus(one, other), bottom)
        if operator == "*":
            bottom = self.denominator(times(self.bottom(left), self.bottom(right)))
            return Share(times(left.top, right.top), bottom)
        over = times(left.top, self.bottom(right))
        under = times(right.top, self.bottom(left))
        if under.value is None or under.value <= 0:
            under = self.named(under)
            sign = under.expr.sign().cast(pl.Int64)
            over = self.named(over)
            over = times(over, Cell(sign, under.level, -1, 1)) if under.low < 0 else over
            most = max(abs(under.low), abs(under.high), 1)
            positive = pl.when(under.expr != 0).then(under.expr.abs())
            under = self.named(Cell(positive, under.level, 1, most, False, under.is_wide))
        if operator == "/":
            if under.value is None:
                known = pl.when(under.expr.is_not_null()).then(over.expr)
                over = Cell(known, max(over.level, under.level), over.low, over.high, False, over.is_wide)
            return Share(over, self.denominator(under))
        if operator == "//":
            return Share(floor_divided(over, under))
        quotient = floor_divided(self.named(over), under)
        return self.arithmetic("-", left, self.arithmetic("*", right, Share(self.named(quotient))))

    def compared(self, operator: str, left: Share, right: Share) -> Share:
        one, other, _ = self.common(left, right)
        wide = one.is_wide or other.is_wide
        first, second = (
            cell.expr.cast(pl.Int128) if wide and not cell.is_wide else cell.expr for cell in (one, other)
        )
        made = {
            "<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second,
            "==": first == second, "!=": first != second,
        }[operator]
        return Share(Cell(made, max(one.level, other.level)))

    def branches(self, test: Cell, one: Share, other: Share, *, may_be_null: bool) -> Share:
        if isinstance(one.bottom, int) and isinstance(other.bottom, int):
            bottom = lcm(one.bottom, other.bottom)
            first = times(one.top, literal(bottom // one.bottom)) if bottom != one.bottom else one.top
            second = times(other.top, literal(bottom // other.bottom)) if bottom != other.bottom else other.top
            return Share(chosen(test.expr, first, second, test.level, may_be_null=may_be_null), bottom)
        test = self.named(test)
        first, second = self.bottom(one), self.bottom(other)
        top = chosen(test.expr, one.top, other.top, test.level, may_be_null=may_be_null)
        below = chosen(test.expr, first, second, test.level, may_be_null=may_be_null)
        return Share(top, self.named(below))

    def rounded(self, share: Share, rounding: Rounding) -> Share:
        """Integers only: half up is floor of (2n+d)/2d, up is the negated floor of the negative."""
        scale, step = 10 ** max(rounding.places, 0), 10 ** max(-rounding.places, 0)
        top = times(share.top, literal(scale))
        bottom = times(self.bottom(share), literal(step))
        two, zero = literal(2), literal(0)
        if rounding.way == "half_up":
            whole = floor_divided(plus(times(two, top), bottom), times(two, bottom))
        elif rounding.way == "up":
            whole = minus(zero, floor_divided(minus(zero, top), bottom))
        else:
            whole = floor_divided(top, bottom)
        return Share(times(whole, literal(step)), scale)

    def read(self, rows: dict[int | str, Exact], key: Cell) -> Share:
        """A row by key; null where there is none."""
        values = list(rows.values())
        if any(isinstance(value, str | bool) for value in values):
            dtype = pl.Boolean() if isinstance(values[0], bool) else pl.String()
            return Share(Cell(key.expr.replace_strict(list(rows), values, default=None, return_dtype=dtype), key.level))
        bottom = lcm(1, *(Fraction(value).denominator for value in values))
        tops = [int(Fraction(value) * bottom) for value in values]
        if not tops:
            return Share(Cell(pl.lit(None, dtype=pl.Int64), key.level))
        found = key.expr.replace_strict(list(rows), tops, default=None, return_dtype=pl.Int64)
        return Share(self.named(Cell(found, key.level, min(tops), max(tops))), bottom)
