"""The database backend: what a transaction wrote goes into the journal before it is committed."""

import contextlib
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from renshe.kernel.store import journal

UNNOTED = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN")


class _Taken(SQLiteCursorWrapper):
    """A cursor that takes what RETURNING gives at once: SQLite does not commit while rows are still to be fetched."""

    taken: list[Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        result = super().execute(query, params)
        self.taken = super().fetchall() if "RETURNING" in query else None
        return result

    def fetchone(self) -> Any:
        if self.taken is None:
            return super().fetchone()
        return self.taken.pop(0) if self.taken else None

    def fetchmany(self, size: int | None = None) -> Any:
        if self.taken is None:
            return super().fetchmany(self.arraysize if size is None else size)
        size = size or self.arraysize
        some, self.taken = self.taken[:size], self.taken[size:]
        return some

    def fetchall(self) -> Any:
        if self.taken is None:
            return super().fetchall()
        some, self.taken = self.taken, []
        return some


class DatabaseWrapper(Sqlite):
    """SQLite allows one writer at a time, and it writes the journal while it is the one: both have the same order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written: list[journal.Statement] = []
        self.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip(" (")[:7].upper().startswith(UNNOTED):
            return execute(sql, params, many, context)
        if not self.in_atomic_block:
            with transaction.atomic(using=self.alias):
                return self._note(execute, sql, params, many, context)
        if many:
            params = list(params)  # it may be an iterator, and is read twice
        result = execute(sql, params, many, context)
        self.written.append((sql, params, many))
        return result

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=_Taken)

    def _commit(self) -> None:
        if any(not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) for sql, _, _ in self.written):
            try:
                with self.wrap_database_errors:
                    path = journal.append(self.connection, self.written)
            except OSError as fault:  # as a database error, it makes Django roll back; by any other it would commit without a line
                raise OperationalError(f"journal: {fault.strerror}") from fault
            super()._commit()
            if not journal.waits_later():
                with contextlib.suppress(FileNotFoundError):  # a backup has cut it, which flushes, and put it away
                    journal.flush(path)
        else:
            super()._commit()
        self.written = []

    def _rollback(self) -> None:
        self.written = []
        super()._rollback()

    def close(self) -> None:
        self.written = []
        super().close()
