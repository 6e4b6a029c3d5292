"""Writing many rows at once, without a model object for each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from stores.models import Store


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of values as the database takes them, in the order of `fields`; constraints and
    triggers hold.

    Defaults of the model do not apply. PostgreSQL takes them by COPY, at a seventh of the cost.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [quote(model._meta.get_field(field).column) for field in fields]
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)
    else:
        places = ", ".join(["%s"] * len(columns))
        execute_many(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608  names of ours
            rows,
        )


def _copy(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def tell_size(*tables: type[models.Model]) -> None:
    """Let PostgreSQL count tables that were just filled: until it does, it checks each key of a new
    row by an index over the whole store.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def pick(
    model: type[models.Model],
    fields: Sequence[str],
    *,
    store: Store,
    field: str,
    values: Sequence[Any],
) -> list[tuple[Any, ...]]:
    """The `fields` of a store's rows whose `field` is one of many values, as the database gives
    them.

    What `values_list` with `__in` answers, at a fraction of its cost for thousands of values.
    """
    if not values:
        return []
    quote = connection.ops.quote_name
    column = {name: quote(model._meta.get_field(name).column) for name in (*fields, field)}
    wanted = ", ".join(column[name] for name in fields)
    sql = (
        f"SELECT {wanted} FROM {quote(model._meta.db_table)}"  # noqa: S608  names of ours
        f" WHERE store_id = %s AND {column[field]} IN ({', '.join(['%s'] * len(values))})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [store.pk, *values])
        return cursor.fetchall()


def moments(values: Iterable[dt.datetime | None]) -> dict[dt.datetime | None, Any]:
    """Each distinct moment as the database takes it; they repeat, and adapting one is slow."""
    return {value: connection.ops.adapt_datetimefield_value(value) for value in set(values)}


def days(values: Iterable[dt.date]) -> dict[dt.date, Any]:
    """Each distinct day as the database takes it."""
    return {value: connection.ops.adapt_datefield_value(value) for value in set(values)}


def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))
