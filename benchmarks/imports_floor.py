"""A customer file by hand: parsed, staged in a table without indexes, and from there set-based into
tables of the same shape as ours.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.ground import Ground
from customers.models import CreditAccount, Customer

OURS = re.compile(r"customers_(customer|creditaccount)\b")
NAME = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)?", re.ASCII)
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+", re.ASCII)
PIECE = 10_000
LIMIT = 10**12

LINES = """
CREATE TEMPORARY TABLE floor_line (
    name TEXT NOT NULL, email TEXT NOT NULL, credit BIGINT NOT NULL, discount SMALLINT NOT NULL,
    subscriber BOOLEAN NOT NULL
)
"""
CHANGE = """
UPDATE floor_customer SET email = l.email, discount = l.discount, subscriber = l.subscriber
FROM floor_line l
WHERE floor_customer.store_id = %(store)s AND floor_customer.name_key = l.name
    AND (floor_customer.email <> l.email OR floor_customer.discount <> l.discount
        OR floor_customer.subscriber <> l.subscriber)
"""
MOVE = """
UPDATE floor_creditaccount SET credit = l.credit
FROM floor_line l JOIN floor_customer c ON c.store_id = %(store)s AND c.name_key = l.name
WHERE floor_creditaccount.customer_id = c.id AND floor_creditaccount.credit <> l.credit
"""
ADD = """
INSERT INTO floor_customer (store_id, username, name_key, email, discount, subscriber)
SELECT %(store)s, l.name, l.name, l.email, l.discount, l.subscriber FROM floor_line l
WHERE NOT EXISTS (
    SELECT 1 FROM floor_customer c WHERE c.store_id = %(store)s AND c.name_key = l.name
)
"""
ACCOUNTS = """
INSERT INTO floor_creditaccount (customer_id, store_id, credit)
SELECT c.id, c.store_id, l.credit
FROM floor_customer c JOIN floor_line l ON l.name = c.name_key
WHERE c.store_id = %(store)s AND c.id > %(last)s
"""
DEFINITIONS = """
SELECT sql FROM sqlite_master
WHERE tbl_name IN ('customers_customer', 'customers_creditaccount')
    AND type IN ('table', 'index') AND sql IS NOT NULL
ORDER BY type DESC
"""
FACTS = """
SELECT c.name_key, c.email, c.discount, c.subscriber, a.credit
FROM {0}_customer c JOIN {0}_creditaccount a ON a.customer_id = c.id WHERE c.store_id = %(store)s
"""
DIFFERENT = f"""
SELECT COUNT(*) FROM (
    {FACTS.format("customers")} EXCEPT {FACTS.format("floor")}
) different
"""


def make_tables() -> None:
    """Customers and accounts once more: columns, checks and indexes as ours, and our rows."""
    for model in (Customer, CreditAccount):
        if connection.vendor == "postgresql":
            theirs = _theirs(model._meta.db_table)
            execute(f"CREATE TABLE {theirs} (LIKE {model._meta.db_table} INCLUDING ALL)")
    if connection.vendor == "sqlite":
        for (definition,) in execute(DEFINITIONS):
            execute(re.sub(r'INDEX "', 'INDEX "floor_', _theirs(definition)))
    for model in (Customer, CreditAccount):
        columns = ", ".join(str(field.column) for field in model._meta.local_concrete_fields)
        table = model._meta.db_table
        execute(f"INSERT INTO {_theirs(table)} ({columns}) SELECT {columns} FROM {table}")
    if connection.vendor == "postgresql":
        execute("SELECT setval('floor_customer_id_seq', (SELECT MAX(id) FROM floor_customer))")


def write(ground: Ground, path: Path) -> None:
    """Bring what the file says into the tables, in one transaction."""
    params: dict[str, Any] = {"store": ground.store.pk}
    with transaction.atomic():
        execute(LINES)
        _stage(parsed(path))
        execute("CREATE UNIQUE INDEX floor_line_name ON floor_line (name)")
        execute("ANALYZE floor_line")
        params["last"] = execute("SELECT MAX(id) FROM floor_customer")[0][0]
        for statement in (CHANGE, MOVE, ADD, ACCOUNTS):
            execute(statement, params)
        execute("DROP TABLE floor_line")


def parsed(path: Path) -> Iterator[tuple[str, str, int, int, bool]]:
    """The lines of the file, checked. Raises ValueError for one that is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for name, email, credit, discount, subscriber in rows:
            name = name.casefold()
            amount, percent = int(credit), int(discount)
            fits = 0 <= amount <= LIMIT and 0 <= percent <= 100
            if not (fits and NAME.fullmatch(name) and MAIL.fullmatch(email)):
                raise ValueError(name)
            yield name, email, amount, percent, subscriber == "yes"


def differences(ground: Ground) -> int:
    """How many customers of ours the floor does not have just so."""
    return int(execute(DIFFERENT, {"store": ground.store.pk})[0][0])


def _stage(rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy("COPY floor_line FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        while piece := list(islice(rows, PIECE)):
            cursor.executemany("INSERT INTO floor_line VALUES (%s, %s, %s, %s, %s)", piece)


def _theirs(definition: str) -> str:
    """A definition of our tables as that of the floor's."""
    return OURS.sub(r"floor_\1", definition)


def execute(sql: str, params: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
