"""The figures of a store at a glance: charts by month and tier, and the addresses of their rows."""

import datetime as dt
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, DateField, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.liability import DAY, midnight
from customers.models import Customer, Purchase
from customers.turnover import Turnover, last_months, month_end
from loyalty import quote_words, quotes
from loyalty.models import LoyaltyTier
from loyalty.standing import Ladder, standing
from loyalty.tiers import Rung, by_threshold, rung
from sales.models import Payout, PayoutState
from stores.charts import BarChart, Part, bar_chart
from stores.models import Store
from stores.paging import CAP

MONTHS = 12
CUSTOMER_MONTHS = 24
TIERS_REMEMBERED_SECONDS = 300


class Month(NamedTuple):
    """A month with what was bought in it, and where its rows are."""

    label: str
    sums: Turnover
    rows: str
    first_time: str
    returning: str


class TierCount(NamedTuple):
    """How many customers a tier counts for; None is no tier."""

    label: str
    words: str
    people: int
    url: str


class Due(NamedTuple):
    """Payouts that are due: of more than the cap, what those first in line come to."""

    payouts: int
    amount: int
    is_all: bool


def months_of(store: Store, by_month: dict[dt.date, Turnover]) -> list[Month]:
    """The last months, this one too, each with its rows."""
    return [
        Month(
            date_format(month, "M y"),
            by_month.get(month, Turnover()),
            purchases_url(store, month, month_end(month)),
            new_customers_url(store, month, month_end(month)),
            customers_url(store, bought_in=f"{month:%Y-%m}", first_until=month - DAY),
        )
        for month in last_months(store.today(), MONTHS)
    ]


def spent_chart(store: Store, months: list[Month]) -> BarChart:
    """The money of each month; below the line where more was returned than sold."""
    return bar_chart(
        [(month.label, [_spent(store, month.sums, month.rows)]) for month in months],
        write=store.money.format,
    )


def customers_chart(months: list[Month]) -> BarChart:
    """Those who bought in each month: the returning ones below, the new ones upon them."""
    return bar_chart(
        [
            (
                label,
                [
                    Part(sums.returning, "down", _returning(sums.returning), returning),
                    Part(sums.first_time, "up", _new(sums.first_time), first_time),
                ],
            )
            for label, sums, _, first_time, returning in months
        ],
        write=_people,
    )


def bought_by(customer: Customer) -> list[tuple[str, Turnover, str]]:
    """What a customer paid in each of the last months, with the address of its rows; found by the
    index of who paid, and no further back.
    """
    store = customer.store
    months = last_months(store.today(), CUSTOMER_MONTHS)
    # Nothing counts on a day after it was bought.
    rows = Purchase.objects.filter(
        payer=customer, at__gte=midnight(store, months[0]), counts_on__gte=months[0]
    )
    by_month = TruncMonth("counts_on", output_field=DateField())
    sums = rows.order_by().annotate(month=by_month).values_list("month")
    found = {
        month: Turnover(int(money), sold)
        for month, money, sold in sums.annotate(
            Sum("money"), sold=Count("pk", filter=Q(quantity__gt=0))
        )
    }
    return [
        (
            date_format(month, "M y"),
            found.get(month, Turnover()),
            purchases_url(store, month, month_end(month), payer=customer.username),
        )
        for month in months
    ]


def bought_chart(store: Store, months: list[tuple[str, Turnover, str]]) -> BarChart:
    return bar_chart(
        [(label, [_spent(store, sums, url)]) for label, sums, url in months],
        write=store.money.format,
    )


def due(store: Store) -> Due:
    """What is due to be paid out."""
    rows = Payout.objects.filter(store=store, state=PayoutState.DUE).order_by("made_at", "pk")
    found = rows[: CAP + 1].aggregate(count=Count("pk"), amount=Sum("amount"))
    return Due(found["count"], int(found["amount"] or 0), found["count"] <= CAP)


def tiers(store: Store, *, many: bool) -> tuple[list[TierCount], dt.datetime | None]:
    """How many customers stand on each tier, lowest first, and of `many` customers when that was
    counted.
    """
    ladder = quotes.terms_of(store).ladder
    keys: dict[Rung | None, int] = {
        rung(tier): tier.pk for tier in LoyaltyTier.objects.filter(store=store)
    }
    counts, counted_at = _standing(store, ladder) if many else (standing(store, ladder), None)
    return [
        _tier_count(store, one, counts.get(one, 0), keys.get(one))
        for one in (None, *by_threshold(ladder.rungs))
    ], counted_at


def tiers_chart(counts: list[TierCount]) -> BarChart:
    return bar_chart(
        [
            (one.label, [Part(one.people, "up", f"{_customers(one)}, {one.words}", one.url)])
            for one in counts
        ],
        write=_people,
    )


def purchases_url(store: Store, first: dt.date, last: dt.date, **more: Any) -> str:
    """The purchases that count on some days."""
    return _url("sales:purchases", store, counts_from=first, counts_until=last, **more)


def new_customers_url(store: Store, first: dt.date, last: dt.date) -> str:
    return customers_url(store, first_from=first, first_until=last)


def customers_url(store: Store, **narrowed: Any) -> str:
    return _url("customers:list", store, **narrowed)


def _url(name: str, store: Store, **query: Any) -> str:
    return f"{reverse(name, args=[store.slug])}?{urlencode(query)}"


def _customers(one: TierCount) -> str:
    return ngettext("%(number)s customer", "%(number)s customers", one.people) % {
        "number": f"{one.people:,}"
    }


def _returning(people: int) -> str:
    return ngettext("%(number)s returning", "%(number)s returning", people) % {
        "number": f"{people:,}"
    }


def _new(people: int) -> str:
    return ngettext("%(number)s new", "%(number)s new", people) % {"number": f"{people:,}"}


def _people(value: int) -> str:
    """A value of the axis; the unit stands once, where the axis begins."""
    return f"{value:,}" if value else _("0 customers")


def _spent(store: Store, sums: Turnover, url: str) -> Part:
    css = "up" if sums.money >= 0 else "down"
    says = ngettext(
        "%(money)s in %(number)s purchase", "%(money)s in %(number)s purchases", sums.sold
    ) % {"money": store.money.format(sums.money), "number": f"{sums.sold:,}"}
    return Part(sums.money, css, says, url)


def _standing(store: Store, ladder: Ladder) -> tuple[dict[Rung | None, int], dt.datetime]:
    """How many stand on each tier, remembered for a while, since everybody is looked at."""
    key = f"tiers:{store.pk}:{sha256(repr(ladder).encode()).hexdigest()}"
    found: tuple[dict[Rung | None, int], dt.datetime] | None = cache.get(key)
    if found is None:
        found = standing(store, ladder), timezone.now()
        cache.set(key, found, TIERS_REMEMBERED_SECONDS)
    return found


def _tier_count(store: Store, one: Rung | None, count: int, key: int | None) -> TierCount:
    if one is None:
        url = reverse("loyalty:no_tier", args=[store.slug])
        return TierCount(_("No tier"), _("no tier"), count, url)
    url = reverse("loyalty:tier", args=[store.slug, key]) if key else ""
    words = _("from %(spent)s") % {"spent": quote_words.tier(one, store.money)}
    return TierCount(f"{one.discount} %", words, count, url)
