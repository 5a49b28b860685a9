"""Writes the city to Parquet: ranges in two processes, each in bounded memory; tables count once all their parts are there."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import django

from renshe.city.making import TABLES, make
from renshe.city.shape import City
from renshe.kernel.frames import writing
from renshe.kernel.frames.manifest import Manifest, Part

PROCESSES = 2
Progress = Callable[[int, int], None]


def _begin() -> None:
    """A worker starts from nothing: Polars must not be forked."""
    django.setup()


def _range(city: City, first: int, last: int) -> dict[str, Part]:
    made = make(city, first, last)
    return {name: writing.write_range(name, frame, first, last) for name, frame in made.items()}


def build(city: City, progress: Progress = lambda done, of: None, processes: int = PROCESSES) -> dict[str, Manifest]:
    """Make the whole city and publish its tables. The same city gives the same files, byte for byte."""
    ranges = writing.ranges(city.people)
    found: dict[str, list[Part]] = {name: [] for name in TABLES}

    def note(parts: dict[str, Part]) -> None:
        for name, part in parts.items():
            found[name].append(part)
        progress(len(found[TABLES[0]]), len(ranges))

    if len(ranges) == 1 or processes == 1:
        for first, last in ranges:
            note(_range(city, first, last))
    else:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each process has its core
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, context, initializer=_begin) as pool:
            for parts in pool.map(_range, *zip(*((city, first, last) for first, last in ranges), strict=True)):
                note(parts)
    return {name: writing.publish(name, parts) for name, parts in found.items()}
