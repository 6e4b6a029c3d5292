"""Checking the books and remembering what came of it."""

from collections.abc import Callable

from django.utils import timezone

from customers import books
from customers.books import Difference
from customers.liability import CLOSED_AFTER, DAY, midnight
from customers.models import BookCheck, CustomerCount, Purchase
from stores.models import Store

LINES_KEPT = 20
# Checked while the person waits.
FEW_CUSTOMERS = 2_000
FEW_PURCHASES = 10_000


def run(store: Store, *, tell: Callable[[Difference], object] = lambda _: None) -> BookCheck:
    """Check the books of a store and store the outcome; `tell` hears of each difference."""
    at, differences, lines = timezone.now(), 0, []
    for difference in books.check(store):
        differences += 1
        if differences <= LINES_KEPT:
            lines.append(str(difference))
        tell(difference)
    return BookCheck.objects.create(
        store=store, at=at, differences=differences, lines="\n".join(lines)
    )


def last(store: Store) -> BookCheck | None:
    """The latest check of a store."""
    return BookCheck.objects.filter(store=store).order_by("-at", "-pk").first()


def is_due(store: Store) -> bool:
    """Whether the books were not checked since the last day was over and could be closed."""
    closed = midnight(store, store.today()) + CLOSED_AFTER
    due = closed if closed <= timezone.now() else closed - DAY
    latest = last(store)
    return latest is None or latest.at < due


def is_quick(store: Store) -> bool:
    """Whether the books are small enough to be checked while a person waits."""
    listed = CustomerCount.objects.filter(store=store, listed__gt=FEW_CUSTOMERS)
    bought = Purchase.objects.filter(store=store)[: FEW_PURCHASES + 1].count()
    return not listed.exists() and bought <= FEW_PURCHASES
