"""The sweep: every policy over every person, range by range; killed anywhere it goes on where it was.

A range's results are files under names that follow from what went in (the day, the tables, the versions of the law). A range
is done when its summary is there; the sweep is published by one small file once all are. Start it twice and the ranges are
shared: each is claimed with a lock that goes with the process, however it ends.
"""

import datetime
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import tables
from renshe.kernel.frames.manifest import keep, manifest, settle
from renshe.kernel.frames.offered import PERSONS, Slice, gathered, own_columns, subject_of
from renshe.kernel.frames.offered import columns as known_columns
from renshe.kernel.policy.queries import entered
from renshe.kernel.sweeps.facts import DESCRIBING, Ready, Swept, everything, offers, swept
from renshe.kernel.sweeps.judging import judged
from renshe.kernel.sweeps.summing import added, summed

PUBLISHED = "published.json"
KEPT = 2  # sweeps kept, the published one with them
Ground = tuple[list[list[str]], str]  # digests of every table's parts; the values entered


class Moved(Exception):
    """Tables or values of law changed under a sweep: what it found belongs to neither state. Prepare it anew."""


@dataclass(frozen=True)
class Sweep:
    """A sweep to be done: its key, its day, the policies as they stand, the ranges: of persons (their claims go with them), then
    of other subjects; and what it stands on."""

    key: str
    on: datetime.date
    place: str
    policies: tuple[Ready, ...]
    ranges: tuple[reading.Range, ...]
    ground: Ground

    @property
    def place_of(self) -> Path:
        return root() / self.key

    @property
    def judged(self) -> tuple[Ready, ...]:
        return tuple(one for one in self.policies if not one.why_not)

    def tables(self, subject: str) -> list[str]:
        """The tables judged with a range of persons (or employers): theirs, and those whose rows are about them."""
        return list(dict.fromkeys([subject, *(one.swept.table for one in self.judged if subject_of(one.swept.table) == subject)]))

    def columns(self, about: str) -> list[str]:
        """Every column of facts that the policies and the describing of people need of a table's rows."""
        known = known_columns(about)
        needed = [name for one in self.judged if one.swept.table == about for name in one.columns]
        return list(dict.fromkeys([*(name for name in DESCRIBING if name in known), *needed]))

    def mark(self, one: reading.Range) -> Path:
        """The summary that says a range is done."""
        name = f"{one.number:03d}" if one.table == PERSONS else f"{one.table}-{one.number:03d}"
        return self.place_of / f"{name}.json"

    @property
    def done(self) -> int:
        """How many ranges are done."""
        return sum(self.mark(one).exists() for one in self.ranges)


@dataclass(frozen=True)
class Fold:
    """History an app folds into a table of its own (`FOLDS` in offers.py): done anew when rows or law have changed.

    `module` has `is_current(on)` and `fold(on)`. It is imported when there is work: a fold brings its compiler with it.
    """

    label: str
    module: str

    @property
    def work(self) -> ModuleType:
        return import_module(self.module)


def folded(say: Callable[[str], None] = lambda label: None, on: datetime.date | None = None) -> None:
    """Fold anew what no longer follows from the rows and the law."""
    day = on or timezone.localdate()
    for one in offers("FOLDS"):
        if not one.work.is_current(day):
            say(one.label)
            one.work.fold(day)


def root() -> Path:
    """Where sweeps lie, beside the tables they read."""
    return Path(settings.FRAMES) / "sweeps"


def prepared(on: datetime.date, place: str = "330800") -> Sweep:
    """The sweep of a day. Raises Absent while there are no persons."""
    ground, given = _ground(place), entered(place)
    policies = tuple(everything(on, place, given))
    ranges = tuple(one for name in _ranged(one.swept for one in policies) for one in reading.ranges(name))
    law = [
        [one.policy.name, one.policy.law(on, place, given).version, one.swept.table, list(one.outputs), list(one.columns)]
        for one in policies
    ]
    held, values = ground
    what = json.dumps([on.isoformat(), place, held, law, values], ensure_ascii=False)
    if _ground(place) != ground:
        return prepared(on, place)  # it moved in between: the ranges may be those of a new table
    return Sweep(f"{on.isoformat()}-{hashlib.sha256(what.encode()).hexdigest()[:12]}", on, place, policies, ranges, ground)


def _ground(place: str) -> Ground:
    """What a sweep stands on and others may change: what every table consists of, and the values that officers entered."""
    return [[part.sha256 for part in manifest(name).parts] for name in sorted(tables())], str(entered(place))


def advance(sweep: Sweep) -> bool:
    """Do one range that nobody has done or is doing; False when there is none left. Raises Moved."""
    for one in sweep.ranges:
        done = sweep.mark(one)
        if done.exists():
            continue
        with _claimed(done.with_suffix(".lock")) as mine:
            if mine and not done.exists():
                _range(sweep, one, done)
                return True
    return False


def run(sweep: Sweep, progress: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Any] | None:
    """Do what is left, then publish. None when another process still works on a range: that one publishes. Raises Moved."""
    progress(sweep.done, len(sweep.ranges))
    while advance(sweep):
        progress(sweep.done, len(sweep.ranges))
    return publish(sweep)


def publish(sweep: Sweep) -> dict[str, Any] | None:
    """Make a sweep that is done the one that pages show, in one step; None while a range is not done."""
    if sweep.done < len(sweep.ranges):
        return None
    totals: dict[str, Any] = {}
    for one in sweep.ranges:
        totals = added(totals, json.loads(sweep.mark(one).read_text(encoding="utf-8")))
    said = {
        "key": sweep.key, "on": sweep.on.isoformat(), "place": sweep.place, "ranges": len(sweep.ranges),
        "finished_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "policies": [_said(sweep, one, totals.get(one.policy.name)) for one in sweep.policies],
    }
    settle(root() / PUBLISHED, json.dumps(said, ensure_ascii=False, indent=1).encode())
    _sweep_up(sweep.key)
    return said


def published() -> dict[str, Any] | None:
    """The sweep last published."""
    try:
        return dict(json.loads((root() / PUBLISHED).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def facts(key: str, columns: list[str] | None, about: str = PERSONS) -> Iterator[pl.DataFrame]:
    """The facts a sweep stored about a table's rows, range by range."""
    for file in sorted((root() / key / "facts" / about).glob("*.parquet")):
        yield pl.read_parquet(file, columns=columns)


def stored(key: str, about: str = PERSONS) -> frozenset[str]:
    """The columns of facts a sweep stored about a table's rows; none where it stored none."""
    first = next(iter(sorted((root() / key / "facts" / about).glob("*.parquet"))), None)
    return frozenset(pl.read_parquet_schema(first)) if first else frozenset()


def results(policy: str, key: str) -> pl.LazyFrame:
    """What a policy gave everybody it was asked for: the key of the rows (`person`, for persons) and its outputs."""
    return pl.scan_parquet(sorted((root() / key / policy).glob("*.parquet")), glob=False)


def _said(sweep: Sweep, one: Ready, totals: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "policy": one.policy.name, "title": one.policy.title, "topic": one.policy.topic, "whom": one.swept.whom,
        "counted_in": one.swept.counted_in,
        "version": one.policy.law(sweep.on, sweep.place, entered(sweep.place)).version, "why_not": one.why_not,
        "lacking": [item.label for item in one.lacking], "values": list(one.values), "totals": totals,
    }


def _ranged(whom: Iterable[Swept]) -> list[str]:
    """The tables by whose ranges the work is cut: persons, and the other subjects that policies are asked of."""
    others = dict.fromkeys(subject_of(one.table) for one in whom)
    return [PERSONS, *(name for name in others if name != PERSONS and manifest(name).parts)]


def _range(sweep: Sweep, one: reading.Range, done: Path) -> None:
    here, totals = Slice(one.first, one.last, sweep.on), {}
    subjects = gathered(here, _needed(sweep, one.table), one.table)
    for about in sweep.tables(one.table):
        frame = subjects if about == one.table else gathered(here, sweep.columns(about), about, subjects)
        _written(sweep.place_of / "facts" / about / f"{one.number:03d}.parquet", frame)
        for ready in sweep.judged:
            if ready.swept.table == about:
                start = time.perf_counter()
                found = judged(ready, frame, sweep.on, entered)
                _written(sweep.place_of / ready.policy.name / f"{one.number:03d}.parquet", found)
                totals[ready.policy.name] = {**summed(ready, found), "us": round((time.perf_counter() - start) * 1e6)}
    if _ground(sweep.place) != sweep.ground:
        raise Moved(f"测算途中数据或政策变了，要重新开始：{sweep.key}")
    settle(done, json.dumps(totals, ensure_ascii=False).encode())


def _needed(sweep: Sweep, subject: str) -> list[str]:
    """The columns about subjects that they and the rows about them need."""
    theirs = [name for about in sweep.tables(subject) for name in sweep.columns(about) if name not in own_columns(about)]
    return list(dict.fromkeys([*sweep.columns(subject), *theirs]))


def _written(target: Path, frame: pl.DataFrame) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    frame.write_parquet(fresh, compression="zstd", compression_level=1)
    keep(fresh, target)


@contextmanager
def _claimed(file: Path) -> Iterator[bool]:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _sweep_up(key: str) -> None:
    """Drop sweeps older than the last few; the published one stays."""
    others = sorted((place for place in root().iterdir() if place.is_dir() and place.name != key), key=lambda place: place.stat().st_mtime)
    for place in others[: max(len(others) - KEPT + 1, 0)]:
        shutil.rmtree(place, ignore_errors=True)


def count() -> int:
    """How many ranges there are to a sweep."""
    if not manifest(PERSONS).parts:
        return 0
    return sum(len(reading.ranges(name)) for name in _ranged(swept().values()))
