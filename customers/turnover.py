"""What was bought, by day and month: sums over days that are over are kept (`PurchaseDay`), those
since are added up when asked for. `customers.closing` keeps them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from customers.liability import DAY, midnight
from customers.models import Purchase, PurchaseDay, YearWindow
from stores.models import Store
from stores.paging import CAP
from stores.snapshots import one_moment

SUMS = ("money", "sold", "returned", "first_time", "returning")


class Turnover(NamedTuple):
    """What was bought in some time: the money of sales less returns, lines sold and returned, and
    of the customers who bought, those for whom it was the first time and the others. The latter
    two are those of days within one month, or of whole months.
    """

    money: int = 0
    sold: int = 0
    returned: int = 0
    first_time: int = 0
    returning: int = 0


@dataclass(frozen=True)
class Days:
    """What was bought on each day that had any; `behind` where days that changed are still to be
    added up, since they hold too much for a page.
    """

    by_day: dict[dt.date, Turnover]
    behind: bool = False

    def total(self, first: dt.date, last: dt.date) -> Turnover:
        """All of a period together; of its customers only `first_time` adds up over months."""
        return _together(sums for day, sums in self.by_day.items() if first <= day <= last)

    def by_month(self) -> dict[dt.date, Turnover]:
        """Each month that had any, named by its first day."""
        months: defaultdict[dt.date, list[Turnover]] = defaultdict(list)
        for day, sums in self.by_day.items():
            months[month_of(day)].append(sums)
        return {month: _together(sums) for month, sums in months.items()}


def read(store: Store, first: dt.date, last: dt.date) -> Days:
    """What was bought on the days from `first` to `last`, both included."""
    with one_moment():
        closed = YearWindow.objects.filter(store=store).values_list("closed", flat=True).first()
        rows = PurchaseDay.objects.filter(store=store, day__range=(first, last))
        stale, kept = [], {}
        for day, is_stale, *sums in _kept(rows):
            kept[day] = Turnover(*sums)
            if is_stale:
                stale.append(day)
        since = first if closed is None else max(first, closed + DAY)
        days = _open(store, since, last, stale)
        if days is None:
            return Days(kept, behind=True)
        for day in stale:
            del kept[day]
        return Days(kept | summed(store, days))


def closed_months(store: Store) -> Iterator[tuple[list[dt.date], dict[dt.date, Turnover]]]:
    """The closed days, month by month, with what is kept of them; but for those that are stale."""
    window = YearWindow.objects.filter(store=store, closed__isnull=False).first()
    kept: dict[dt.date, Turnover] = {}
    stale = set()
    for day, is_stale, *sums in _kept(PurchaseDay.objects.filter(store=store)):
        kept[day] = Turnover(*sums)
        if is_stale:
            stale.add(day)
    bought = Purchase.objects.filter(store=store).order_by("counts_on")
    begins = {*kept, *bought.values_list("counts_on", flat=True)[:1]}
    if window is None or window.closed is None or not begins:
        return
    for _, days in groupby(days_of(min(begins), window.closed), key=month_of):
        yield [day for day in days if day not in stale], kept


def summed(store: Store, days: Iterable[dt.date]) -> dict[dt.date, Turnover]:
    """What was bought on each of these days that had any, from the purchases."""
    found: dict[dt.date, Turnover] = {}
    for month, some in groupby(sorted(days), key=month_of):
        wanted = list(some)
        buyers = {day: of for day, *of in _buyers(store, month, wanted)}
        for day, money, sold, returned in _fetch(_SUMS, store, wanted):
            found[day] = Turnover(money, sold, returned, *buyers.get(day, (0, 0)))
    return found


def _open(
    store: Store, since: dt.date, last: dt.date, stale: list[dt.date]
) -> list[dt.date] | None:
    """The days that are to be added up; None where they hold more purchases than a page adds up."""
    rows = Purchase.objects.filter(store=store).order_by()
    after = rows.filter(counts_on__range=(since, last))
    found = after[: CAP + 1].count()
    if stale and found <= CAP:
        found += rows.filter(counts_on__in=stale)[: CAP + 1].count()
    if found > CAP:
        return None
    return [*stale, *after.values_list("counts_on", flat=True).distinct()] if found else stale


def _buyers(store: Store, month: dt.date, days: list[dt.date]) -> Iterator[tuple[Any, ...]]:
    """Of each day of a month, for how many it was the first time and for how many not."""
    # From the first day of the month on without a gap, nobody bought earlier in it.
    not_earlier = "" if days == days_of(month, days[-1]) else _NOT_EARLIER
    adapt = connection.ops.adapt_datetimefield_value
    begins, ends = midnight(store, month), midnight(store, month_end(month) + DAY)
    sql = _BUYERS + not_earlier + _BY_DAY
    return _fetch(sql, store, days, begins=adapt(begins), ends=adapt(ends))


def _fetch(sql: str, store: Store, days: list[dt.date], **params: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query about some days, which begin with a day."""
    named = {
        f"day{number}": connection.ops.adapt_datefield_value(day) for number, day in enumerate(days)
    }
    marks = ", ".join(f"%({name})s" for name in named)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(days=marks), {"store": store.pk, **named, **params})
        for day, *sums in cursor.fetchall():
            yield _as_day(day), *map(int, sums)


def _as_day(day: dt.date | str) -> dt.date:
    """SQLite gives a day as a text."""
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(day)


def _together(sums: Iterable[Turnover]) -> Turnover:
    return Turnover(*map(sum, zip(Turnover(), *sums, strict=True)))


def days_of(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + DAY * number for number in range((last - first).days + 1)]


def _kept(rows: QuerySet[PurchaseDay]) -> Iterable[Any]:
    """Day, whether it is stale, and the sums."""
    return rows.order_by("day").values_list("day", "stale", *SUMS)


def month_of(day: dt.date) -> dt.date:
    """Its first day."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def last_months(today: dt.date, count: int) -> list[dt.date]:
    """The first days of so many months, this one the last."""
    this = today.year * 12 + today.month - 1
    return [dt.date(month // 12, month % 12 + 1, 1) for month in range(this - count + 1, this + 1)]


_SUMS = """
SELECT counts_on, SUM(money),
    SUM(CASE WHEN quantity > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN quantity < 0 THEN 1 ELSE 0 END)
FROM customers_purchase WHERE store_id = %(store)s AND counts_on IN ({days})
GROUP BY counts_on
"""

# Each payer is asked for by key: joined, PostgreSQL would read all customers.
_BUYERS = """
SELECT bought.day, SUM(is_new), SUM(1 - is_new)
FROM (
    SELECT payer_id, MIN(counts_on) AS day,
        (
            SELECT CASE WHEN first_purchase_at >= %(begins)s THEN 1 ELSE 0 END
            FROM customers_customer WHERE id = payer_id
        ) AS is_new
    FROM customers_purchase
    WHERE store_id = %(store)s AND counts_on IN ({days}) AND quantity > 0
    GROUP BY payer_id
) bought
"""

# Who bought earlier in the month is counted there; that too is asked for by key.
_NOT_EARLIER = """
WHERE (
    SELECT earlier.id FROM customers_purchase earlier
    WHERE earlier.payer_id = bought.payer_id AND earlier.at >= %(begins)s AND earlier.at < %(ends)s
        AND earlier.counts_on < bought.day AND earlier.quantity > 0
    ORDER BY earlier.at LIMIT 1
) IS NULL
"""

_BY_DAY = " GROUP BY bought.day"
