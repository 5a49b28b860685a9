"""Folds monthly contributions into person-years: 300 million rows once, a range at a time, in bounded memory."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import polars as pl

from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import Manifest, Part

WORKERS = 2
Array = np.ndarray


class Unsorted(ValueError):
    """Monthly rows that do not rise strictly by person and month."""


@numba.njit(nogil=True, cache=True)
def _fold(  # type: ignore[no-untyped-def]
    person, month, base, out_person, out_year, months, paid, base_sum, weighted
):
    """Fills the person-year columns; returns how many rows they have, or -1-i when row i is out of order."""
    rows, last_person, last_month, year, start = 0, -1, -1, -1, 0
    for at in range(person.size):
        who, when = person[at], month[at]
        if who != last_person:
            if who < last_person:
                return -1 - at
        elif when <= last_month:
            return -1 - at
        if who != last_person or when >= start + 12:
            year = when // 12
            start = year * 12
            out_person[rows], out_year[rows] = who, year
            months[rows], paid[rows], base_sum[rows], weighted[rows] = 0, 0, 0, 0
            rows += 1
        place = when - start
        now = rows - 1
        months[now] += 1
        paid[now] |= 1 << place
        base_sum[now] += base[at]
        weighted[now] += np.int64(base[at]) * (11 - place)
        last_person, last_month = who, when
    return rows


def years(person: Array, month: Array, base: Array) -> pl.DataFrame:
    """Person-years of rows sorted strictly by person and month (int32 each). Raises Unsorted."""
    # Years begin where the person or the calendar year changes: counted first, so that nothing is allocated in vain.
    year = month // 12
    size = int(np.count_nonzero((person[1:] != person[:-1]) | (year[1:] != year[:-1]))) + min(person.size, 1)
    out = (
        np.empty(size, np.int32), np.empty(size, np.int16), np.empty(size, np.int8), np.empty(size, np.int16),
        np.empty(size, np.int64), np.empty(size, np.int64),
    )
    rows = _fold(person, month, base, *out)
    if rows < 0:
        raise Unsorted(f"第{-1 - rows}行没有按人员、月份递增排列")
    names = ("person", "year", "months", "paid_months", "base_sum", "base_weighted")
    return pl.DataFrame(dict(zip(names, out, strict=True)))


def fold_range(one: reading.Range) -> Part:
    """Fold one range and write it."""
    frame = reading.read(one, ["person", "month", "base"], prove=False)  # the fold proves the order as it goes
    columns = (frame[name].to_numpy() for name in ("person", "month", "base"))
    return writing.write_range("person_years", years(*columns), one.first, one.last)


def fold(progress: Callable[[int, int], None] = lambda done, of: None) -> Manifest:
    """Fold `contributions` whole into `person_years`; calls `progress` with ranges done and ranges in all."""
    todo = reading.ranges("contributions")
    parts = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for part in pool.map(fold_range, todo):
            parts.append(part)
            progress(len(parts), len(todo))
    return writing.publish("person_years", parts)
