"""Tables between transactional tests: emptied row by row, although some of them take no deletion."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

# Django writes them anew after each time; what is there already it only looks at.
LEFT = {"auth_permission", "django_content_type", "django_migrations"}
MANY_ROWS = 1_000
_flush = BaseDatabaseOperations.execute_sql_flush


def empty(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """In the place of `execute_sql_flush`: TRUNCATE makes hundreds of files anew, whatever is in them."""
    connection = operations.connection
    rows = _rows(connection)
    if connection.vendor == "postgresql" and max(rows.values(), default=0) > MANY_ROWS:
        _flush(operations, sql_list)
        return
    with lifted(connection), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in rows:
            cursor.execute(f'DELETE FROM "{table}"')
        connection.check_constraints()


def _rows(connection: Any) -> dict[str, int]:
    """Of each table that is not empty the number of rows, not counted much further than is asked."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    counts = " UNION ALL ".join(
        f"SELECT '{table}', COUNT(*) FROM (SELECT 1 FROM \"{table}\" LIMIT {MANY_ROWS + 1}) {table}"
        for table in set(tables) - LEFT
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return {table: count for table, count in cursor.fetchall() if count}


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Append-only tables take every change until the end of the block; one transaction, so the triggers come back."""
    away, back = _LIFTED[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgfoid = 'storeadmin_refuse'::regproc"
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
            )
        triggers = cursor.fetchall()
        for name, rest in triggers:
            cursor.execute(away.format(name=name, rest=rest))
        yield
        for name, rest in triggers:
            cursor.execute(back.format(name=name, rest=rest))
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_LIFTED = {
    "sqlite": ('DROP TRIGGER "{name}"', "{rest}"),
    "postgresql": (
        'ALTER TABLE {rest} DISABLE TRIGGER "{name}"',
        'ALTER TABLE {rest} ENABLE TRIGGER "{name}"',
    ),
}
