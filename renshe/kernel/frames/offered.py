"""Columns that apps offer about persons, employers, claims (`COLUMNS` in offers.py). Rules read them by name and never learn
who supplies them."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import polars as pl
from django.apps import apps
from django.utils import timezone

from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import Column, table

PERSONS = "persons"
SUBJECTS = {"person": PERSONS, "employer": "employers"}  # the table of subjects that rows kept in this order are about


class NoColumn(LookupError):
    """No column of this name; says which there are."""


@dataclass
class Slice:
    """The tables of the persons (or other subjects) `first` to `last` (excluded), read when asked for and once.

    `on` is the day for which columns are wanted that change with time.
    """

    first: int
    last: int
    on: datetime.date = field(default_factory=timezone.localdate)
    _read: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = field(default_factory=dict)
    _done: dict[Callable[["Slice"], pl.DataFrame], pl.DataFrame] = field(default_factory=dict)

    @property
    def month(self) -> int:
        """The month of `on` (year*12+month-1)."""
        return self.on.year * 12 + self.on.month - 1

    def read(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """The rows of these subjects in a table sorted by them; none when the table was never written. Raises Damaged."""
        key = (name, tuple(columns))
        if key not in self._read:
            by = table(name).key[0]
            wanted = list(dict.fromkeys([by, *columns]))
            here = pl.col(by).is_between(self.first, self.last, closed="left")
            found = [
                frame if self.first <= one.first and one.last <= self.last else frame.filter(here)
                for one, frame in ((one, reading.read(one, wanted)) for one in reading.overlapping(name, self.first, self.last))
            ]
            empty = pl.DataFrame(schema=table(name).schema).select(wanted)
            # Each was proved as it was read, and ranges follow each other.
            self._read[key] = (pl.concat([empty, *found]) if len(found) != 1 else found[0]).set_sorted(by)
        return self._read[key]

    def once(self, work: Callable[["Slice"], pl.DataFrame]) -> pl.DataFrame:
        """What a piece of work makes of this slice, done once for all columns that rest on it."""
        if work not in self._done:
            self._done[work] = work(self)
        return self._done[work]


@dataclass(frozen=True)
class Offered:
    """One column about the rows of a table: what it is, and how it is worked out for a slice: a frame of the table's key and
    the column, one row a key at most. Rows without one get `otherwise` (None: empty)."""

    column: Column
    compute: Callable[[Slice], pl.DataFrame]
    otherwise: int | bool | str | None = None
    table: str = PERSONS


@cache
def offered() -> dict[tuple[str, str], Offered]:
    """Every offered column by table and name."""
    found: dict[tuple[str, str], Offered] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("renshe.") or find_spec(f"{config.name}.offers") is None:
            continue
        for one in getattr(import_module(f"{config.name}.offers"), "COLUMNS", ()):
            name = one.column.name
            if (one.table, name) in found or name in table(one.table).columns:
                raise ValueError(f"column {name} of {one.table} is offered twice")
            found[one.table, name] = one
    return found


def own_columns(about: str = PERSONS) -> dict[str, Column]:
    """The columns of a table, and those offered about its rows."""
    return {**table(about).columns, **{name: one.column for (of, name), one in offered().items() if of == about}}


def subject_of(about: str) -> str:
    """The table of the subjects that a table's rows are about; itself, if they are about no other."""
    return SUBJECTS.get(table(about).key[0], about)


def columns(about: str = PERSONS) -> dict[str, Column]:
    """Every column a rule may read about a row of a table: its own, those offered about it, those of its person or employer."""
    return {**own_columns(subject_of(about)), **own_columns(about)}


def gather(names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The named columns of everybody, with `person`, range by range in order. Raises NoColumn, Absent, Damaged."""
    for one in reading.ranges(PERSONS):
        yield gathered(Slice(one.first, one.last), names)


def gathered(here: Slice, names: Sequence[str], about: str = PERSONS, subjects: pl.DataFrame | None = None) -> pl.DataFrame:
    """The key and the named columns of a table's rows in a slice; columns of their persons (or employers) are taken from
    `subjects`, if given. Raises NoColumn, Damaged."""
    if unknown := sorted(set(names) - set(columns(about))):
        raise NoColumn(f"没有这些列：{'、'.join(unknown)}；可用：{'、'.join(columns(about))}")
    known, mine = table(about), own_columns(about)
    frame = here.read(about, list(dict.fromkeys([*known.key, *(name for name in names if name in known.columns)])))
    for name in names:
        if (about, name) in offered():
            frame = _with(frame, offered()[about, name], here, known.key)
    theirs = [name for name in names if name not in mine]
    if theirs:
        by = known.key[0]
        held = gathered(here, theirs, SUBJECTS[by]) if subjects is None else subjects.select(by, *theirs)
        frame = frame.join(held, on=by, how="left", maintain_order="left")
    return frame.select(*known.key, *[name for name in names if name not in known.key])


def _with(frame: pl.DataFrame, one: Offered, here: Slice, key: Sequence[str]) -> pl.DataFrame:
    name, dtype = one.column.name, one.column.dtype
    made = one.compute(here)
    by = [part for part in key if part in made.columns]
    frame = frame.join(made.select(*by, pl.col(name).cast(dtype)), on=by, how="left", maintain_order="left")
    return frame if one.otherwise is None else frame.with_columns(pl.col(name).fill_null(pl.lit(one.otherwise, dtype)))
