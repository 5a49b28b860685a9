"""The journal: a second copy, on another disk, of everything written to SQLite; a backup and the journal give all of it back.

One line a transaction: its number, the statements with their values, a digest. The number before it stands in the
database itself (`user_version`), written in the same transaction. A line is appended before the commit and by the one
who holds SQLite's write lock, so lines stand in the order of the commits. A transaction that fails after its line was
written leaves the number as it was; the next line then bears the same number, and of lines with one number the last
is the one that was committed.
"""

import base64
import hashlib
import itertools
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from renshe.kernel.common.files import to_disk

Statement = tuple[str, Any, bool]  # text with %s, values (or a list of them), whether it is a list
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
HIGHEST = 2**31 - 1  # user_version is a signed word of 32 bits: numbers begin anew after two billion
_here = threading.local()


class Broken(Exception):
    """The journal cannot be continued from here; says where and why."""


def waits_later(value: bool | None = None) -> bool:
    """Whether this thread waits for the disk itself, after the commit; sets it when a value is given."""
    if value is not None:
        _here.later = value
    return bool(getattr(_here, "later", False))


def folder() -> Path:
    """Where the journal is kept."""
    return Path(settings.RENSHE_JOURNAL)


def segments() -> list[Path]:
    """The journal's files, oldest first; each is named by the number after which it begins."""
    return sorted(folder().glob("[0-9]*.jsonl"))


def segment() -> Path:
    """The file that is written to."""
    found = segments()
    return found[-1] if found else folder() / f"{0:010}.jsonl"


def append(link: sqlite3.Connection, written: Sequence[Statement]) -> Path:
    """Write one transaction's line, within that transaction. Raises OSError; the file is then as it was."""
    number = link.execute("PRAGMA user_version").fetchone()[0] % HIGHEST + 1
    link.execute(f"PRAGMA user_version={number}")
    body = orjson.dumps({"number": number, "at": int(time.time()), "run": written}, default=_plain, option=OPTIONS)
    line = hashlib.sha256(body).hexdigest()[:32].encode() + b" " + body + b"\n"
    path = segment()
    if not path.exists():
        cut(number - 1)
        path = segment()
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line  # somebody died in the middle of a line
        try:
            view = memoryview(line)
            while view:
                view = view[os.write(handle, view):]
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    return path


def flush(path: Path) -> None:
    """Return when the file is on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fdatasync(handle)
    finally:
        os.close(handle)


def cut(number: int) -> None:
    """Begin a new file after a transaction, so that older ones can be put away. The caller holds the write lock."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    if segments():
        flush(segment())  # whoever still waits for the disk will look at the new file
    (folder() / f"{number:010}.jsonl").touch(mode=0o600)
    to_disk(folder())


def prune(number: int) -> int:
    """Remove the files whose every transaction a backup at this number holds; returns how many."""
    found = segments()
    past = [one for one, following in itertools.pairwise(found) if int(following.stem) <= number]
    for one in past:
        one.unlink()
    return len(past)


def put_aside() -> Path | None:
    """Move the journal's files into a folder beside, when the database goes back to before them."""
    found = segments()
    if not found:
        return None
    aside = folder() / f"aside-{time.time_ns()}"
    aside.mkdir(mode=0o700)
    for one in found:
        one.rename(aside / one.name)
    return aside


def transactions() -> Iterator[dict[str, Any]]:
    """Every whole line, in the order written. Lines cut off by a crash are passed over."""
    for path in segments():
        with path.open("rb") as lines:
            for line in lines:
                digest, _, body = line.rstrip(b"\n").partition(b" ")
                if hashlib.sha256(body).hexdigest()[:32].encode() == digest:
                    yield orjson.loads(body)


def replay() -> int:
    """Do again everything after the database's own number; returns how many transactions. Raises Broken.

    The database stays at the last transaction before a gap; run it again when the missing file is found.
    """
    waiting: dict[str, Any] | None = None
    done = 0
    for entry in transactions():
        if waiting is not None and entry["number"] != waiting["number"]:
            done += _again(waiting)
        waiting = entry
    return done + (_again(waiting) if waiting is not None else 0)


def _again(entry: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        at = cursor.fetchone()[0]
    behind = (at - entry["number"]) % HIGHEST
    if behind < HIGHEST // 2:
        return 0
    if entry["number"] != at % HIGHEST + 1:
        raise Broken(f"日志在第{at}笔之后缺失：下一笔是第{entry['number']}笔。请找到缺少的日志文件放回 {folder()} 再恢复")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params, many in entry["run"]:
                if many:
                    cursor.executemany(sql, [_values(one) for one in params])
                else:
                    cursor.execute(sql, _values(params))
                    cursor.fetchall()  # what RETURNING gives must be taken before the commit
            cursor.execute(f"PRAGMA user_version={entry['number']}")
    except sqlite3.Error as fault:
        raise Broken(f"日志第{entry['number']}笔无法重做：{fault}。备份之后升级过表结构的，请用升级后的备份") from fault
    return 1


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return str(value)  # days, moments and decimals, as the database driver writes them


def _values(params: Any) -> Any:
    if params is None:
        return None
    return [base64.b64decode(one["b"]) if isinstance(one, dict) else one for one in params]
