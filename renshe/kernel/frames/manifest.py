"""What a table consists of: one small file naming its parts, replaced in one step. A file it does not name is not there."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from renshe.kernel.common.files import to_disk

NAME = "manifest.json"
KEPT_SECONDS = 3600  # a part no longer named stays this long, for readers that opened the table before


@dataclass(frozen=True)
class Part:
    """One Parquet file: the range of first keys it answers for (last excluded), what it holds, its SHA-256."""

    file: str
    first: int
    last: int
    rows: int
    bytes: int
    sha256: str
    month: int | None = None  # of a month partition; None: a range file
    upto: int | None = None  # latest month held, of a monthly table's range file


@dataclass(frozen=True)
class Manifest:
    """The parts in order: ranges by first key, then months."""

    parts: tuple[Part, ...] = ()

    @property
    def ranges(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.month is None)

    @property
    def months(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.month is not None)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def upto(self) -> int | None:
        """The latest month held, of a monthly table."""
        return max((m for part in self.parts for m in (part.month, part.upto) if m is not None), default=None)


def folder(table: str) -> Path:
    """Where a table lies."""
    return Path(settings.FRAMES) / table


def manifest(table: str) -> Manifest:
    """What a table consists of now; empty when it was never written."""
    try:
        return _parsed((folder(table) / NAME).read_bytes())
    except FileNotFoundError:
        return Manifest()


@lru_cache(maxsize=128)
def _parsed(text: bytes) -> Manifest:
    return Manifest(tuple(Part(**one) for one in json.loads(text)["parts"]))


@contextmanager
def changing(table: str) -> Iterator[None]:
    """One writer of a table's manifest at a time; the lock goes with the process, however it ends."""
    place = folder(table)
    place.mkdir(parents=True, exist_ok=True)
    handle = os.open(place / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(table: str, parts: list[Part]) -> None:
    """Make these the table's parts, in one step; inside `changing`. Then drop what has long been named by nobody."""
    place = folder(table)
    ordered = sorted(parts, key=lambda part: (part.month is not None, part.month or 0, part.first))
    text = json.dumps({"parts": [asdict(part) for part in ordered]}, indent=1)
    named = {part.file for part in ordered}
    for part in manifest(table).parts:
        if part.file not in named and (place / part.file).exists():
            os.utime(place / part.file)  # its time begins now, however old it is
    settle(place / NAME, text.encode())
    long_ago = time.time() - KEPT_SECONDS
    for file in place.glob("*.parquet*"):
        if file.name not in named and file.stat().st_mtime < long_ago:
            file.unlink(missing_ok=True)


def settle(target: Path, data: bytes) -> None:
    """Write a whole small file so that after any interruption either the old or the new one is there."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    with fresh.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.rename(target)
    to_disk(target.parent)


def keep(fresh: Path, target: Path) -> None:
    """Make a finished file durable under its final name."""
    to_disk(fresh)
    fresh.rename(target)
    to_disk(target.parent)
