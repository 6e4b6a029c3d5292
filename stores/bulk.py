"""Writing many rows at once, without a model object for each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    skip_conflicts: bool = False,
) -> None:
    """Insert rows of values as the database takes them, in the order of `fields`; constraints and triggers hold.

    Defaults of the model do not apply. With `skip_conflicts` a row that breaks a unique constraint is left out.
    """
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(field).column for field in fields]
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
        f" VALUES ({', '.join(['%s'] * len(columns))})"
        f"{' ON CONFLICT DO NOTHING' if skip_conflicts else ''}"
    )
    execute_many(sql, rows)


def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))
