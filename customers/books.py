"""Checking the books: every figure and balance computed again from purchases and entries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from customers import figures, turnover
from stores.models import Store
from stores.snapshots import one_moment


@dataclass(frozen=True)
class Difference:
    """A stored number that is not what the facts say."""

    customer_id: int | None
    what: str
    stored: object
    computed: object

    def __str__(self) -> str:
        text = _("customer %(customer)s: %(what)s is %(stored)s, should be %(computed)s")
        return text % {
            "customer": self.customer_id,
            "what": self.what,
            "stored": self.stored,
            "computed": self.computed,
        }


def check(store: Store) -> Iterator[Difference]:
    """Each difference in the figures, balances, entries and counters of a store, as of the day it
    has rolled to. All of it is read at one moment, whatever is written meanwhile; whoever takes a
    difference writes nothing before the last.
    """
    with one_moment():
        yield from _check(store)


def _check(store: Store) -> Iterator[Difference]:
    since = figures.through(store) - figures.YEAR
    checks: list[tuple[str, list[Any]]] = [
        (_FIGURES, [since, store.pk, store.pk]),
        (_OWNS, [store.pk, store.pk]),
        *(
            (_BALANCE.format(balance=balance), [balance, store.pk])
            for balance in ("credit", "restricted")
        ),
        (_CHAIN, [store.pk]),
        (_PAID, [store.pk, store.pk]),
        (_ACCOUNTS, [store.pk]),
        (_LISTED, [store.pk]),
        (_COUNT, [store.pk, store.pk]),
        (_DAYS, [store.pk] * 3),
    ]
    for sql, params in checks:
        yield from _differences(sql, params)
    yield from _closed_days(store)


def _closed_days(store: Store) -> Iterator[Difference]:
    """Kept sums of purchases, month by month; days that are stale are not relied on."""
    nothing = turnover.Turnover()
    for days, kept in turnover.closed_months(store):
        computed = turnover.summed(store, days)
        for day in days:
            stored, true = kept.get(day, nothing), computed.get(day, nothing)
            for what in turnover.SUMS:
                if getattr(stored, what) != getattr(true, what):
                    yield Difference(
                        None, f"{what} on {day}", getattr(stored, what), getattr(true, what)
                    )


def _differences(sql: str, params: list[Any]) -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            values = dict(zip(names, row, strict=True))
            customer_id = values.pop("customer_id")
            for what in [name for name in values if not name.startswith("true_")]:
                stored, computed = _plain(values[what]), _plain(values[f"true_{what}"])
                if stored != computed:
                    yield Difference(customer_id, what, stored, computed)


def _plain(value: object) -> object:
    """SQLite gives a time as a text where it was computed."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value


_FIGURES = """
SELECT c.id AS customer_id,
    c.spent AS spent, COALESCE(p.spent, 0) AS true_spent,
    c.spent_year AS spent_year, COALESCE(p.spent_year, 0) AS true_spent_year,
    c.first_purchase_at AS first_purchase_at, p.first_at AS true_first_purchase_at,
    c.last_purchase_at AS last_purchase_at, p.last_at AS true_last_purchase_at
FROM customers_customer c LEFT JOIN (
    SELECT payer_id,
        SUM(money) AS spent,
        SUM(CASE WHEN counts_on > %s THEN money ELSE 0 END) AS spent_year,
        MIN(CASE WHEN quantity > 0 THEN at END) AS first_at,
        MAX(CASE WHEN quantity > 0 THEN at END) AS last_at
    FROM customers_purchase WHERE store_id = %s GROUP BY payer_id
) p ON p.payer_id = c.id
WHERE c.store_id = %s AND (
    c.spent <> COALESCE(p.spent, 0) OR c.spent_year <> COALESCE(p.spent_year, 0)
    OR c.first_purchase_at IS DISTINCT FROM p.first_at
    OR c.last_purchase_at IS DISTINCT FROM p.last_at
)
"""

_OWNS = """
SELECT c.id AS customer_id, c.owns AS owns, COALESCE(o.owns, 0) AS true_owns
FROM customers_customer c LEFT JOIN (
    SELECT recipient_id, COUNT(*) AS owns FROM (
        SELECT recipient_id, product_id FROM customers_purchase
        WHERE store_id = %s AND product_id IS NOT NULL AND removed_at IS NULL
        GROUP BY recipient_id, product_id HAVING SUM(quantity) > 0
    ) held GROUP BY recipient_id
) o ON o.recipient_id = c.id
WHERE c.store_id = %s AND c.owns <> COALESCE(o.owns, 0)
"""

_BALANCE = """
SELECT a.customer_id AS customer_id,
    a.{balance} AS {balance}, COALESCE(e.total, 0) AS true_{balance},
    a.{balance}_seq AS {balance}_seq, COALESCE(e.entries, 0) AS true_{balance}_seq
FROM customers_creditaccount a LEFT JOIN (
    SELECT account_id, SUM(delta) AS total, COUNT(*) AS entries FROM customers_creditentry
    WHERE balance = %s GROUP BY account_id
) e ON e.account_id = a.customer_id
WHERE a.store_id = %s AND (
    a.{balance} <> COALESCE(e.total, 0) OR a.{balance}_seq <> COALESCE(e.entries, 0)
)
"""

_CHAIN = """
SELECT account_id AS customer_id,
    after AS after_of_an_entry, previous + delta AS true_after_of_an_entry,
    seq AS seq_of_an_entry, place AS true_seq_of_an_entry
FROM (
    SELECT account_id, after, delta, seq,
        COALESCE(LAG(after) OVER (PARTITION BY account_id, balance ORDER BY seq), 0) AS previous,
        ROW_NUMBER() OVER (PARTITION BY account_id, balance ORDER BY seq) AS place
    FROM customers_creditentry WHERE store_id = %s
) chain WHERE after <> previous + delta OR seq <> place
"""

_PAID = """
SELECT customer_id,
    SUM(credit) AS credit_of_a_purchase, SUM(true_credit) AS true_credit_of_a_purchase,
    SUM(restricted) AS restricted_of_a_purchase,
    SUM(true_restricted) AS true_restricted_of_a_purchase
FROM (
    SELECT id AS purchase_id, payer_id AS customer_id,
        credit, restricted, 0 AS true_credit, 0 AS true_restricted
    FROM customers_purchase WHERE store_id = %s AND (credit <> 0 OR restricted <> 0)
    UNION ALL
    SELECT purchase_id, account_id, 0, 0,
        CASE WHEN balance = 'credit' THEN -delta ELSE 0 END,
        CASE WHEN balance = 'restricted' THEN -delta ELSE 0 END
    FROM customers_creditentry
    WHERE store_id = %s AND purchase_id IS NOT NULL AND kind IN ('purchase', 'return')
) used GROUP BY purchase_id, customer_id
HAVING SUM(credit) <> SUM(true_credit) OR SUM(restricted) <> SUM(true_restricted)
ORDER BY purchase_id
"""

_ACCOUNTS = """
SELECT c.id AS customer_id, 'none' AS account, 'one' AS true_account
FROM customers_customer c LEFT JOIN customers_creditaccount a ON a.customer_id = c.id
WHERE c.store_id = %s AND a.customer_id IS NULL
"""

_LISTED = """
SELECT c.id AS customer_id, 'no' AS listed_as_archived, 'yes' AS true_listed_as_archived
FROM customers_customer c JOIN customers_creditaccount a ON a.customer_id = c.id
WHERE c.store_id = %s AND
    (CASE WHEN c.archived_at IS NULL THEN 1 ELSE 0 END) <> (CASE WHEN a.listed THEN 1 ELSE 0 END)
"""

_COUNT = """
SELECT NULL AS customer_id, counted AS customer_count, present AS true_customer_count
FROM (
    SELECT COALESCE((SELECT listed FROM customers_customercount WHERE store_id = %s), 0) AS counted,
        (
            SELECT COUNT(*) FROM customers_customer WHERE store_id = %s AND archived_at IS NULL
        ) AS present
) counts WHERE counted <> present
"""

_DAYS = """
SELECT NULL AS customer_id,
    SUM(moved) AS moved_on_a_closed_day, SUM(true_moved) AS true_moved_on_a_closed_day,
    SUM(entries) AS entries_of_a_closed_day, SUM(true_entries) AS true_entries_of_a_closed_day
FROM (
    SELECT day, balance, kind, moved, entries, 0 AS true_moved, 0 AS true_entries
    FROM customers_creditday WHERE store_id = %s
    UNION ALL
    SELECT d.day, e.balance, e.kind, 0, 0, SUM(e.delta), COUNT(*)
    FROM (
        SELECT DISTINCT day, starts_at, ends_at FROM customers_creditday WHERE store_id = %s
    ) d JOIN customers_creditentry e
        ON e.store_id = %s AND e.at >= d.starts_at AND e.at < d.ends_at
    GROUP BY d.day, e.balance, e.kind
) sums GROUP BY day, balance, kind
HAVING SUM(moved) <> SUM(true_moved) OR SUM(entries) <> SUM(true_entries)
"""
