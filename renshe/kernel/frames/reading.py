"""Opens tables for Polars. Nothing is believed sorted that was not looked at."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import polars as pl

from renshe.kernel.frames.catalogue import Table, table
from renshe.kernel.frames.manifest import Manifest, Part, folder, manifest
from renshe.kernel.frames.writing import RANGE, first_unsorted


class Absent(LookupError):
    """The table has not been written yet."""


class Damaged(ValueError):
    """A file that is not what the manifest says, or rows out of order."""


@dataclass(frozen=True)
class Range:
    """One range of first keys (last excluded): its file, and the months appended since; `held` is None for newcomers only."""

    table: str
    number: int
    first: int
    last: int
    held: Path | None
    months: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file with rows of this range (a month's file has those of other ranges too)."""
        return ((self.held,) if self.held else ()) + self.months


def scan(name: str, columns: list[str] | None = None) -> pl.LazyFrame:
    """A table as a LazyFrame: ranges in order of the key, then months appended. Polars is told nothing about the order.
    Raises Absent, Damaged."""
    _, now = _present(name)
    for part in now.parts:
        _prove_part(folder(name) / part.file, part)
    frames = pl.scan_parquet([folder(name) / part.file for part in now.parts], glob=False)
    return frames.select(columns) if columns else frames


def ranges(name: str) -> list[Range]:
    """The ranges of a table, for work done range by range; those who came with appended months only, at the end.
    Raises Absent."""
    _, now = _present(name)
    return list(_ranges(name, folder(name), now))


@lru_cache(maxsize=128)
def _ranges(name: str, place: Path, now: Manifest) -> tuple[Range, ...]:
    cuts: list[tuple[int, int, Path | None]] = [(part.first, part.last, place / part.file) for part in now.ranges]
    end = cuts[-1][1] if cuts else 0
    most = max((part.last for part in now.months), default=end)
    cuts += [(low, min(low + RANGE, most), None) for low in range(end, most, RANGE)]
    return tuple(
        Range(name, number, first, last, held, tuple(
            place / part.file for part in now.months if part.first < last and part.last > first
        ))
        for number, (first, last, held) in enumerate(cuts)
    )


def overlapping(name: str, first: int, last: int) -> list[Range]:
    """The ranges that may hold first keys from `first` to `last` (excluded); none when the table was never written."""
    if not manifest(name).parts:
        return []
    return [one for one in ranges(name) if one.first < last and one.last > first]


def read(one: Range, columns: list[str] | None = None, *, prove: bool = True) -> pl.DataFrame:
    """One range as a frame, months merged in, its order by key proved row by row (unless the caller proves it itself).
    Raises Damaged."""
    known = table(one.table)
    wanted = list(known.columns) if columns is None else columns
    needed = list(dict.fromkeys([*known.key, *wanted])) if prove or one.months else wanted
    found = [pl.read_parquet(one.held, columns=needed)] if one.held else []
    if one.months:
        key = pl.col(known.key[0])
        more = pl.scan_parquet(list(one.months), glob=False).filter(key >= one.first, key < one.last)
        found.append(more.select(needed).collect())
    frame = pl.concat(found).sort(known.key) if one.months else found[0]
    at = first_unsorted(frame, known.key) if prove else None
    if at is not None:
        raise Damaged(f"{one.table} 第{one.number}分片：第{at}行没有按 {list(known.key)} 递增排列")
    return frame.select(wanted)


def whole(name: str, columns: list[str] | None = None) -> pl.DataFrame:
    """A table that fits in memory, sorted by its key, proved."""
    parts = [read(one, columns) for one in ranges(name)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=table(name).schema).select(columns or list(table(name).columns))


def sorted_scan(name: str, columns: list[str]) -> pl.LazyFrame:
    """A LazyFrame that Polars may treat as sorted by the first key: only after every row has been looked at, once a
    process and version of the files. Raises Damaged; ValueError while months are not merged into the ranges."""
    one, now = _present(name)
    if now.months:
        raise ValueError(f"{name} 有未归并的月份，请先归并（renshe frames merge）")
    place = folder(name)
    for part in now.ranges:
        _prove_rows(place / part.file, one.key, part.sha256)
    return pl.scan_parquet([place / part.file for part in now.ranges], glob=False).select(columns).set_sorted(one.key[0])


def _present(name: str) -> tuple[Table, Manifest]:
    one, now = table(name), manifest(name)
    if not now.parts:
        raise Absent(f"{one.label}（{name}）还没有数据。合成城市：renshe city build --people 20000 --frames")
    return one, now


@cache
def _prove_rows(file: Path, key: tuple[str, ...], digest: str) -> None:
    at = first_unsorted(pl.read_parquet(file, columns=list(key)), key)
    if at is not None:
        raise Damaged(f"{file.name}：第{at}行没有按 {list(key)} 递增排列")


@cache
def _prove_part(file: Path, part: Part) -> None:
    """The file is there in full; its rows are proved as they are read."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        raise Damaged(f"{file.parent.name} 缺少分片 {file.name}，请从备份恢复或重新生成") from None
    if size != part.bytes:
        raise Damaged(f"{file.parent.name}/{file.name} 与清单不符（应有{part.rows}行，{part.bytes}字节）")
