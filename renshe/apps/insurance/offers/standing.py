"""A life of contributions folded once from the monthly rows: months paid, average index, account with interest.

Integers throughout: the index is summed in thousand-millionths, each year's part rounded down, so the sum lies within one a
year of the exact one; where that leaves the fourth decimal open, the person is reckoned again with fractions.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numba
import numpy as np
import polars as pl

from renshe.kernel.frames import folding, reading
from renshe.kernel.frames.manifest import folder, manifest, settle
from renshe.kernel.policy.engine.account import FIRST, LAST, UNKNOWN, Rates, balances, rates
from renshe.kernel.policy.engine.compile import breaks
from renshe.kernel.policy.engine.policy import Law
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies

PLACE, NAME, MARK = "330800", "standings", "law.json"
FINE, SHOWN = 10**9, 10**4
Array = np.ndarray


@numba.njit(nogil=True, cache=True)
def _index(person, month, base, wage, cap, months, total, parts):  # type: ignore[no-untyped-def]
    """Per person: months with a base, the sum of yearly indices in thousand-millionths (-1: a wage is unknown), how many years."""
    row, at = -1, 0
    while at < person.size:
        who, row = person[at], row + 1
        while at < person.size and person[at] == who:
            year, booked = month[at] // 12, np.int64(0)
            known, end = wage[year - 1 - FIRST], year * 12 + 12
            most = cap * known
            while at < person.size and person[at] == who and month[at] < end:
                booked += min(np.int64(base[at]), most)
                months[row] += base[at] > 0
                at += 1
            if known <= 0 or total[row] < 0:
                total[row] = -1
            else:
                total[row] += booked * FINE // known
                parts[row] += 1


@dataclass(frozen=True, eq=False)
class Terms:
    """What the fold takes from the law: the reference wage in fen by year since FIRST (0: not known), the cap as a whole number
    of wages, and the rates of the account."""

    wage: Array
    cap: int
    account: Rates


def terms(index_law: Law, account_law: Law) -> Terms:
    """The terms of `contribution_index` and `account_interest` as they stand. Raises ValueError for a broken cap."""
    law = index_law
    found, line = np.zeros(LAST - FIRST, np.int64), law.timelines["reference_wage"]
    starts = breaks(line, "year")
    for start, after, (_, value) in zip(starts, [*starts[1:], LAST], line, strict=True):
        found[max(start, FIRST) - FIRST:min(after, LAST) - FIRST] = int(value.value) if value else 0
    cap = Fraction(law.values["index_cap"].value)
    if cap.denominator != 1:
        raise ValueError("缴费指数上限不是整数倍，折算不适用")
    return Terms(found, int(cap), rates(account_law))


def standing(person: Array, month: Array, base: Array, law: Terms, through: int) -> pl.DataFrame:
    """Standings of rows sorted by person and month (int32 each), accounts to the end of `through`."""
    who, balance = balances(law.account, person, month, base, through)  # proves the order too
    months, total, parts = np.zeros(who.size, np.int32), np.zeros(who.size, np.int64), np.zeros(who.size, np.int32)
    _index(person, month, base, law.wage, law.cap, months, total, parts)
    below = np.maximum(months, 1)
    index = np.where((total >= 0) & (months > 0), _half_up(total, below), -1)
    open_ones = np.flatnonzero((total >= 0) & (_half_up(total, below) != _half_up(total + parts, below)))
    for row in open_ones:
        inside = slice(*np.searchsorted(person, [who[row], who[row] + 1]))
        index[row] = _exactly(month[inside], base[inside], law.wage, law.cap, int(months[row]))
    balance[month[np.searchsorted(person, who)] // 12 > through] = 0  # whoever began later has nothing in the account yet
    made = pl.DataFrame({"person": who, "paid_months": months, "avg_index": index.astype(np.int32), "balance": balance})
    return made.with_columns(
        pl.when(pl.col("avg_index") >= 0).then("avg_index").alias("avg_index"),
        pl.when(pl.col("balance") != UNKNOWN).then("balance").alias("balance"),
        pl.lit(through, pl.Int16).alias("through"),
    )


def _half_up(total: Array, months: Array) -> Any:
    """The average in ten-thousandths, half up, of a sum in thousand-millionths."""
    step = FINE // SHOWN
    return (2 * total + step * months) // (2 * step * months)


def _exactly(month: Array, base: Array, wage: Array, cap: int, months: int) -> int:
    total = sum((
        min(Fraction(int(one), int(wage[int(at) // 12 - 1 - FIRST])), Fraction(cap)) for at, one in zip(month, base, strict=True)
    ), Fraction(0))
    average = total / months * SHOWN
    return (2 * average.numerator + average.denominator) // (2 * average.denominator)


def _laws(on: datetime.date) -> tuple[Law, Law]:
    return (
        policies()["contribution_index"].law(on, PLACE, entered(PLACE)),
        policies()["account_interest"].law(on, PLACE, entered(PLACE)),
    )


def _state(on: datetime.date) -> bytes:
    """What the standings follow from: the rows and the law."""
    index, interest = _laws(on)
    held = [part.sha256 for part in manifest("contributions").parts]
    said = [held, index.version, interest.version, [str(one) for _, one in entered(PLACE)], through(on)]
    return json.dumps(said, ensure_ascii=False).encode()


def through(on: datetime.date) -> int:
    """Accounts carry interest to the end of the year before."""
    return on.year - 1


def _mark() -> Path:
    return folder(NAME) / MARK


def is_current(on: datetime.date) -> bool:
    """Whether the standings follow from the rows and the law as they are."""
    return not manifest("contributions").parts or (_mark().exists() and _mark().read_bytes() == _state(on))


def fold(on: datetime.date, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Fold `contributions` whole into `standings`."""
    state, law, year = _state(on), terms(*_laws(on)), through(on)

    def work(one: reading.Range) -> pl.DataFrame:
        frame = reading.read(one, ["person", "month", "base"], prove=False)  # the account proves the order as it goes
        person, month, base = (frame[name].to_numpy() for name in frame.columns)
        return standing(person, month, base, law, year)

    folding.by_range("contributions", NAME, work, progress)
    settle(_mark(), state)
