"""Writes the city to Parquet: ranges in two processes, each in bounded memory; tables count once all their parts are there."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import django
import polars as pl

from renshe.city import filings
from renshe.city.dice import Array
from renshe.city.faults import keep_answers
from renshe.city.making import TABLES, Made, employers_table, make, make_whole
from renshe.city.shape import City
from renshe.kernel.frames import reading, writing
from renshe.kernel.frames.manifest import Manifest, Part

PROCESSES = 2
Progress = Callable[[int, int], None]
Written = tuple[dict[str, Part], pl.DataFrame]


def build(city: City, progress: Progress = lambda done, of: None, processes: int = PROCESSES) -> dict[str, Manifest]:
    """Make the whole city and publish its tables, and the answer key beside them. The same city gives the same files,
    byte for byte."""
    written = []
    ranges = writing.ranges(city.people)
    for one in _ranges(city, ranges, processes):
        written.append(one)
        progress(len(written), len(ranges))
    return publish(city, written)


def write(made: Made) -> Written:
    """Write one range's tables as parts."""
    first = made.people.first
    last = first + made.people.size
    return {name: writing.write_range(name, frame, first, last) for name, frame in made.tables.items()}, made.answers


def publish(city: City, written: list[Written], employer_ids: Array | None = None) -> dict[str, Manifest]:
    """Make the parts the city's tables, add the tables that are no person's, and keep the answer key."""
    found = {name: writing.publish(name, [parts[name] for parts, _ in written]) for name in TABLES}
    whole, planted = make_whole(city)
    staff = reading.scan("persons").drop_nulls("employer").group_by("employer").len().collect()
    whole["employers"] = employers_table(city, staff, employer_ids)
    whole |= filings.tables(city, staff.join(_payroll(), on="employer"))
    found |= {name: writing.write(name, frame) for name, frame in whole.items()}
    keep_answers([*(answers for _, answers in written), *planted])
    return found


def _payroll() -> pl.DataFrame:
    """Each employer's monthly wages (fen) of spells that go on."""
    running = reading.scan("spells").filter(pl.col("until").is_null(), pl.col("pension")).drop_nulls("employer")
    return running.group_by("employer").agg(pl.col("wage").cast(pl.Int64).sum().alias("payroll")).collect()


def _begin() -> None:
    """A worker starts from nothing: Polars must not be forked."""
    django.setup()


def _range(city: City, first: int, last: int) -> Written:
    return write(make(city, first, last))


def _ranges(city: City, ranges: list[tuple[int, int]], processes: int) -> Iterator[Written]:
    """The parts and answers of each range, in order."""
    if len(ranges) == 1 or processes == 1:
        yield from (_range(city, first, last) for first, last in ranges)
        return
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each process has its core
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_begin) as pool:
        yield from pool.map(_range, *zip(*((city, first, last) for first, last in ranges), strict=True))
