"""Bulk credit by hand: tables of the same shape, one UPDATE and one INSERT for each chunk."""

import re
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.ground import Ground
from customers.models import CreditAccount, CreditEntry
from stores.models import Batch, State

CHUNK = 10_000
OURS = re.compile(r"customers_credit(account|entry)")
COMPARED = "account_id, balance, seq, delta, after, kind, reason"

SPAN = """
SELECT MAX(customer_id) FROM (
    SELECT customer_id FROM floor_account WHERE store_id = %(store)s AND customer_id > %(first)s
    ORDER BY customer_id LIMIT %(chunk)s
) chunk
"""
ENTRIES = """
INSERT INTO floor_entry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, batch_id
)
SELECT store_id, customer_id, 'credit', credit_seq, %(delta)s, credit, 'bulk', '', '', %(at)s,
    %(by)s, %(batch)s
FROM floor_account
WHERE store_id = %(store)s AND customer_id > %(first)s AND customer_id <= %(last)s
ORDER BY customer_id
"""
MOVE = """
UPDATE floor_account SET credit = credit + %(delta)s, credit_seq = credit_seq + 1
WHERE store_id = %(store)s AND customer_id > %(first)s AND customer_id <= %(last)s
"""
ENTRIES_BACK = """
INSERT INTO floor_entry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, reverses_id,
    batch_id
)
SELECT a.store_id, a.customer_id, 'credit', a.credit_seq, -e.delta, a.credit, 'reversal', '', '',
    %(at)s, %(by)s, e.id, %(batch)s
FROM floor_entry e JOIN floor_account a ON a.customer_id = e.account_id
WHERE e.batch_id = %(undone)s AND e.account_id > %(first)s AND e.account_id <= %(last)s
ORDER BY a.customer_id
"""
MOVE_BACK = """
UPDATE floor_account AS a SET credit = a.credit - e.delta, credit_seq = a.credit_seq + 1
FROM floor_entry e
WHERE e.batch_id = %(undone)s AND e.account_id > %(first)s AND e.account_id <= %(last)s
    AND a.customer_id = e.account_id
"""
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid IN (
    'customers_creditaccount'::regclass, 'customers_creditentry'::regclass
)
"""
DEFINITIONS = """
SELECT sql FROM sqlite_master
WHERE tbl_name IN ('customers_creditaccount', 'customers_creditentry')
    AND type IN ('table', 'index') AND sql IS NOT NULL
ORDER BY type DESC
"""
DIFFERENT = f"""
SELECT COUNT(*) FROM (
    SELECT {COMPARED} FROM customers_creditentry WHERE batch_id = %(ours)s
    EXCEPT SELECT {COMPARED} FROM floor_entry WHERE batch_id = %(floor)s
) different
"""


def make_tables() -> None:
    """Accounts and entries once more: columns, checks, indexes and keys as ours, and our rows."""
    if connection.vendor == "postgresql":
        for name in ("account", "entry"):
            _execute(f"CREATE TABLE floor_{name} (LIKE customers_credit{name} INCLUDING ALL)")
        for table, name, definition in _execute(KEYS):
            _execute(_theirs(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
    else:
        for (definition,) in _execute(DEFINITIONS):
            _execute(re.sub(r'INDEX "', 'INDEX "floor_', _theirs(definition)))
    for model, name in ((CreditAccount, "account"), (CreditEntry, "entry")):
        columns = ", ".join(str(field.column) for field in model._meta.local_concrete_fields)
        copied = f"SELECT {columns} FROM {model._meta.db_table}"
        _execute(f"INSERT INTO floor_{name} ({columns}) {copied}")
    if connection.vendor == "postgresql":
        _execute("SELECT setval('floor_entry_id_seq', (SELECT MAX(id) FROM floor_entry))")


def add(ground: Ground, delta: int) -> int:
    """So much credit for everyone; the batch of the entries."""
    return _in_chunks(ground, MOVE, ENTRIES, delta=delta)


def take_back(ground: Ground, undone: int) -> int:
    """What that batch moved, moved back; the batch of the new entries."""
    return _in_chunks(ground, MOVE_BACK, ENTRIES_BACK, undone=undone)


def differences(ours: int, floor: int) -> int:
    """How many entries of a batch of ours the floor did not write in its own."""
    return _execute(DIFFERENT, {"ours": ours, "floor": floor})[0][0]


def _in_chunks(ground: Ground, move: str, entries: str, **what: Any) -> int:
    """Both statements for one span of keys after the other, each in a transaction of its own."""
    batch = Batch.objects.create(
        store=ground.store, kind="floor", title="by hand", by=ground.owner, state=State.DONE
    )
    first = 0
    params = {
        "store": ground.store.pk,
        "by": ground.owner.pk,
        "batch": batch.pk,
        "at": connection.ops.adapt_datetimefield_value(timezone.now()),
        "chunk": CHUNK,
        **what,
    }
    while last := _execute(SPAN, {**params, "first": first})[0][0]:
        with transaction.atomic():
            _execute(move, {**params, "first": first, "last": last})
            _execute(entries, {**params, "first": first, "last": last})
        first = last
    return batch.pk


def _theirs(definition: str) -> str:
    """A definition of our tables as that of the floor's."""
    return OURS.sub(r"floor_\1", definition)


def _execute(sql: str, params: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
