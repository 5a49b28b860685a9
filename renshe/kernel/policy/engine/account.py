"""The yearly account: a fold over a person's months, so not a column expression but one integer kernel.

Each month books its share of the base, rounded to the fen; each year adds interest on what was held at its start and,
weighted, on what the year brought. The same integers come out of all three forms: `lines` (plain Python, one person,
every year explained), `by_numpy` (the reference over arrays) and `by_numba` (one compiled pass, what the city uses).
A year without a published rate makes the account unknown from then on: null, never carried on as if it were zero.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numba
import numpy as np
import polars as pl
from numpy.typing import NDArray

from renshe.kernel.policy.engine.compile import breaks
from renshe.kernel.policy.engine.explain import Source, Step
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.engine.units import BadInput, Fen, Ratio
from renshe.kernel.policy.engine.values import DatedValue

RATE, SHARE, WEIGHT = "account_interest_rate", "account_share", "in_year_weight"
FIRST, LAST = 1970, 2100  # calendar years the kernel has places for
UNKNOWN = -1
MOST_BASE = 10**9  # fen a month; with 2**31 rows a person no sum comes near int64
SCHEMA = {"person": pl.Int32, "year": pl.Int16, "opening": pl.Int64, "credited": pl.Int64, "interest": pl.Int64, "closing": pl.Int64}

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rates:
    """The law of the account as integers over fixed denominators; UNKNOWN where the law has no value."""

    rate: Ints  # by year since FIRST
    rate_bottom: int
    share: Ints  # by month since January of FIRST
    share_bottom: int
    weighted: Ints  # rate x weight of payments inside the year, by year
    weighted_bottom: int

    @cached_property
    def shares(self) -> list[int]:
        """`share` as Python's own integers, for one person."""
        return [int(one) for one in self.share]

    @cached_property
    def by_year(self) -> list[tuple[int, int]]:
        """`rate` and `weighted` as Python's own integers, for one person."""
        return [(int(rate), int(weighted)) for rate, weighted in zip(self.rate, self.weighted, strict=True)]


@dataclass(frozen=True, slots=True)
class Line:
    """One year of an account, in fen; `None` once a rate is not known."""

    year: int
    opening: int | None
    credited: int | None
    interest: int | None
    closing: int | None


def rates(law: Law) -> Rates:
    """The shares and rates of a law (values `account_interest_rate`, `account_share`, `in_year_weight`)."""
    years, months = range(FIRST, LAST), range(FIRST * 12, LAST * 12)
    rate, share = (_values(law, RATE, "year", years), _values(law, SHARE, "month", months))
    factor = law.values.get(WEIGHT)
    weight = None if factor is None else Fraction(factor.value)
    weighted = [None if one is None or weight is None else one * weight for one in rate]
    rate_top, rate_bottom = _whole(rate)
    share_top, share_bottom = _whole(share)
    weighted_top, weighted_bottom = _whole(weighted)
    return Rates(rate_top, rate_bottom, share_top, share_bottom, weighted_top, weighted_bottom)


def _values(law: Law, name: str, by: str, keys: range) -> list[Fraction | None]:
    starts = breaks(law.timelines[name], by)
    found: list[Fraction | None] = [None] * len(keys)
    for start, after, (_, value) in zip(starts, [*starts[1:], keys.stop], law.timelines[name], strict=True):
        for key in range(max(start, keys.start), min(after, keys.stop)):
            found[key - keys.start] = None if value is None else Fraction(value.value)
    return found


def _whole(values: list[Fraction | None]) -> tuple[Ints, int]:
    bottom = lcm(1, *(value.denominator for value in values if value is not None))
    return np.array([UNKNOWN if value is None else int(value * bottom) for value in values], dtype=np.int64), bottom


def half_up(top: int, bottom: int) -> int:
    """A fraction of a fen to the nearest fen, a half upwards."""
    return (2 * top + bottom) // (2 * bottom)


def lines(law: Rates, rows: Iterable[tuple[int, int]], through: int) -> list[Line]:
    """One person's account year by year from `(month index, base in fen)` rows in order, to the end of `through`."""
    found: list[Line] = []
    held: int | None = 0
    booked: dict[int, int | None] = {}
    shares, bottom, start = law.shares, law.share_bottom, FIRST * 12
    same = under = credit = -1
    for month, base in rows:
        part, year = shares[month - start], month // 12
        if base != same or part != under:  # a base holds for months: divide once, not every month
            same, under, credit = base, part, (2 * base * part + bottom) // (2 * bottom)
        before = booked.get(year, 0)
        booked[year] = None if part == UNKNOWN or before is None else before + credit
    for year in range(min(booked, default=through + 1), through + 1):
        opening, credited = held, booked.get(year, 0)
        rate, weighted = law.by_year[year - FIRST]
        interest = None
        if opening is not None and credited is not None and rate != UNKNOWN and weighted != UNKNOWN:
            interest = half_up(opening * rate, law.rate_bottom) + half_up(credited * weighted, law.weighted_bottom)
            held = opening + credited + interest
        else:
            held = None
        found.append(Line(year, opening, credited, interest, held))
    return found


def account(law: Law, contributions: pl.DataFrame, through: int) -> pl.DataFrame:
    """Every person's account year by year: `person, month, base` sorted by person and month in, `SCHEMA` out.

    Raises BadInput for rows out of order or out of range. Nulls say that a rate or a share is not known.
    """
    who, month, base = (contributions[name].to_numpy() for name in ("person", "month", "base"))
    columns = by_numba(rates(law), who, month, base, through)
    frame = pl.DataFrame(dict(zip(SCHEMA, columns, strict=True)), schema=SCHEMA)
    return frame.with_columns(
        pl.when(pl.col(name) != UNKNOWN).then(pl.col(name)).alias(name)
        for name in ("opening", "credited", "interest", "closing")
    )


def balances(law: Rates, person: Any, month: Any, base: Any, through: int) -> tuple[Any, Any]:
    """Every person and what the account holds at the end of `through`, in fen; UNKNOWN where a rate or a share is not known
    or nothing was paid by then. Raises BadInput as `account` does."""
    columns = by_numba(law, person, month, base, through, each_year=False)
    return columns[0], columns[-1]


def by_numba(law: Rates, person: Any, month: Any, base: Any, through: int, *, each_year: bool = True) -> tuple[Any, ...]:
    """The columns of SCHEMA by one compiled pass, a line a year or only each person's last; UNKNOWN for what is not known."""
    size = persons = _persons(person, month, base, through)
    if each_year:
        starts = np.flatnonzero(np.diff(person, prepend=-1)) if persons else np.empty(0, np.int64)
        size = int(np.maximum(through - month[starts] // 12 + 1, 0).sum())
    out = (np.empty(size, np.int32), np.empty(size, np.int16), *(np.full(size, UNKNOWN, np.int64) for _ in range(4)))
    _roll(
        person, month, base, through, each_year, law.rate, law.rate_bottom, law.share, law.share_bottom, law.weighted,
        law.weighted_bottom, *out,
    )
    return out


def _persons(person: Any, month: Any, base: Any, through: int) -> int:
    """How many persons the rows are of. Raises BadInput for rows out of order or out of range."""
    if not FIRST <= through < LAST:
        raise BadInput(f"计息到{through}年：须在{FIRST}年至{LAST - 1}年之间")
    persons, unsorted, no_month, no_base = _looked_at(person, month, base)
    if unsorted:
        rising = (np.diff(person) > 0) | ((np.diff(person) == 0) & (np.diff(month) > 0))
        raise BadInput(f"第{int(np.argmin(rising)) + 1}行没有按人员、月份递增排列")
    if no_month:
        raise BadInput(f"缴费月份须在{FIRST}年至{LAST - 1}年之间")
    if no_base:
        raise BadInput(f"缴费基数须在0至{Fen.show(MOST_BASE)}之间")
    return int(persons)


@numba.njit(nogil=True, cache=True)
def _looked_at(person, month, base):  # type: ignore[no-untyped-def]
    """Persons, and how many rows are out of order, of no month there is, of no base there is. Without a branch, so that the
    processor takes several rows at a time."""
    persons, unsorted, no_month, no_base = int(person.size > 0), 0, 0, 0
    for at in range(1, person.size):
        same = person[at] == person[at - 1]
        persons += not same
        unsorted += (person[at] < person[at - 1]) | (same & (month[at] <= month[at - 1]))
    for at in range(person.size):
        no_month += (month[at] < FIRST * 12) | (month[at] >= LAST * 12)
        no_base += (base[at] < 0) | (base[at] > MOST_BASE)
    return persons, unsorted, no_month, no_base


@numba.njit(nogil=True, cache=True)
def _roll(  # type: ignore[no-untyped-def]
    person, month, base, through, each_year, rate, rate_bottom, share, share_bottom, weighted, weighted_bottom,
    out_person, out_year, opening, credited, interest, closing,
):
    line, at = 0, 0
    same, under, credit = np.int64(UNKNOWN), np.int64(UNKNOWN), np.int64(0)
    while at < person.size:
        who, year, held = person[at], month[at] // 12, np.int64(0)
        if not each_year:
            out_person[line] = who
        while year <= through or (at < person.size and person[at] == who):
            booked, end = np.int64(0), year * 12 + 12
            while at < person.size and person[at] == who and month[at] < end:
                part = share[month[at] - FIRST * 12]
                if part == UNKNOWN or booked == UNKNOWN:
                    booked = np.int64(UNKNOWN)
                else:
                    if base[at] != same or part != under:  # a base holds for months: divide once, not every month
                        same, under = np.int64(base[at]), part
                        credit = (2 * same * part + share_bottom) // (2 * share_bottom)
                    booked += credit
                at += 1
            if year <= through:
                earned, after = np.int64(UNKNOWN), np.int64(UNKNOWN)
                if held != UNKNOWN and booked != UNKNOWN and rate[year - FIRST] != UNKNOWN and weighted[year - FIRST] != UNKNOWN:
                    earned = (2 * held * rate[year - FIRST] + rate_bottom) // (2 * rate_bottom)
                    earned += (2 * booked * weighted[year - FIRST] + weighted_bottom) // (2 * weighted_bottom)
                    after = held + booked + earned
                out_person[line], out_year[line] = who, year
                opening[line], credited[line], interest[line], closing[line] = held, booked, earned, after
                held = after
                line += each_year
            year += 1
        line += not each_year


def by_numpy(law: Rates, person: Any, month: Any, base: Any, through: int) -> tuple[Any, ...]:
    """The columns of SCHEMA year by year over all persons at once: the reference the compiled pass is held to."""
    who, first = np.unique(person, return_index=True)
    begun = month[first] // 12
    place = np.searchsorted(who, person)
    part = law.share[month - FIRST * 12]
    booked = np.where(part == UNKNOWN, 0, (2 * base.astype(np.int64) * part + law.share_bottom) // (2 * law.share_bottom))
    held = np.zeros(who.size, np.int64)
    made = []
    for year in range(int(begun.min()) if who.size else through + 1, through + 1):
        inside = month // 12 == year
        credited = np.zeros(who.size, np.int64)
        np.add.at(credited, place[inside], booked[inside])
        credited[place[inside & (part == UNKNOWN)]] = UNKNOWN
        rate, weighted = law.rate[year - FIRST], law.weighted[year - FIRST]
        known = (held != UNKNOWN) & (credited != UNKNOWN) & (rate != UNKNOWN) & (weighted != UNKNOWN)
        earned = (2 * held * rate + law.rate_bottom) // (2 * law.rate_bottom)
        earned += (2 * credited * weighted + law.weighted_bottom) // (2 * law.weighted_bottom)
        earned = np.where(known, earned, UNKNOWN)
        after = np.where(known, held + credited + earned, UNKNOWN)
        on = begun <= year
        made.append((who[on], np.full(on.sum(), year), held[on], credited[on], earned[on], after[on]))
        held = np.where(on, after, 0)
    if not made:
        return tuple(np.empty(0, np.int64) for _ in SCHEMA)
    columns = [np.concatenate([year[number] for year in made]) for number in range(len(SCHEMA))]
    order = np.lexsort((columns[1], columns[0]))
    return tuple(column[order] for column in columns)


def explained(law: Law, found: Iterable[Line]) -> list[Step]:
    """The lines of an account as steps: words, the numbers put in, articles, and where each rate comes from."""
    rule = law.rules["closing_balance"]
    words = "年初储存额 ＋ 年初储存额 × 记账利率 ＋ 当年记入 ＋ 当年记入 × 记账利率 × 当年计息系数"
    weight = law.values.get(WEIGHT)
    weight_shown = "" if weight is None else Ratio.show(weight.value)
    weight_source = () if weight is None else (_source(law, WEIGHT, weight),)
    steps = []
    for line in found:
        rate = next((value for day, value in reversed(law.timelines[RATE]) if day.year <= line.year), None)
        sources = weight_source if rate is None else (_source(law, RATE, rate), *weight_source)
        if line.opening is None or line.credited is None or line.closing is None or rate is None or weight is None:
            numbers, result = f"{line.year}年的记账利率或记账比例没有公布", "待定"
        else:
            held, booked, percent = Fen.show(line.opening), Fen.show(line.credited), Ratio.show(rate.value)
            numbers = f"{held} ＋ {held} × {percent} ＋ {booked} ＋ {booked} × {percent} × {weight_shown}"
            result = Fen.show(line.closing)
        steps.append(Step(
            f"account_{line.year}", f"{line.year}年末储存额", words, numbers, result, "fen", rule.article,
            "两项利息分别四舍五入到分", "", sources,
        ))
    return steps


def _source(law: Law, name: str, value: DatedValue) -> Source:
    parameter = law.policy.parameters[name]
    since = value.since.isoformat() if value.since > datetime.date.min else ""
    return Source(
        parameter.label, parameter.unit.show(value.value), value.source, since, value.certainty, value.is_certain,
    )
