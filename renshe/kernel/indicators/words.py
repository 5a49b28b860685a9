"""A figure in words: exact to those who see its records, by its step to everybody else."""

from collections.abc import Callable
from decimal import Decimal

from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.models import Told


def spoken(row: Told, show: Callable[[Decimal], str], *, counts: bool) -> str:
    """`1,234`; roughly: `少于10`, `约1,235`, and for what is only known from 85 to 100 `85—100`. `counts` says that it is a number of things."""
    if not row.is_rough or row.low is None or row.high is None:
        return show(row.value)
    if row.low <= 0:
        return f"少于{show(row.high + 1)}" if counts else f"不到{show(row.high)}"
    if row.high - row.low > row.high / 10:
        return f"{show(row.low)}—{show(row.high)}"
    return f"约{show(row.value)}"


def said(one: Indicator, row: Told) -> str:
    """A figure as it is printed, without the unit."""
    return spoken(row, one.show, counts=one.counts)
