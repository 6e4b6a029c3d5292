"""Pages of one customer: the dialog of the profile, and the history of a credit that moved very
often.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.beside import DIALOG, VISITS, Pages, beside, total
from benchmarks.ground import Ground, tidy
from benchmarks.imports_floor import execute
from benchmarks.report import Line
from customers.models import CreditAccount, Customer

GOAL = 6.0
ROWS = 50
PEOPLE = 8
ENTRIES = 100_000
EACH = 10  # entries for each customer of a small store, up to ENTRIES
NUMBERS = {
    "postgresql": "SELECT n FROM generate_series(1, %(number)s) n",
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
    " WHERE n < %(number)s) SELECT n FROM s",
}
MOVE = """
INSERT INTO customers_creditentry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id
)
SELECT %(store)s, %(key)s, 'credit', %(seq)s + n, 1, %(held)s + n, 'grant', 'prize', 'one more',
    %(at)s, %(by)s
FROM ({numbers}) numbers
"""
HELD = """
UPDATE customers_creditaccount
SET credit = credit + %(number)s, credit_seq = credit_seq + %(number)s WHERE customer_id = %(key)s
"""


def measure(ground: Ground) -> Iterator[Line]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    tidy()
    yield _profiles(ground, client)
    account = _busy(ground)
    tidy()
    for place, high in _places(account.credit_seq).items():
        ours, floor = beside(ground, client, _history(ground, account, high), headers=DIALOG)
        note = f"{account.credit_seq:,} entries, {ours.wall * 1000 / VISITS:,.1f} ms a visit"
        work = f"credit of a customer, {place}, {VISITS} visits"
        yield Line(work, ours, floor, GOAL, note=note)


def _profiles(ground: Ground, client: Client) -> Line:
    """Of those who spent most and of others; without the three pieces that arrive later."""
    customers = Customer.objects.filter(store=ground.store).order_by("-spent", "-pk")
    step = max(1, ground.customers // PEOPLE)
    keys = [customers.values_list("pk", flat=True)[place * step] for place in range(PEOPLE)]
    pages = [_pages(ground, "customers:profile", "profile", key) for key in keys]
    ours, floor = total([beside(ground, client, pair, headers=DIALOG) for pair in pages])
    note = f"{ours.wall * 1000 / VISITS / PEOPLE:,.1f} ms a visit"
    work = f"profile dialog, {PEOPLE} customers, {VISITS} visits each"
    return Line(work, ours, floor, GOAL, note=note)


def _busy(ground: Ground) -> CreditAccount:
    """An account that never moved, with so many entries."""
    accounts = CreditAccount.objects.filter(store=ground.store).order_by("pk")
    from_there = accounts.filter(pk__gte=accounts[ground.customers // 3].pk)
    account = from_there.filter(credit_seq=0)[0]
    params: dict[str, Any] = {
        "store": ground.store.pk,
        "key": account.pk,
        "by": ground.owner.pk,
        "seq": account.credit_seq,
        "held": account.credit,
        "at": connection.ops.adapt_datetimefield_value(timezone.now()),
        "number": min(ENTRIES, EACH * ground.customers),
    }
    execute(MOVE.format(numbers=NUMBERS[connection.vendor]), params)
    execute(HELD, params)
    account.refresh_from_db()
    return account


def _places(entries: int) -> dict[str, int]:
    """The number of the newest entry of some pages."""
    pages = -(-entries // ROWS)
    return {
        "first": entries,
        "jumped to": entries - pages // 2 * ROWS,
        "last": entries - (pages - 1) * ROWS,
    }


def _history(ground: Ground, account: CreditAccount, high: int) -> Pages:
    ours, floor = _pages(ground, "customers:credit", "credit", account.pk)
    return f"{ours}?page={(account.credit_seq - high) // ROWS + 1}", f"{floor}?high={high}"


def _pages(ground: Ground, name: str, bare: str, key: int) -> Pages:
    slug = ground.store.slug
    return reverse(name, args=[slug, key]), f"/bare/{slug}/customers/{key}/{bare}/"
