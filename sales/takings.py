"""Money in and out by the days of a store."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncDate

from customers.models import Purchase
from sales.models import Payout, PayoutKind, PayoutState
from stores.models import Store

# In the order of the fields of Takings; what was cancelled is nobody's.
GOES_OUT = (PayoutState.PAID, PayoutState.CLAIMED, PayoutState.DUE, PayoutState.FAILED)


class Takings(NamedTuple):
    """What came in and what goes out, in the smallest unit: what is owed goes out too, whether it
    is paid yet or not.
    """

    came_in: int = 0
    paid: int = 0
    claimed: int = 0
    due: int = 0
    failed: int = 0

    @property
    def out(self) -> int:
        return self.paid + self.claimed + self.due + self.failed

    @property
    def net(self) -> int:
        return self.came_in - self.out


def by_day(store: Store, first: dt.date, last: dt.date) -> list[tuple[dt.date, Takings]]:
    """Each day of a period, the latest first; two queries.

    Money that was paid for nothing, and goes back, came in as well.
    """
    came_in = _sold(store, first, last)
    out: dict[tuple[dt.date, str], int] = defaultdict(int)
    for day, state, kind, amount in _paid_out(store, first, last):
        out[day, state] += amount
        if kind == PayoutKind.GIVE_BACK:
            came_in[day] += amount
    days = [last - dt.timedelta(days=back) for back in range((last - first).days + 1)]
    return [(day, Takings(came_in[day], *(out[day, one] for one in GOES_OUT))) for day in days]


def total(days: Iterable[Takings]) -> Takings:
    """All of some days together."""
    return Takings(*map(sum, zip(Takings(), *days, strict=True)))


def _sold(store: Store, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """The money of sales; a sale counts on its day, whatever is returned of it later."""
    rows = Purchase.objects.filter(
        store=store, counts_on__gte=first, counts_on__lte=last, quantity__gt=0
    )
    sums = rows.order_by().values_list("counts_on").annotate(Sum("money"))
    return defaultdict(int, sums)


def _paid_out(
    store: Store, first: dt.date, last: dt.date
) -> Iterable[tuple[dt.date, str, str, int]]:
    begins = dt.datetime.combine(first, dt.time(), tzinfo=store.zone)
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=store.zone)
    rows = Payout.objects.filter(store=store, made_at__gte=begins, made_at__lt=ends)
    return (
        rows.annotate(day=TruncDate("made_at", tzinfo=store.zone))
        .order_by()
        .values_list("day", "state", "kind")
        .annotate(Sum("amount"))
    )
