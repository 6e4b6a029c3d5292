"""What customers spent and own: columns on the customer, kept in the transaction of each purchase,
and rolled by day.

Lock order: window row, accounts by key, customers by key, counters.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import TruncDate

from customers import closing
from customers.models import Customer, Purchase, YearWindow
from stores.bulk import execute_rows, fetch_rows, moments, parts
from stores.models import Store

YEAR = dt.timedelta(days=365)


class Counted(Protocol):
    """What of a purchase moves a figure."""

    @property
    def payer_id(self) -> int: ...
    @property
    def recipient_id(self) -> int: ...
    @property
    def product_id(self) -> int | None: ...
    @property
    def quantity(self) -> int: ...
    @property
    def money(self) -> int: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def counts_on(self) -> dt.date: ...
    @property
    def removed_at(self) -> dt.datetime | None: ...


@dataclass(slots=True)
class Change:
    """What a set of purchases adds to one customer's figures."""

    spent: int = 0
    spent_year: int = 0
    owns: int = 0
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    def pay(self, purchase: Counted, *, since: dt.date) -> None:
        self.spent += purchase.money
        if purchase.counts_on > since:
            self.spent_year += purchase.money
        if purchase.quantity > 0:
            at = purchase.at
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or at > self.last:
                self.last = at


def through(store: Store) -> dt.date:
    """The day up to which the year has rolled; today for a store without figures."""
    day = YearWindow.objects.filter(store=store).values_list("through", flat=True).first()
    return day or store.today()


def lock_window(store: Store) -> YearWindow:
    """Hold the year where it is until the transaction ends, and which days are closed. Writers
    share the lock. Until then `store` has the time zone that days are counted in.
    """
    share = " FOR SHARE" if connection.features.has_select_for_update else ""
    for window in YearWindow.objects.raw(_WINDOW + share, [store.pk]):
        store.time_zone = window.time_zone
        return window
    _begin_window(store)
    return lock_window(store)


def move_window(store: Store, *, time_zone: str) -> None:
    """Count days in another time zone, through its today: every purchase anew, a return on the day
    of what it returns, then Spent -1Y of everybody; days are to be closed again. Locks the window.
    """
    _begin_window(store)
    window = YearWindow.objects.select_for_update().get(store=store)
    store.time_zone = window.time_zone = time_zone
    window.through = store.today()
    closing.forget(window)
    window.save(update_fields=["time_zone", "through", "closed"])
    sold = Purchase.objects.filter(store=store)
    day = TruncDate("at", tzinfo=store.zone)
    sold.exclude(counts_on=day).update(counts_on=day)
    first = Purchase.objects.filter(pk=OuterRef("returns")).values("counts_on")
    sold.filter(returns__isnull=False).update(counts_on=Subquery(first))
    with connection.cursor() as cursor:
        cursor.execute(_ANEW, [store.pk, window.through - YEAR, store.pk])


def _begin_window(store: Store) -> None:
    window = YearWindow(store=store, through=store.today(), time_zone=store.time_zone)
    YearWindow.objects.bulk_create([window], ignore_conflicts=True)


def count(purchases: Sequence[Counted], *, window: YearWindow) -> None:
    """Add purchases just written to the figures of payers and recipients, and reopen closed days
    that they count on. The caller holds the window.

    Locks the customers by key.
    """
    changes: defaultdict[int, Change] = defaultdict(Change)
    since = window.through - YEAR
    held: Counter[tuple[int, int]] = Counter()
    for purchase in purchases:
        changes[purchase.payer_id].pay(purchase, since=since)
        if purchase.product_id is not None and purchase.removed_at is None:
            held[purchase.recipient_id, purchase.product_id] += purchase.quantity
    lock_customers(dict.fromkeys([*changes, *(recipient for recipient, _ in held)]))
    for (recipient_id, _product), step in _owned_steps(held).items():
        changes[recipient_id].owns += step
    closed = closing.on_closed_days(purchases, window)
    no_longer_first = closing.first_bought_after(closed)
    _write(changes)
    closing.reopen(window, closed, no_longer_first)


def uncount(purchases: Sequence[Counted], *, window: YearWindow) -> None:
    """Take purchases just deleted out of the figures again, and reopen closed days that they
    counted on. The caller holds the window.

    Locks the customers by key.
    """
    changes: defaultdict[int, Change] = defaultdict(Change)
    since = window.through - YEAR
    held: Counter[tuple[int, int]] = Counter()
    for purchase in purchases:
        change = changes[purchase.payer_id]
        change.spent -= purchase.money
        if purchase.counts_on > since:
            change.spent_year -= purchase.money
        if purchase.product_id is not None and purchase.removed_at is None:
            held[purchase.recipient_id, purchase.product_id] -= purchase.quantity
    payers = list(changes)
    lock_customers(dict.fromkeys([*payers, *(recipient for recipient, _ in held)]))
    for (recipient_id, _product), step in _owned_steps(held).items():
        changes[recipient_id].owns += step
    _write(changes)
    _find_first_and_last(payers)
    closed = closing.on_closed_days(purchases, window)
    closing.reopen(window, closed, closing.first_bought_after(closed))


def _find_first_and_last(payers: list[int]) -> None:
    """Look for the first and the last purchase of some customers anew."""
    bought = Purchase.objects.filter(payer=OuterRef("pk"), quantity__gt=0)
    for some in parts(payers):
        Customer.objects.filter(pk__in=some).update(
            first_purchase_at=Subquery(bought.order_by("at").values("at")[:1]),
            last_purchase_at=Subquery(bought.order_by("-at").values("at")[:1]),
        )


def recount_owned(recipient: Customer, product_id: int, *, before: int) -> None:
    """Adjust `owns` after rows of a product were marked or unmarked; `before` is the quantity held
    until then.

    The caller has locked the customer.
    """
    after = held_quantity(recipient, product_id)
    step = (after > 0) - (before > 0)
    if step:
        _write({recipient.pk: Change(owns=step)})


def held_quantity(recipient: Customer, product_id: int) -> int:
    """How many of a product the customer received less returned, over rows not removed."""
    rows = Purchase.objects.filter(recipient=recipient, product_id=product_id, removed_at=None)
    return rows.aggregate(held=Sum("quantity"))["held"] or 0


def lock_customers(keys: Iterable[int]) -> None:
    """Lock customers in the order of their keys until the transaction ends. SQLite has one writer
    anyway.
    """
    if connection.features.has_select_for_update:
        list(
            Customer.objects.select_for_update()
            .filter(pk__in=list(keys))
            .order_by("pk")
            .values_list("pk")
        )


def roll(store: Store, *, to: dt.date | None = None) -> int:
    """Let the days leave the year that are 365 days old on `to` (the store's today); the number of
    days rolled.

    Locks the window, then writes all customers concerned. A clock that stepped back changes
    nothing.
    """
    to = to or store.today()
    with transaction.atomic():
        window = YearWindow.objects.select_for_update().filter(store=store).first()
        if window is None or to <= window.through:
            return 0
        days = (to - window.through).days
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE, [store.pk, window.through - YEAR, to - YEAR])
        window.through = to
        window.save(update_fields=["through"])
    return days


_WINDOW = (
    "SELECT store_id, through, time_zone, closed FROM customers_yearwindow WHERE store_id = %s"
)

_LEAVE = """
UPDATE customers_customer SET spent_year = spent_year - leaving.money
FROM (
    SELECT payer_id, SUM(money) AS money FROM customers_purchase
    WHERE store_id = %s AND counts_on > %s AND counts_on <= %s
    GROUP BY payer_id
) AS leaving
WHERE customers_customer.id = leaving.payer_id AND leaving.money <> 0
"""

_ANEW = """
UPDATE customers_customer SET spent_year = year.money
FROM (
    SELECT customer.id, COALESCE(sums.money, 0) AS money
    FROM customers_customer customer LEFT JOIN (
        SELECT payer_id, SUM(money) AS money FROM customers_purchase
        WHERE store_id = %s AND counts_on > %s GROUP BY payer_id
    ) sums ON sums.payer_id = customer.id
    WHERE customer.store_id = %s
) AS year
WHERE customers_customer.id = year.id AND spent_year <> year.money
"""

# Pair by pair: asked by two lists, SQLite would try each recipient with each product.
_HELD = """
SELECT change.column1, change.column2, SUM(quantity)
FROM {rows} CROSS JOIN customers_purchase
WHERE recipient_id = change.column1 AND product_id = change.column2 AND removed_at IS NULL
GROUP BY change.column1, change.column2
"""

_ADD = """
UPDATE customers_customer SET
    spent = spent + change.column2,
    spent_year = spent_year + change.column3,
    owns = owns + change.column4
FROM {rows}
WHERE id = change.column1
"""

_BOUGHT = """
UPDATE customers_customer SET
    spent = spent + change.column2,
    spent_year = spent_year + change.column3,
    owns = owns + change.column4,
    first_purchase_at = CASE WHEN first_purchase_at <= change.column5
        THEN first_purchase_at ELSE change.column5 END,
    last_purchase_at = CASE WHEN last_purchase_at >= change.column6
        THEN last_purchase_at ELSE change.column6 END
FROM {rows}
WHERE id = change.column1
"""


def _write(changes: dict[int, Change]) -> None:
    at = moments(at for change in changes.values() for at in (change.first, change.last))
    added, bought = [], []
    for key, change in sorted(changes.items()):
        row = (key, change.spent, change.spent_year, change.owns)
        if change.first is None:
            added.append(row)
        else:
            bought.append((*row, at[change.first], at[change.last]))
    numbers, moved = ["bigint"] * 4, ["timestamptz"] * 2
    execute_rows(_ADD, added, types=numbers)
    execute_rows(_BOUGHT, bought, types=[*numbers, *moved])


def _owned_steps(held: Counter[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """For each (recipient, product) whether it became owned (1), was lost (-1) or neither (0)."""
    sums = fetch_rows(_HELD, held, types=["bigint", "bigint"])
    after = {(recipient, product): quantity for recipient, product, quantity in sums}
    return {
        pair: (after.get(pair, 0) > 0) - (after.get(pair, 0) - added > 0)
        for pair, added in held.items()
    }
