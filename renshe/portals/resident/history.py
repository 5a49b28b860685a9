"""Contributions month by month: the years as a calendar, the gaps between, and the bases as a line."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from renshe.apps.insurance.queries import InsuredMonth
from renshe.kernel.common.money import yuan_label
from renshe.kernel.policy.engine.units import Month

STATES = {"paid": "已参保", "gap": "中断", "before": "参保以前", "ahead": "还没到"}


@dataclass(frozen=True)
class Cell:
    """A month of the calendar: its number, its state and what to read out."""

    number: int
    state: str
    words: str


@dataclass(frozen=True)
class Year:
    """Twelve months and how many of them are insured."""

    year: int
    cells: tuple[Cell, ...]
    insured: int


@dataclass(frozen=True)
class Break:
    """Months without insurance between two insured ones, or up to now (`goes_on`)."""

    first: int
    last: int
    goes_on: bool

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def words(self) -> str:
        span = f"{self.first // 12}年{self.first % 12 + 1}月"
        if self.months > 1:
            span += f"至{self.last // 12}年{self.last % 12 + 1}月"
        return f"{span}，{self.months}个月没有缴费记录{'，到现在还没有接上' if self.goes_on else ''}"


def years(months: Sequence[InsuredMonth], now: int) -> list[Year]:
    """The calendar from the first insured year to this one, newest first."""
    if not months:
        return []
    known, first = {one.month: one for one in months}, months[0].month

    def cell(month: int) -> Cell:
        one = known.get(month)
        state = "paid" if one else "ahead" if month >= now else "before" if month < first else "gap"
        base = f"，基数{yuan_label(one.base_fen)}元" if one and one.base_fen else ""
        return Cell(month % 12 + 1, state, f"{Month.show(month)}：{STATES[state]}{base}")

    found = []
    for year in range(now // 12, first // 12 - 1, -1):
        cells = tuple(cell(year * 12 + number) for number in range(12))
        found.append(Year(year, cells, sum(one.state == "paid" for one in cells)))
    return found


def breaks(months: Sequence[InsuredMonth], now: int) -> list[Break]:
    """Where the months are interrupted, newest first. The current month alone is no break: it may still be reported."""
    found = [
        Break(before.month + 1, after.month - 1, False)
        for before, after in itertools.pairwise(months) if after.month > before.month + 1
    ]
    if months and months[-1].month < now - 1:
        found.append(Break(months[-1].month + 1, now - 1, True))
    return found[::-1]
