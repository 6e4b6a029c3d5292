"""Who bought most and what sold best in a period: added up from the purchases of its days.

What that costs grows with the period alone; of many purchases the outcome is remembered for a
while.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Model, Q, QuerySet, Sum
from django.utils import timezone

from customers.models import Customer, Purchase
from products.models import Product
from stores.bulk import parts
from stores.models import Store
from stores.paging import Count as Counted

MOST = 1_000
REMEMBERED_SECONDS = 600


@dataclass(frozen=True)
class Kind:
    """What is ranked: a field of purchases, and the column that names what it points at."""

    field: str
    model: type[Model]
    name: str


CUSTOMERS = Kind("payer", Customer, "username")
PRODUCTS = Kind("product", Product, "name")


class Ranked(NamedTuple):
    """One of the best: the money of sales less returns, and how many sales."""

    key: int
    money: int
    sold: int


@dataclass(frozen=True)
class Ranking:
    """The best of a period, the best first; `counted_at` where it was remembered."""

    kind: Kind
    rows: list[Ranked]
    counted_at: dt.datetime | None = None

    def named(self, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """The first so many with their places and names."""
        rows = self.rows[:limit]
        names: dict[int, str] = {}
        for some in parts([row.key for row in rows]):
            found = self.kind.model._default_manager.filter(pk__in=some)
            names.update(found.values_list("pk", self.kind.name))
        for place, row in enumerate(rows, start=1):
            yield {"place": place, "name": names[row.key], **row._asdict()}


def best(store: Store, kind: Kind, first: dt.date, last: dt.date) -> Ranking:
    """The best of the days from `first` to `last`, both included, by money; those alone who brought
    any.
    """
    rows = Purchase.objects.filter(
        store=store, counts_on__range=(first, last), **{f"{kind.field}__isnull": False}
    ).order_by()
    if Counted.up_to_cap(rows).exact:
        return Ranking(kind, _rank(rows, kind))
    key = f"best:{store.pk}:{store.time_zone}:{kind.field}:{first}:{last}"
    ranking: Ranking | None = cache.get(key)
    if ranking is None:
        ranking = Ranking(kind, _rank(rows, kind), timezone.now())
        cache.set(key, ranking, REMEMBERED_SECONDS)
    return ranking


def _rank(rows: QuerySet[Purchase], kind: Kind) -> list[Ranked]:
    sums = rows.values_list(kind.field).annotate(
        paid=Sum("money"), sold=Count("pk", filter=Q(quantity__gt=0))
    )
    found = sums.filter(paid__gt=0).order_by("-paid", kind.field)[:MOST]
    return [Ranked(key, int(money), sold) for key, money, sold in found]
