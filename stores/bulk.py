"""Writing many rows at once, without a model object for each."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models

# SQLite takes 32,766, PostgreSQL twice as many.
PARAMETERS_AT_ONCE = 30_000
VALUES_AT_ONCE = 2_000
Item = TypeVar("Item")


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of values as the database takes them, in the order of `fields`; constraints and
    triggers hold.

    Other columns get the defaults of the database. PostgreSQL takes the rows by COPY, at a seventh
    of the cost, and SQLite past Django, which would take a fifth of the time to turn placeholders:
    whoever counts statements sees neither.
    """
    table = _table(model)
    columns = [_column(model, field) for field in fields]
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)
    else:
        into = f"INSERT INTO {table} ({', '.join(columns)})"
        _fill(into + " VALUES {values}", rows)


def _copy(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """What the database refuses is Django's error, as with any statement."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def _fill(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for statement, values in _statements(sql, rows, placeholder="?"):
            sqlite3.Cursor.execute(cursor.cursor, statement, values)


def tell_size(*tables: type[models.Model]) -> None:
    """Let PostgreSQL count tables that were just filled: until it does, it checks each key of a new
    row by an index over the whole store.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f"ANALYZE {_table(model)}")


def weigh_indexes(*tables: type[models.Model]) -> None:
    """Let SQLite sample which index of a table finds few rows, in some milliseconds: until it has,
    it seeks what points at a row that is deleted through all rows of the store.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            for model in tables:
                cursor.execute(f"ANALYZE {_table(model)}")


def pick(
    model: type[models.Model],
    fields: Sequence[str],
    *,
    field: str,
    values: Sequence[Any],
    lock: bool = False,
    **fixed: Any,
) -> list[tuple[Any, ...]]:
    """The `fields` of rows whose `field` is one of many values, as the database gives them, of a
    store or whatever else is `fixed`; in the order of `field` and locked where `lock` says so.

    What `values_list` with `__in` answers, at a fraction of its cost for thousands of values.
    """
    wanted = ", ".join(_column(model, name) for name in fields)
    first = "".join(f"{_column(model, name)} = %s AND " for name in fixed)
    sql = f"SELECT {wanted} FROM {_table(model)} WHERE {first}{{among}}"  # noqa: S608  names of ours
    if lock:
        sql += f" ORDER BY {_column(model, field)}"
        sql += " FOR UPDATE" if connection.features.has_select_for_update else ""
    keys = [getattr(value, "pk", value) for value in fixed.values()]
    return _among(sql, model, field, values, keys)


def present(model: type[models.Model], field: str, values: Sequence[Any]) -> set[Any]:
    """Those of many values that some row has in a field."""
    column = _column(model, field)
    sql = f"SELECT DISTINCT {column} FROM {_table(model)} WHERE {{among}}"  # noqa: S608  ours
    return {value for (value,) in _among(sql, model, field, values)}


def delete(model: type[models.Model], field: str, values: Sequence[Any]) -> None:
    """Delete the rows whose `field` is one of many values, and nothing that points at them."""
    _among(f"DELETE FROM {_table(model)} WHERE {{among}}", model, field, values)  # noqa: S608  names of ours


def clear(model: type[models.Model], field: str, values: Sequence[Any]) -> None:
    """Set `field` to NULL where it is one of many values."""
    sql = f"UPDATE {_table(model)} SET {_column(model, field)} = NULL WHERE {{among}}"  # noqa: S608  names of ours
    _among(sql, model, field, values)


def _among(
    sql: str,
    model: type[models.Model],
    field: str,
    values: Sequence[Any],
    first: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """What a statement answers in which `{among}` stands for the field being one of many values."""
    if not values:
        return []
    among = f"{_column(model, field)} IN ({', '.join(['%s'] * len(values))})"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(among=among), [*first, *values])
        return cursor.fetchall() if cursor.description else []


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(model: type[models.Model], field: str) -> str:
    return connection.ops.quote_name(model._meta.get_field(field).column)


def parts(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Some of many values at a time, no more than one query had better name."""
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]


def moments(values: Iterable[dt.datetime | None]) -> dict[dt.datetime | None, Any]:
    """Each distinct moment as the database takes it; they repeat, and adapting one is slow."""
    return {value: connection.ops.adapt_datetimefield_value(value) for value in set(values)}


def days(values: Iterable[dt.date]) -> dict[dt.date, Any]:
    """Each distinct day as the database takes it."""
    return {value: connection.ops.adapt_datefield_value(value) for value in set(values)}


def execute_values(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement over rows: `{values}` in it stands for some thousands of them at a time.

    One statement for each row would cost twice that, and on SQLite seven times where text is
    indexed for search, since its index is written out after each statement.
    """
    with connection.cursor() as cursor:
        for part in _statements(sql, rows):
            cursor.execute(*part)


def fetch_values(sql: str, rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """What a query over rows answers: `{values}` in it stands for some thousands at a time."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for part in _statements(sql, rows):
            cursor.execute(*part)
            found += cursor.fetchall()
    return found


def _statements(
    sql: str, rows: Iterable[Sequence[Any]], *, placeholder: str = "%s"
) -> Iterator[tuple[str, list[Any]]]:
    rest = iter(rows)
    while first := next(rest, None):
        part = [first, *islice(rest, PARAMETERS_AT_ONCE // len(first) - 1)]
        one = f"({', '.join([placeholder] * len(first))})"
        values = ", ".join([one] * len(part))
        yield sql.format(values=values), list(chain.from_iterable(part))


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `fields` of rows by their primary key, which is the first value of each, the others being
    as the database takes them; constraints and triggers hold.
    """
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(field) for field in fields]
    sets = ", ".join(
        f"{quote(column.column)} = {_typed(column, f'change.column{place}')}"
        for place, column in enumerate(columns, start=2)
    )
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    sql = (
        f"UPDATE {table} SET {sets}"  # noqa: S608  names of ours
        f" FROM (VALUES {{values}}) AS change WHERE {table}.{key} = change.column1"
    )
    execute_values(sql, rows)


def prepared(model: type[models.Model], field: str, value: Any) -> Any:
    """A value as the database takes it in that field."""
    return model._meta.get_field(field).get_db_prep_save(value, connection)


def _typed(column: Any, expression: str) -> str:
    """PostgreSQL takes a column of nothing but NULL for text."""
    if connection.vendor != "postgresql":
        return expression
    return f"CAST({expression} AS {column.rel_db_type(connection)})"
