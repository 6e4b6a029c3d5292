"""What was owed: the credit of a customer and of the whole store at any past moment, from entries
alone.

Sums over days that are over are kept (`CreditDay`), so that what a store owes costs the same
however many entries there are.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from customers.models import BALANCES, CreditDay, CreditEntry
from stores.models import Store

# Longer than any transaction, so that none can still write into a day that is closed.
CLOSED_AFTER = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MOMENT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Moved:
    """What entries of one kind moved of one balance in some time."""

    balance: str
    kind: str
    moved: int
    entries: int


@dataclass(frozen=True)
class MonthMoved:
    """What entries of one kind moved of one balance in a month, named by its first day."""

    month: dt.date
    balance: str
    kind: str
    moved: int


def place_before(account_id: int, balance: str, moment: dt.datetime) -> int:
    """How many entries of a balance were made before that moment: the seq of the last of them.

    Entries stand in the order of time, so the place is found by halving, in one statement.
    """
    at: Any = connection.ops.adapt_datetimefield_value(moment)
    params = [account_id, balance, at, at, account_id, balance]
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, params)
        return cursor.fetchone()[0] or 0


def held_at_place(account_id: int, balance: str, place: int) -> int:
    """What a balance held after so many entries."""
    entries = CreditEntry.objects.filter(account=account_id, balance=balance, seq=place)
    return entries.values_list("after", flat=True).first() or 0


def balance_at(account_id: int, balance: str, moment: dt.datetime) -> int:
    """What a balance of a customer held at that moment, from entries alone."""
    return held_at_place(account_id, balance, place_before(account_id, balance, moment + MOMENT))


def owed(store: Store, moment: dt.datetime | None = None) -> dict[str, int]:
    """What the store owed of each balance at that moment, or owes now."""
    total: Counter[str] = Counter()
    for (balance, _), moved in owed_by_kind(store, moment).items():
        total[balance] += moved
    return {balance: total[balance] for balance in BALANCES}


def owed_by_kind(store: Store, moment: dt.datetime | None = None) -> Counter[tuple[str, str]]:
    """What it comes from: the sums of movements up to that moment by balance and kind, of the days
    closed by then and of the entries since.
    """
    days = CreditDay.objects.filter(store=store)
    entries = CreditEntry.objects.filter(store=store)
    if moment is not None:
        days = days.filter(ends_at__lte=moment)
        entries = entries.filter(at__lte=moment)
    # Read once: a day that closes meanwhile counts by its entries.
    end = _end(days)
    closed, since = days.filter(ends_at__lte=end), entries.filter(at__gte=end)
    total: Counter[tuple[str, str]] = Counter()
    for rows, column in ((closed, "moved"), (since, "delta")):
        sums = rows.order_by().values_list("balance", "kind").annotate(Sum(column))
        total.update({(balance, kind): int(moved) for balance, kind, moved in sums})
    return total


def moved_by_month(store: Store, first: dt.date) -> list[MonthMoved]:
    """What was moved in each month of the store from that day on, by balance and kind."""
    end = closed_until(store)
    closed = CreditDay.objects.filter(store=store, day__gte=first, ends_at__lte=end)
    begins = max(end, midnight(store, first))
    since = CreditEntry.objects.filter(store=store, at__gte=begins)
    months = (
        closed.annotate(month=TruncMonth("day")),
        since.annotate(month=TruncMonth("at", output_field=DateField(), tzinfo=store.zone)),
    )
    total: Counter[tuple[dt.date, str, str]] = Counter()
    for rows, column in zip(months, ("moved", "delta"), strict=True):
        sums = rows.order_by().values_list("month", "balance", "kind").annotate(Sum(column))
        total.update({(month, *what): int(moved) for month, *what, moved in sums})
    return [MonthMoved(*what, moved) for what, moved in sorted(total.items())]


def closed_until(store: Store) -> dt.datetime:
    """The moment up to which days are closed."""
    return _end(CreditDay.objects.filter(store=store))


def moved_between(store: Store, first: dt.datetime, end: dt.datetime) -> list[Moved]:
    """What entries from `first` up to `end` moved, by balance and kind."""
    entries = CreditEntry.objects.filter(store=store, at__gte=first, at__lt=end).order_by()
    sums = entries.values_list("balance", "kind").annotate(Sum("delta"), Count("pk"))
    return [Moved(balance, kind, int(moved), count) for balance, kind, moved, count in sums]


def close_days(store: Store) -> int:
    """Sum up the days that are over; how many. Again changes nothing. Locks the store, day by
    day.
    """
    closed = 0
    while _close_day(store):
        closed += 1
    return closed


def _close_day(store: Store) -> bool:
    """Close the first open day that has entries and is over; False if there is none."""
    with transaction.atomic():
        store = Store.objects.select_for_update(no_key=True).get(pk=store.pk)
        last = CreditDay.objects.filter(store=store).order_by("-day").first()
        starts_at = last.ends_at if last else EPOCH
        entries = CreditEntry.objects.filter(store=store, at__gte=starts_at)
        first = entries.order_by("at").values_list("at", flat=True).first()
        if first is None:
            return False
        day = store.day_of(first)
        if last:
            # Where the store moved to another zone, a local day may come twice: it is closed once.
            day = max(day, last.day + DAY)
        ends_at = midnight(store, day + DAY)
        if ends_at + CLOSED_AFTER > timezone.now():
            return False
        CreditDay.objects.bulk_create(
            CreditDay(
                store=store,
                day=day,
                starts_at=starts_at,
                ends_at=ends_at,
                balance=part.balance,
                kind=part.kind,
                moved=part.moved,
                entries=part.entries,
            )
            for part in moved_between(store, starts_at, ends_at)
        )
    return True


def midnight(store: Store, day: dt.date) -> dt.datetime:
    """When a day of the store begins."""
    return dt.datetime.combine(day, dt.time(), tzinfo=store.zone).astimezone(dt.UTC)


def _end(days: QuerySet[CreditDay]) -> dt.datetime:
    return days.order_by("-day").values_list("ends_at", flat=True).first() or EPOCH


# Between `low` and `high` lies the place; an entry that is missing ends the search.
_PLACE = """
WITH RECURSIVE search (low, high) AS (
    SELECT CAST(0 AS BIGINT), MAX(seq) FROM customers_creditentry
    WHERE account_id = %s AND balance = %s
    UNION ALL
    SELECT
        CASE WHEN entry.at < %s THEN entry.seq ELSE low END,
        CASE WHEN entry.at < %s THEN high ELSE entry.seq - 1 END
    FROM search JOIN customers_creditentry entry
        ON entry.account_id = %s AND entry.balance = %s AND entry.seq = (low + high + 1) / 2
    WHERE low < high
)
SELECT MAX(low) FROM search
"""
