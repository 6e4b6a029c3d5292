"""A sales file by hand: parsed, staged in a table without indexes, and from there set-based into
the tables of the program, for a store that holds nothing yet.
"""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.imports_floor import execute
from stores.models import Store

PIECE = 10_000
YEAR = dt.timedelta(days=365)

LINES = """
CREATE TEMPORARY TABLE floor_sale (
    customer TEXT NOT NULL, at TIMESTAMP NOT NULL, day DATE NOT NULL, quantity INTEGER NOT NULL,
    amount BIGINT NOT NULL, import_key TEXT NOT NULL
)
"""
CUSTOMERS = """
INSERT INTO customers_customer (
    store_id, username, name_key, spent, spent_year, first_purchase_at, last_purchase_at
)
SELECT %(store)s, customer, customer, SUM(amount),
    SUM(CASE WHEN day > %(year)s THEN amount ELSE 0 END), MIN(at), MAX(at)
FROM floor_sale GROUP BY customer
"""
THEIRS = "FROM customers_customer WHERE store_id = %(store)s"
ACCOUNTS = (
    f"INSERT INTO customers_creditaccount (customer_id, store_id) SELECT id, store_id {THEIRS}"
)
TEXTS = f"""
INSERT INTO customers_searchtext (customer_id, store_id, text)
SELECT id, store_id, name_key {THEIRS}
"""
PURCHASES = """
INSERT INTO customers_purchase (
    store_id, payer_id, recipient_id, quantity, at, counts_on, receipt, list_price, price, money,
    credit, restricted, import_key
)
SELECT c.store_id, c.id, c.id, s.quantity, s.at, s.day, '', s.amount, s.amount, s.amount, 0, 0,
    s.import_key
FROM floor_sale s JOIN customers_customer c ON c.store_id = %(store)s AND c.name_key = s.customer
"""
STATEMENTS = (CUSTOMERS, ACCOUNTS, TEXTS, PURCHASES)


def write(store: Store, path: Path) -> None:
    """Bring the sales of the file into a store without any, in one transaction."""
    year = connection.ops.adapt_datefield_value(store.today() - YEAR)
    with transaction.atomic():
        execute(LINES)
        _stage(parsed(path))
        execute("ANALYZE floor_sale")
        for statement in STATEMENTS:
            execute(statement, {"store": store.pk, "year": year})
        execute("DROP TABLE floor_sale")


def parsed(path: Path) -> Iterator[tuple[str, str, str, int, int, str]]:
    """The lines of the file, each with a key that it has whenever it is read again."""
    seen: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for name, date, quantity, amount in rows:
            dollars, cents = amount.split(".")
            day = dt.date.fromisoformat(date)
            text = "\n".join((name, date, quantity, amount))
            seen[text] += 1
            key = sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:32]
            cost = int(dollars) * 100 + int(cents)
            yield name.casefold(), f"{day} 12:00:00", date, int(quantity), cost, key


def _stage(rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy("COPY floor_sale FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        while piece := list(islice(rows, PIECE)):
            cursor.executemany("INSERT INTO floor_sale VALUES (%s, %s, %s, %s, %s, %s)", piece)
