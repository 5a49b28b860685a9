"""A deed is one transaction, and on SQLite one writer at a time.

SQLite's own waiting is a sleep with growing pauses: with several writers its slowest tenth waits half a second. A
file lock taken before the transaction keeps them in line and costs no throughput. The disk is waited for after the
lock is given back, and one wait keeps the deeds of all who wait: a deed has returned only when it will survive a
power cut, as with `synchronous=FULL`.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from renshe.kernel.store import attempts, journal

_here = threading.local()


class _Flush:
    """Brings SQLite's write-ahead log to the disk, once for all threads that ask while it is under way."""

    def __init__(self) -> None:
        self.counting, self.turn = threading.Lock(), threading.Lock()
        self.asked = self.kept = 0

    def wait(self, log: str) -> None:
        """Return when everything committed before this call is on the disk. Raises OSError when it cannot be."""
        with self.counting:
            self.asked += 1
            mine = self.asked
        with self.turn:
            if self.kept >= mine:
                return
            upto = self.asked  # whoever asked by now has committed
            handle = os.open(log, os.O_RDWR)  # by name each time: SQLite may have begun another file meanwhile
            try:
                os.fdatasync(handle)
            finally:
                os.close(handle)
            self.kept = upto


_flush = _Flush()
_flush_journal = _Flush()


@contextmanager
def deed(*, kept_before_seen: bool = False) -> Iterator[None]:
    """All or nothing: everything written inside is committed together. Nests: an inner deed joins the outer.

    `kept_before_seen`: nobody sees it before it is on the disk; others wait for the gate meanwhile.
    """
    if connection.vendor != "sqlite" or getattr(_here, "inside", False):
        with transaction.atomic(), attempts.all_or_nothing():
            yield
        return
    if connection.in_atomic_block or kept_before_seen:
        with _gate(), transaction.atomic(), attempts.all_or_nothing():
            yield
        return
    with _gate(), _waiting_later(), transaction.atomic(), attempts.all_or_nothing():
        yield
    if settings.RENSHE_JOURNAL:
        _flush_journal.wait(str(journal.segment()))
    _flush.wait(f"{connection.settings_dict['NAME']}-wal")


@contextmanager
def _gate() -> Iterator[None]:
    folder = Path(settings.VAR)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "write.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _here.inside = True
        yield
    finally:
        _here.inside = False
        os.close(handle)


@contextmanager
def _waiting_later() -> Iterator[None]:
    """This connection's next commit does not wait for the disk; the others still do."""
    connection.ensure_connection()
    _bare("PRAGMA synchronous=NORMAL")
    journal.waits_later(True)
    try:
        yield
    finally:
        journal.waits_later(False)
        if connection.connection is not None:  # a new one waits by itself
            _bare("PRAGMA synchronous=FULL")


def _bare(statement: str) -> None:
    with connection.wrap_database_errors:  # the bare connection raises errors of its own, which nobody above knows
        connection.connection.execute(statement)
