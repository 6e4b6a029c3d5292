"""Closing the days of a store: what was bought on days that are over is added up once
(`PurchaseDay`), and anew where it changed.

Who writes purchases shares the window and marks the closed days concerned as stale; closing takes
the window alone, so that neither misses the other, and no two sales write the same row.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from customers.liability import DAY
from customers.models import Customer, Purchase, PurchaseDay, YearWindow
from customers.turnover import days_of, month_end, month_of, summed
from stores.bulk import parts
from stores.models import Store


class Dated(Protocol):
    """What of a purchase concerns closed days."""

    @property
    def payer_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def counts_on(self) -> dt.date: ...


def on_closed_days(purchases: Iterable[Dated], window: YearWindow) -> list[Dated]:
    """Those of the purchases that count on a closed day."""
    closed = window.closed
    return [one for one in purchases if closed and one.counts_on <= closed]


def first_bought_after(purchases: Iterable[Dated]) -> list[dt.datetime]:
    """When payers first bought, as it is stored, where these purchases are earlier: before these
    are counted, when they no longer are new; after they were deleted, when they now are.
    """
    earliest: dict[int, dt.datetime] = {}
    for one in purchases:
        if one.quantity > 0:
            earliest[one.payer_id] = min(one.at, earliest.get(one.payer_id, one.at))
    return [
        at
        for some in parts(list(earliest))
        for payer_id, at in Customer.objects.filter(pk__in=some).values_list(
            "pk", "first_purchase_at"
        )
        if at and at > earliest[payer_id]
    ]


def reopen(
    window: YearWindow, purchases: Sequence[Dated], first_bought: Iterable[dt.datetime]
) -> None:
    """Mark closed days as stale whose sums are others now: those of the purchases, and of a sale
    the whole month, since its customer may count on another day; likewise the months in which
    customers no longer are new, or are so now.

    The caller holds the window.
    """
    zone = zoneinfo.ZoneInfo(window.time_zone)
    days = {one.counts_on for one in purchases}
    bought = {one.counts_on for one in purchases if one.quantity > 0}
    bought |= {at.astimezone(zone).date() for at in first_bought}
    PurchaseDay.objects.bulk_create(
        [PurchaseDay(store_id=window.store_id, day=day, stale=True) for day in sorted(days)],
        update_conflicts=True,
        update_fields=["stale"],
        unique_fields=["store", "day"],
    )
    within = Q()
    for month in sorted({month_of(day) for day in bought}):
        within |= Q(day__range=(month, month_end(month)))
    if within:
        rows = PurchaseDay.objects.filter(within, store=window.store_id, stale=False)
        rows.update(stale=True)


def close_days(store: Store) -> int:
    """Add up the days that are over and not closed, and those that are stale, a month at a time;
    how many months. Again changes nothing. Locks the window.
    """
    months = 0
    while _close_month(store):
        months += 1
    return months


def forget(window: YearWindow) -> None:
    """Drop all sums, since days are now counted otherwise. The caller has locked the window and
    saves it.
    """
    PurchaseDay.objects.filter(store=window.store_id).delete()
    window.closed = None


def _close_month(store: Store) -> bool:
    """Close the first days that are due, of one month; False if there are none."""
    with transaction.atomic():
        window = YearWindow.objects.select_for_update().filter(store=store).first()
        if window is None:
            return False
        store.time_zone = window.time_zone
        days, closed = _due(store, window, store.today() - DAY)
        if closed != window.closed:
            window.closed = closed
            window.save(update_fields=["closed"])
        if days:
            rows = [
                PurchaseDay(store=store, day=day, **sums._asdict())
                for day, sums in summed(store, days).items()
            ]
            PurchaseDay.objects.filter(store=store, day__in=days).delete()
            PurchaseDay.objects.bulk_create(rows)
    return bool(days)


def _due(
    store: Store, window: YearWindow, yesterday: dt.date
) -> tuple[list[dt.date], dt.date | None]:
    """The days of one month that are to be added up, and the day up to which all are closed
    then.
    """
    stale = PurchaseDay.objects.filter(store=store, stale=True).order_by("day")
    if first := stale.values_list("day", flat=True).first():
        within = stale.filter(day__range=(first, month_end(first)))
        return list(within.values_list("day", flat=True)), window.closed
    bought = Purchase.objects.filter(store=store, counts_on__lte=yesterday).order_by("counts_on")
    if window.closed is not None:
        bought = bought.filter(counts_on__gt=window.closed)
    begins = bought.values_list("counts_on", flat=True).first()
    if begins is None:
        return [], max(yesterday, window.closed or yesterday)
    first = max(month_of(begins), window.closed + DAY) if window.closed else month_of(begins)
    closed = min(month_end(begins), yesterday)
    return days_of(first, closed), closed
