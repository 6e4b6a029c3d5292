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
        fill(f"INSERT INTO {table} ({', '.join(columns)})", rows)


def _copy(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """What the database refuses is Django's error, as with any statement."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def fill(into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run an `INSERT INTO` over rows on SQLite, which takes them past Django."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for part in _chunks(rows):
            values = _values(part, placeholder="?")
            sqlite3.Cursor.execute(cursor.cursor, f"{into} VALUES {values}", _flat(part))


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
    if connection.vendor == "postgresql":
        # Of the type of the column: only so does PostgreSQL hash the array where it reads all rows.
        among, asked = f"= ANY(%s::{_type(model._meta.get_field(field))}[])", [list(values)]
    else:
        among, asked = f"IN ({', '.join(['%s'] * len(values))})", list(values)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(among=f"{_column(model, field)} {among}"), [*first, *asked])
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


def execute_rows(sql: str, rows: Iterable[Sequence[Any]], *, types: Sequence[str]) -> None:
    """Run a statement over rows: `{rows}` in it stands for some thousands of them at a time, called
    `change` with `column1` and so on, of those types of PostgreSQL.

    One statement for each row would cost twice that, and on SQLite seven times where text is
    indexed for search, since its index is written out after each statement.
    """
    with connection.cursor() as cursor:
        for part in _statements(sql, rows, types):
            cursor.execute(*part)


def fetch_rows(
    sql: str, rows: Iterable[Sequence[Any]], *, types: Sequence[str]
) -> list[tuple[Any, ...]]:
    """What a query over rows answers; as `execute_rows`."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for part in _statements(sql, rows, types):
            cursor.execute(*part)
            found += cursor.fetchall()
    return found


def _statements(
    sql: str, rows: Iterable[Sequence[Any]], types: Sequence[str]
) -> Iterator[tuple[str, list[Any]]]:
    """PostgreSQL gets an array for each column: its driver takes a fifth of the time to write that
    out, beside a placeholder for each value.
    """
    names = ", ".join(f"column{place}" for place, _ in enumerate(types, start=1))
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    for part in _chunks(rows):
        if connection.vendor == "postgresql":
            unnested = f"unnest({arrays}) AS change ({names})"
            yield sql.format(rows=unnested), [list(column) for column in zip(*part, strict=True)]
        else:
            yield sql.format(rows=f"(VALUES {_values(part)}) AS change"), _flat(part)


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while first := next(rest, None):
        yield [first, *islice(rest, PARAMETERS_AT_ONCE // len(first) - 1)]


def _values(part: Sequence[Sequence[Any]], placeholder: str = "%s") -> str:
    one = f"({', '.join([placeholder] * len(part[0]))})"
    return ", ".join([one] * len(part))


def _flat(part: Sequence[Sequence[Any]]) -> list[Any]:
    return list(chain.from_iterable(part))


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `fields` of rows by their primary key, which is the first value of each, the others being
    as the database takes them; constraints and triggers hold.
    """
    quote = connection.ops.quote_name
    key = model._meta.pk
    columns = [model._meta.get_field(field) for field in fields]
    sets = ", ".join(
        f"{quote(column.column)} = change.column{place}"
        for place, column in enumerate(columns, start=2)
    )
    table = quote(model._meta.db_table)
    sql = (
        f"UPDATE {table} SET {sets}"  # noqa: S608  names of ours
        f" FROM {{rows}} WHERE {table}.{quote(key.column)} = change.column1"
    )
    execute_rows(sql, rows, types=[_type(column) for column in (key, *columns)])


def prepared(model: type[models.Model], field: str, value: Any) -> Any:
    """A value as the database takes it in that field."""
    return model._meta.get_field(field).get_db_prep_save(value, connection)


def _type(column: Any) -> str:
    """The type of a column, without its length: what is too long is refused, not cut."""
    return str(column.rel_db_type(connection)).partition("(")[0]
