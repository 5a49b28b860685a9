"""Columns that apps offer about every person (`COLUMNS` in offers.py). Rules read them by name and never learn who supplies them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import polars as pl
from django.apps import apps

from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import Column, table


class NoColumn(LookupError):
    """No column of this name; says which there are."""


@dataclass
class Slice:
    """The tables of the persons `first` to `last` (excluded), read when asked for and once."""

    first: int
    last: int
    _read: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = field(default_factory=dict)
    _done: dict[Callable[["Slice"], pl.DataFrame], pl.DataFrame] = field(default_factory=dict)

    def read(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """These persons' rows of a table sorted by person; none when the table was never written. Raises Damaged."""
        key = (name, tuple(columns))
        if key not in self._read:
            wanted = list(dict.fromkeys(["person", *columns]))
            found = [
                reading.read(one, wanted).filter(pl.col("person").is_between(self.first, self.last, closed="left"))
                for one in reading.overlapping(name, self.first, self.last)
            ]
            empty = pl.DataFrame(schema=table(name).schema).select(wanted)
            # Each was proved as it was read, and ranges follow each other.
            self._read[key] = (pl.concat([empty, *found]) if len(found) != 1 else found[0]).set_sorted("person")
        return self._read[key]

    def once(self, work: Callable[["Slice"], pl.DataFrame]) -> pl.DataFrame:
        """What a piece of work makes of this slice, done once for all columns that rest on it."""
        if work not in self._done:
            self._done[work] = work(self)
        return self._done[work]


@dataclass(frozen=True)
class Offered:
    """One column: what it is, and how it is worked out for a slice: a frame of `person` and the column, one row a person
    at most. Persons without a row get `otherwise` (None: empty)."""

    column: Column
    compute: Callable[[Slice], pl.DataFrame]
    otherwise: int | bool | str | None = None


@cache
def offered() -> dict[str, Offered]:
    """Every offered column by name."""
    found: dict[str, Offered] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("renshe.") or find_spec(f"{config.name}.offers") is None:
            continue
        for one in getattr(import_module(f"{config.name}.offers"), "COLUMNS", ()):
            name = one.column.name
            if name in found or name in table("persons").columns:
                raise ValueError(f"column {name} is offered twice")
            found[name] = one
    return found


def columns() -> dict[str, Column]:
    """Every column a rule may read about a person: those of the persons table, and those offered."""
    return {**table("persons").columns, **{name: one.column for name, one in offered().items()}}


def gather(names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The named columns of everybody, with `person`, range by range in order. Raises NoColumn, Absent, Damaged."""
    if unknown := sorted(set(names) - set(columns())):
        raise NoColumn(f"没有这些列：{'、'.join(unknown)}；可用：{'、'.join(columns())}")
    for one in reading.ranges("persons"):
        yield gathered(one, names)


def gathered(one: reading.Range, names: Sequence[str]) -> pl.DataFrame:
    """The named columns of one range of the persons table, one row a person."""
    own = [name for name in names if name in table("persons").columns]
    frame, here = reading.read(one, list(dict.fromkeys(["person", *own]))), Slice(one.first, one.last)
    for name in names:
        if name in offered():
            offer = offered()[name]
            made = offer.compute(here).select("person", pl.col(name).cast(offer.column.dtype))
            frame = frame.join(made, on="person", how="left", maintain_order="left")
            if offer.otherwise is not None:
                frame = frame.with_columns(pl.col(name).fill_null(pl.lit(offer.otherwise, offer.column.dtype)))
    return frame.select("person", *[name for name in names if name != "person"])
