"""Folds monthly contributions into person-years: 300 million rows once, a range at a time, in bounded memory."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import polars as pl

from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import Manifest

Array = np.ndarray
Progress = Callable[[int, int], None]
DECEMBER = 1 << 11
AT_ONCE = 2  # ranges, since each is held in memory


class Unsorted(ValueError):
    """Monthly rows that do not rise strictly by person and month."""


@numba.njit(nogil=True, cache=True)
def _count(person, month):  # type: ignore[no-untyped-def]
    """How many person-years there are; -1-i when row i is out of order."""
    rows, who, start, last = 0, np.int32(-1), np.int32(0), np.int32(0)
    for at in range(person.size):
        if person[at] != who:
            if person[at] < who:
                return -1 - at
            who, start = person[at], month[at] // 12 * 12
            rows += 1
        elif month[at] <= last:
            return -1 - at
        elif month[at] >= start + 12:
            start = month[at] // 12 * 12
            rows += 1
        last = month[at]
    return rows


@numba.njit(nogil=True, cache=True)
def _fold(  # type: ignore[no-untyped-def]
    person, month, base, out_person, out_year, months, paid, base_sum, weighted
):
    """Fills the person-year columns from rows in order; a year is summed up before it is stored."""
    row, who, end = -1, np.int32(-1), np.int32(-1)
    count, bits, total, later = 0, 0, np.int64(0), np.int64(0)
    for at in range(person.size):
        if person[at] != who or month[at] >= end:
            if row >= 0:
                months[row], paid[row], base_sum[row], weighted[row] = count, bits, total, later
            row += 1
            year = month[at] // 12
            who, end = person[at], np.int32(year * 12 + 12)
            out_person[row], out_year[row] = who, year
            count, bits, total, later = 0, 0, np.int64(0), np.int64(0)
        left = end - 1 - month[at]  # months of the year after this one
        count += 1
        bits |= DECEMBER >> left
        total += base[at]
        later += np.int64(base[at]) * left
    if row >= 0:
        months[row], paid[row], base_sum[row], weighted[row] = count, bits, total, later


def years(person: Array, month: Array, base: Array) -> pl.DataFrame:
    """Person-years of rows sorted strictly by person and month (int32 each). Raises Unsorted."""
    rows = _count(person, month)
    if rows < 0:
        raise Unsorted(f"第{-1 - rows}行没有按人员、月份递增排列")
    out = {
        "person": np.empty(rows, np.int32), "year": np.empty(rows, np.int16), "months": np.empty(rows, np.int8),
        "paid_months": np.empty(rows, np.int16), "base_sum": np.empty(rows, np.int64),
        "base_weighted": np.empty(rows, np.int64),
    }
    _fold(person, month, base, *out.values())
    return pl.DataFrame(out)


def by_range(source: str, target: str, work: Callable[[reading.Range], pl.DataFrame], progress: Progress = lambda done, of: None) -> Manifest:
    """Make a table anew from another's ranges: while one is read, another is reckoned. `progress` hears of ranges done and all."""
    todo, parts = reading.ranges(source), []
    with ThreadPoolExecutor(AT_ONCE) as hands:
        for made in hands.map(lambda one: writing.write_range(target, work(one), one.first, one.last), todo):
            parts.append(made)
            progress(len(parts), len(todo))
    return writing.publish(target, parts)


def _years(one: reading.Range) -> pl.DataFrame:
    frame = reading.read(one, ["person", "month", "base"], prove=False)  # the fold proves the order as it goes
    person, month, base = (frame[name].to_numpy() for name in frame.columns)
    return years(person, month, base)


def fold(progress: Progress = lambda done, of: None) -> Manifest:
    """Fold `contributions` whole into `person_years`."""
    return by_range("contributions", "person_years", _years, progress)
