"""Writes tables: parts first, under names that follow from their content; then the manifest that makes them the table.

Killed at any moment, the table is either as before or as after; doing the same again changes nothing.
"""

import hashlib
import itertools
import uuid
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from renshe.kernel.frames.catalogue import Table, table
from renshe.kernel.frames.manifest import Manifest, Part, changing, folder, keep, manifest, replace

RANGE = 50_000  # persons in one file


class Unfit(ValueError):
    """A frame that may not become part of a table: wrong columns, empty where it must not be, unsorted, out of range."""


class MonthTaken(ValueError):
    """The month is there already with other rows, or lies within the range files."""


def ranges(count: int, size: int = RANGE) -> list[tuple[int, int]]:
    """The ranges (first, last excluded) that `count` rows are split into."""
    return [(first, min(first + size, count)) for first in range(0, count, size)]


def write_range(name: str, frame: pl.DataFrame, first: int, last: int) -> Part:
    """Write the rows of first keys `first` to `last` (excluded) as a part; it counts once `publish` names it. Raises Unfit."""
    one = table(name)
    frame = _fit(one, frame, first, last)
    upto = None
    if one.monthly and frame.height:
        upto = int(frame["month"].max())  # type: ignore[arg-type]
    return _write(one, frame, first, last, f"{first // RANGE:03d}", None, upto)


def publish(name: str, parts: Iterable[Part]) -> Manifest:
    """Make these range parts the whole table, replacing what it was, months and all. Raises Unfit on a gap or overlap."""
    ordered = sorted(parts, key=lambda part: part.first)
    for before, after in itertools.pairwise(ordered):
        if before.last != after.first:
            raise Unfit(f"{name}：第{before.last}号之后应接上，下一个分片却从第{after.first}号开始")
    with changing(name):
        replace(name, ordered)
    return manifest(name)


def write(name: str, frame: pl.DataFrame) -> Manifest:
    """Write a small table whole, as one part."""
    key = frame[table(name).key[0]]
    last = int(key.max()) + 1 if frame.height else 0  # type: ignore[arg-type]
    return publish(name, [write_range(name, frame, 0, last)])


def append_month(name: str, month: int, frame: pl.DataFrame, *, correct: bool = False) -> Manifest:
    """Append one month (year*12+month-1) of a monthly table. Safe to repeat; other rows for a month that is there
    replace it only with `correct`. Raises Unfit, MonthTaken."""
    one = table(name)
    if not one.monthly:
        raise Unfit(f"{one.label}（{name}）不按月追加")
    if frame.height and (frame["month"] != month).any():
        raise Unfit(f"{one.label}（{name}）：追加{month // 12}年{month % 12 + 1}月，却有别的月份的行")
    key = frame[one.key[0]]
    first, last = (int(key[0]), int(key[-1]) + 1) if frame.height else (0, 0)
    frame = _fit(one, frame, first, last)
    with changing(name):
        now = manifest(name)
        held = max((part.upto for part in now.ranges if part.upto is not None), default=-1)
        if month <= held:
            raise MonthTaken(f"{one.label}（{name}）：{month // 12}年{month % 12 + 1}月已在分片之中（到{held // 12}年{held % 12 + 1}月）")
        part = _write(one, frame, first, last, f"m{month}", month, None)
        there = [other for other in now.months if other.month == month]
        if there == [part]:
            return now
        if there and not correct:
            raise MonthTaken(f"{one.label}（{name}）：{month // 12}年{month % 12 + 1}月已追加过，内容不同；确要更正，请指明更正")
        replace(name, [other for other in now.parts if other.month != month] + [part])
    return manifest(name)


def _fit(one: Table, frame: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The frame with its columns in order, proved to be what the catalogue says."""
    if dict(frame.schema) != one.schema:
        if set(frame.columns) != set(one.columns):
            raise Unfit(f"{one.name}：列应为 {list(one.columns)}，现为 {frame.columns}")
        frame = frame.select(list(one.columns))
        if wrong := [column for column, dtype in one.schema.items() if frame[column].dtype != dtype]:
            raise Unfit(f"{one.name}：列 {wrong} 的类型与目录不符")
    empty = [name for name, column in one.columns.items() if not column.nullable and frame[name].null_count()]
    if empty:
        raise Unfit(f"{one.name}：列 {empty} 不得为空")
    if frame.height == 0:
        return frame
    at = first_unsorted(frame, one.key)
    if at is not None:
        raise Unfit(f"{one.name}：第{at}行没有按 {list(one.key)} 递增排列，或与上一行重复")
    least, most = int(frame[one.key[0]][0]), int(frame[one.key[0]][-1])
    if least < first or most >= last:
        raise Unfit(f"{one.name}：{one.key[0]} 应在 {first}..{last - 1}，现为 {least}..{most}")
    return frame


def first_unsorted(frame: pl.DataFrame, key: tuple[str, ...]) -> int | None:
    """The first row whose key is not greater than that of the row before; None when strictly sorted. Reads the data itself."""
    columns = [frame[name].to_numpy() for name in key]
    wrong = np.ones(max(frame.height - 1, 0), dtype=bool)  # rows not yet known to be greater, equal so far
    fine = np.zeros_like(wrong)
    for column in columns:
        fine |= wrong & (column[1:] > column[:-1])
        wrong &= column[1:] == column[:-1]
    bad = np.flatnonzero(~fine)
    return int(bad[0]) + 1 if bad.size else None


def _write(one: Table, frame: pl.DataFrame, first: int, last: int, stem: str, month: int | None, upto: int | None) -> Part:
    place = folder(one.name)
    place.mkdir(parents=True, exist_ok=True)
    fresh = place / f"{stem}.parquet.{uuid.uuid4().hex}.new"
    # One row group: a range is read whole, and so comes as one piece of memory a column.
    frame.write_parquet(fresh, compression="zstd", compression_level=1, statistics=True, row_group_size=max(frame.height, 1))
    digest = _sha256(fresh)
    target = place / f"{stem}-{digest[:12]}.parquet"
    size = fresh.stat().st_size
    keep(fresh, target)
    return Part(target.name, first, last, frame.height, size, digest, month, upto)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
