"""Many rows in one statement, driven by the model's own fields.

The ORM's cost per row is most of a transaction's; here columns and conversions are worked out once for each model.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection, models, transaction

from renshe.kernel.store import attempts

COPY_FROM = 64  # rows from which PostgreSQL's COPY beats INSERT
Converter = Callable[[Any], Any]


def _converter(field: models.Field) -> Converter | None:  # type: ignore[type-arg]
    """How a value of this field is written; None where it goes as it is."""
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else orjson.dumps(value).decode()
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return _day
    return None


@lru_cache(maxsize=64)
def _moment(value: Any) -> Any:
    """Rows written together bear the same moment: it is put into words once."""
    return connection.ops.adapt_datetimefield_value(value)


@lru_cache(maxsize=4096)
def _day(value: Any) -> Any:
    return None if value is None else value.isoformat()


@cache
def _plan(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str, tuple[Converter | None, ...]]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    if unknown := set(names) - set(by_name):
        raise ValueError(f"{model.__name__} has no column {sorted(unknown)}")
    if missing := {name for name, field in by_name.items() if not field.null} - set(names):
        raise ValueError(f"{model.__name__} needs {sorted(missing)}")
    quote = connection.ops.quote_name
    columns = ", ".join(quote(by_name[name].column) for name in names)
    places = ", ".join(["%s"] * len(names))
    table = quote(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({places})",
        f"COPY {table} ({columns}) FROM STDIN",
        tuple(_converter(by_name[name]) for name in names),
    )


def _values(rows: Sequence[Mapping[str, Any]], names: Sequence[str], converters: Sequence[Converter | None]) -> list[Any]:
    """The rows as the database takes them. Converted column by column: that costs a third of cell by cell."""
    columns: list[Iterable[Any]] = list(zip(*map(itemgetter(*names), rows), strict=True))
    for at, convert in enumerate(converters):
        if convert is not None:
            columns[at] = map(convert, columns[at])
    return list(zip(*columns, strict=True))


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given as mappings of column attribute (`person_id`) to value; all rows name the same columns.

    Only nullable columns may be left out. Raises IntegrityError as the database does; nothing is kept then.
    """
    if not rows:
        return
    names = tuple(rows[0])
    insert_sql, copy_sql, converters = _plan(model, names)
    values = _values(rows, names, converters)
    # Outside a transaction each of many rows would be committed, and waited for, by itself.
    together = contextlib.nullcontext() if connection.in_atomic_block or len(rows) == 1 else transaction.atomic()
    with together, connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
            attempts.wrote()
            with connection.wrap_database_errors, cursor.copy(copy_sql) as copy:  # Django hands out the driver's own here, with its own errors
                for row in values:
                    copy.write_row(row)
        elif len(rows) == 1:
            cursor.execute(insert_sql, values[0])
        else:
            cursor.executemany(insert_sql, values)
