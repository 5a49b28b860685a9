"""Writes the city to Parquet: ranges in two processes, each in bounded memory; tables count once all their parts are there."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import django
import polars as pl

from renshe.city.faults import keep_answers
from renshe.city.making import TABLES, employers_table, make, make_whole
from renshe.city.shape import City
from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import Manifest, Part

PROCESSES = 2
Progress = Callable[[int, int], None]
Made = tuple[dict[str, Part], pl.DataFrame]


def _begin() -> None:
    """A worker starts from nothing: Polars must not be forked."""
    django.setup()


def _range(city: City, first: int, last: int) -> Made:
    made, answers = make(city, first, last)
    return {name: writing.write_range(name, frame, first, last) for name, frame in made.items()}, answers


def build(city: City, progress: Progress = lambda done, of: None, processes: int = PROCESSES) -> dict[str, Manifest]:
    """Make the whole city and publish its tables, and the answer key beside them. The same city gives the same files,
    byte for byte."""
    parts, answers = [], []
    ranges = writing.ranges(city.people)
    for one, planted in _ranges(city, ranges, processes):
        parts.append(one)
        answers.append(planted)
        progress(len(parts), len(ranges))
    found = {name: writing.publish(name, [one[name] for one in parts]) for name in TABLES}
    whole, planted_whole = make_whole(city)
    staff = reading.scan("persons").drop_nulls("employer").group_by("employer").len().collect()
    whole["employers"] = employers_table(city, staff)
    found |= {name: writing.write(name, frame) for name, frame in whole.items()}
    keep_answers([*answers, *planted_whole])
    return found


def _ranges(city: City, ranges: list[tuple[int, int]], processes: int):  # type: ignore[no-untyped-def]
    """The parts and answers of each range, in order."""
    if len(ranges) == 1 or processes == 1:
        yield from (_range(city, first, last) for first, last in ranges)
        return
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each process has its core
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_begin) as pool:
        yield from pool.map(_range, *zip(*((city, first, last) for first, last in ranges), strict=True))
