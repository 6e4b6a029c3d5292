"""What a database itself says of its triggers, keys and search indexes, in the same words for both engines."""

import re
from typing import NamedTuple

from django.db import connection


class Trigger(NamedTuple):
    """`columns` are those whose change fires it; none where it fires for the whole row."""

    table: str
    name: str
    event: str
    columns: frozenset[str]


class Key(NamedTuple):
    """A foreign key over several columns, checked at the end of the transaction."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


def triggers() -> set[Trigger]:
    """The triggers that are switched on."""
    if connection.vendor == "postgresql":
        rows = fetch(_TRIGGERS)
        return {
            Trigger(table, name, event, frozenset(columns)) for table, name, event, columns in rows
        }
    return {
        _parsed(sql) for (sql,) in fetch("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
    }


def composite_keys() -> set[Key]:
    if connection.vendor == "postgresql":
        return {
            Key(table, tuple(columns), target, tuple(others))
            for table, columns, target, others in fetch(_KEYS)
        }
    keys: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
    for table, number, target, column, other in fetch(_KEYS_SQLITE):
        keys.setdefault((table, number), []).append((target, column, other))
    return {
        Key(
            table,
            tuple(column for _, column, _ in parts),
            parts[0][0],
            tuple(other for *_, other in parts),
        )
        for (table, _), parts in keys.items()
        if len(parts) > 1
    }


def table_sql(table: str) -> str:
    """SQLite alone keeps the text of a table."""
    ((sql,),) = fetch("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
    return sql


def index_sql(name: str) -> str | None:
    """The definition of an index on PostgreSQL, of the table that is the index on SQLite; None if there is none."""
    if connection.vendor == "postgresql":
        rows = fetch("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
    else:
        rows = fetch("SELECT sql FROM sqlite_master WHERE name = %s", [name])
    return rows[0][0] if rows else None


def fetch(sql: str, params: list[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _parsed(sql: str) -> Trigger:
    match = re.search(
        r'CREATE TRIGGER "?(?P<name>\w+)"? (?P<event>(BEFORE|AFTER) \w+)( OF (?P<columns>.+?))? ON "(?P<table>\w+)"',
        sql,
    )
    assert match, sql
    columns = re.findall(r'"(\w+)"', match["columns"] or "")
    return Trigger(match["table"], match["name"], match["event"], frozenset(columns))


_TRIGGERS = """
SELECT c.relname, t.tgname,
    CASE t.tgtype WHEN 19 THEN 'BEFORE UPDATE' WHEN 11 THEN 'BEFORE DELETE' ELSE 'other' END,
    ARRAY(
        SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = t.tgrelid AND a.attnum = ANY(t.tgattr::int2[])
    )
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
"""

_KEYS = """
SELECT s.relname,
    ARRAY(
        SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS part (number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number ORDER BY place
    ),
    t.relname,
    ARRAY(
        SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS part (number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = part.number ORDER BY place
    )
FROM pg_constraint k JOIN pg_class s ON s.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND array_length(k.conkey, 1) > 1 AND k.convalidated AND k.condeferred
"""

_KEYS_SQLITE = """
SELECT m.name, k.id, k."table", k."from", k."to"
FROM sqlite_master m, pragma_foreign_key_list(m.name) k
WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq
"""
