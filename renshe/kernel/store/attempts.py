"""What one attempt at a request has written, so that it is known whether the request may be asked again.

A statement that fails because the database is away leaves its transaction undone. A commit that breaks may have been
done or not: only the database knows, and it is gone. What was written before stays written.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.utils import InterfaceError, OperationalError

READING = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
AWAY = ("08", "40", "53300", "55P03", "57P0")  # PostgreSQL: no connection, undone for another's sake, too many, locked, going down or up
_here = threading.local()


class Attempt:
    """What a request has done so far; sees every statement of its connection while it lasts."""

    def __init__(self) -> None:
        self.written: list[object] = []  # outermost transactions written in; None for what commits by itself
        self.repeatable = self.answered = False
        self.fault: BaseException | None = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        block = _outermost()
        if not sql.lstrip(" (")[:9].upper().startswith(READING):
            self.wrote(block)
        try:
            result = execute(sql, params, many, context)
        except (OperationalError, InterfaceError):
            if block is not None:
                self.undone(block)
            raise
        self.answered = True
        return result

    def wrote(self, block: object) -> None:
        """Note that something was written in a transaction."""
        if block not in self.written:
            self.written.append(block)

    def undone(self, block: object) -> None:
        """Note that a transaction will not be committed."""
        self.written = [one for one in self.written if one is not block]

    @property
    def may_repeat(self) -> bool:
        """Whether asking again does nothing twice."""
        return self.repeatable or not self.written


@contextmanager
def attempt() -> Iterator[Attempt]:
    """Watch what this thread writes."""
    _here.attempt = watched = Attempt()
    try:
        with connection.execute_wrapper(watched):
            yield watched
    finally:
        _here.attempt = None


def current() -> Attempt | None:
    """The attempt this thread is at, None outside requests."""
    return getattr(_here, "attempt", None)


def wrote() -> None:
    """Note what is written past Django's cursors."""
    if (watched := current()) is not None:
        watched.wrote(_outermost())


def repeatable() -> None:
    """Say that this request is done once however often it is asked: a key, or its content, finds what was done."""
    if (watched := current()) is not None:
        watched.repeatable = True


@contextmanager
def harmless() -> Iterator[None]:
    """What is written here may be written again."""
    watched = current()
    before = list(watched.written) if watched else []
    yield
    if watched:
        watched.written = before


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Within a transaction: what is raised here undoes it, if it is the outermost."""
    outermost = len(connection.atomic_blocks) == 1
    try:
        yield
    except BaseException:
        if outermost and (watched := current()) is not None:
            watched.undone(_outermost())
        raise


def _outermost() -> object:
    return connection.atomic_blocks[0] if connection.in_atomic_block else None


def causes(fault: BaseException | None) -> Iterator[BaseException]:
    """A fault and what it came of, back to the first."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def passes_soon(fault: BaseException | None) -> bool:
    """Whether a fault is worth waiting for: the database is away for a moment or busy, not full and not broken."""
    for one in causes(fault):
        if isinstance(one, sqlite3.Error):
            return (getattr(one, "sqlite_errorcode", 0) & 0xFF) in BUSY
        if hasattr(one, "sqlstate"):  # psycopg's; no state: the connection itself failed
            return one.sqlstate is None or one.sqlstate.startswith(AWAY)
    return False
