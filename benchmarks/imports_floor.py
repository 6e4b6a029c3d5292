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
from django.utils import timezone

from benchmarks.ground import Ground
from customers.models import CreditAccount, CreditEntry, Customer, SearchText
from stores.models import Batch, State

TABLES = (Customer, CreditAccount, CreditEntry, SearchText)
# The table that SQLite searches texts by is called `customers_search`.
OURS = re.compile(r"customers_(customer|creditaccount|creditentry|searchtext|search)(?![a-z])")
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
KNOWN = "floor_line l JOIN floor_customer c ON c.store_id = %(store)s AND c.name_key = l.name"
# What finds a customer ends with the e-mail, in a line of its own.
FIND = f"""
UPDATE floor_searchtext SET text = CASE WHEN c.email = '' THEN text
    ELSE substr(text, 1, length(text) - length(c.email) - 1) END || %(end)s || l.email
FROM {KNOWN} WHERE floor_searchtext.customer_id = c.id AND c.email <> l.email
"""
CHANGE = """
UPDATE floor_customer SET email = l.email, discount = l.discount, subscriber = l.subscriber
FROM floor_line l
WHERE floor_customer.store_id = %(store)s AND floor_customer.name_key = l.name
    AND (floor_customer.email <> l.email OR floor_customer.discount <> l.discount
        OR floor_customer.subscriber <> l.subscriber)
"""
ENTRY = """
INSERT INTO floor_creditentry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, batch_id
)
"""
ORIGIN = "'import', '', '', %(at)s, %(by)s, %(batch)s"
MOVED = f"""{ENTRY}
SELECT a.store_id, a.customer_id, 'credit', a.credit_seq + 1, l.credit - a.credit, l.credit,
    {ORIGIN}
FROM {KNOWN} JOIN floor_creditaccount a ON a.customer_id = c.id
WHERE a.credit <> l.credit ORDER BY a.customer_id
"""
MOVE = f"""
UPDATE floor_creditaccount SET credit = l.credit, credit_seq = credit_seq + 1
FROM {KNOWN}
WHERE floor_creditaccount.customer_id = c.id AND floor_creditaccount.credit <> l.credit
"""
ADD = """
INSERT INTO floor_customer (store_id, username, name_key, email, discount, subscriber)
SELECT %(store)s, l.name, l.name, l.email, l.discount, l.subscriber FROM floor_line l
WHERE NOT EXISTS (
    SELECT 1 FROM floor_customer c WHERE c.store_id = %(store)s AND c.name_key = l.name
)
"""
ADDED = f"FROM {KNOWN} WHERE c.id > %(last)s ORDER BY c.id"
TEXTS = f"""
INSERT INTO floor_searchtext (customer_id, store_id, text)
SELECT c.id, c.store_id, c.name_key || %(end)s || c.email {ADDED}
"""
ACCOUNTS = f"""
INSERT INTO floor_creditaccount (customer_id, store_id, credit, credit_seq)
SELECT c.id, c.store_id, l.credit, 1 {ADDED}
"""
OPENED = f"""{ENTRY}
SELECT c.store_id, c.id, 'credit', 1, l.credit, l.credit, {ORIGIN} {ADDED}
"""
STATEMENTS = (FIND, CHANGE, MOVED, MOVE, ADD, TEXTS, ACCOUNTS, OPENED)
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid IN (
    'customers_customer'::regclass, 'customers_creditaccount'::regclass,
    'customers_creditentry'::regclass, 'customers_searchtext'::regclass
)
"""
DEFINITIONS = """
SELECT sql FROM sqlite_master
WHERE sql IS NOT NULL AND (
    type IN ('table', 'index') AND tbl_name IN (
        'customers_customer', 'customers_creditaccount', 'customers_creditentry', 'customers_search'
    ) OR tbl_name = 'customers_searchtext'
)
ORDER BY type <> 'table'
"""
FACTS = """
SELECT c.name_key, c.email, c.discount, c.subscriber, a.credit, a.credit_seq, s.text
FROM {0}_customer c JOIN {0}_creditaccount a ON a.customer_id = c.id
JOIN {0}_searchtext s ON s.customer_id = c.id WHERE c.store_id = %(store)s
"""
MOVES = """
SELECT c.name_key, e.balance, e.seq, e.delta, e.after
FROM {0}_creditentry e JOIN {0}_customer c ON c.id = e.account_id WHERE e.batch_id = %({0})s
"""


def make_tables() -> None:
    """Customers, accounts, entries and texts once more: columns, checks, indexes and keys as ours,
    and our rows.
    """
    if connection.vendor == "postgresql":
        for model in TABLES:
            table = model._meta.db_table
            execute(f"CREATE TABLE {_theirs(table)} (LIKE {table} INCLUDING ALL)")
    else:
        for (definition,) in execute(DEFINITIONS):
            execute(re.sub(r'INDEX "', 'INDEX "import_floor_', _theirs(definition)))
    for model in TABLES:
        columns = ", ".join(str(field.column) for field in model._meta.local_concrete_fields)
        table = model._meta.db_table
        execute(f"INSERT INTO {_theirs(table)} ({columns}) SELECT {columns} FROM {table}")
    if connection.vendor == "postgresql":
        for table, name, definition in execute(KEYS):
            execute(_theirs(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
        for table in ("floor_customer", "floor_creditentry"):
            execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


def write(ground: Ground, path: Path) -> int:
    """Bring what the file says into the tables, in one transaction; the batch of the entries."""
    batch = Batch.objects.create(
        store=ground.store, kind="floor", title="by hand", by=ground.owner, state=State.DONE
    )
    params: dict[str, Any] = {
        "store": ground.store.pk,
        "by": ground.owner.pk,
        "batch": batch.pk,
        "at": connection.ops.adapt_datetimefield_value(timezone.now()),
        "end": "\n",
    }
    with transaction.atomic():
        execute(LINES)
        _stage(parsed(path))
        execute("CREATE UNIQUE INDEX floor_line_name ON floor_line (name)")
        execute("ANALYZE floor_line")
        params["last"] = execute("SELECT MAX(id) FROM floor_customer")[0][0]
        for statement in STATEMENTS:
            execute(statement, params)
        execute("DROP TABLE floor_line")
    return batch.pk


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


def differences(ground: Ground, ours: int, floor: int) -> int:
    """How many customers of ours, and entries of our batch, the floor does not have just so."""
    params = {"store": ground.store.pk, "customers": ours, "floor": floor}
    return sum(
        execute(f"SELECT COUNT(*) FROM ({both}) different", params)[0][0]
        for both in (
            f"{one.format('customers')} EXCEPT {one.format('floor')}" for one in (FACTS, MOVES)
        )
    )


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
