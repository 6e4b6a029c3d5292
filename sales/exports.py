"""What the accountant is given: one line for each sale, returns below zero.

The refund is the one of the quote that the sale was made under; a return takes back its share of
it, so that all returns of a sale take back all of its refund. Without a quote there is none.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.expressions import Combinable, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy, npgettext_lazy

from customers.models import Purchase
from stores.exports import Column, Export, Row, moment, money
from stores.nouns import Noun

WHOLE = BigIntegerField()
TOTALS = {
    "list_price": _("List Price"),
    "discounts": _("Discounts"),
    "money": _("Money"),
    "credit": _("Credit"),
    "restricted": _("Restricted Credit"),
    "refund": _("Refund"),
    "net": _("Net"),
}


def priced(rows: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """Purchases with `discounts`, `refund` and `net`."""
    return rows.annotate(
        discounts=F("list_price") - F("price"),
        refund=Case(
            When(quantity__lt=0, then=_taken_back()),
            default=_refund("quote__body"),
            output_field=WHOLE,
        ),
        net=F("money") - F("refund"),
    )


def totals(rows: QuerySet[Purchase]) -> dict[str, int]:
    """The sums of the amounts, and under `lines` how many there are."""
    sums: Any = {f"sum_{name}": Sum(name) for name in TOTALS}
    found = priced(rows).order_by().aggregate(lines=Count("pk"), **sums)
    return {
        "lines": found["lines"],
        **{name: int(found[f"sum_{name}"] or 0) for name in TOTALS},
    }


def sales(keys: list[int]) -> Iterable[Row]:
    return priced(Purchase.objects.filter(pk__in=keys)).values(
        "pk",
        "at",
        "receipt",
        *TOTALS,
        customer=F("payer__username"),
        product_name=F("product__name"),
    )


SALES = Export(
    name="sales",
    noun=ngettext_lazy("sale", "sales"),
    rows=sales,
    columns=(
        Column("at", "Date", moment),
        Column("receipt", "Receipt"),
        Column("customer", "Customer"),
        Column("product_name", "Product"),
        *(Column(name, header, money) for name, header in TOTALS.items()),
    ),
)


def best(name: str, header: str, noun: Noun) -> Export:
    """A sheet of the best of a period, which are not found by key."""
    return Export(
        name=name,
        noun=noun,
        rows=lambda keys: (),
        columns=(
            Column("place", "Place"),
            Column("name", header),
            Column("money", "Spent", money),
            Column("sold", "Purchases"),
        ),
    )


BEST_CUSTOMERS = best(
    "best-customers", "Customer", npgettext_lazy("counted", "customer", "customers")
)
BEST_PRODUCTS = best("best-products", "Product", npgettext_lazy("counted", "product", "products"))


def _refund(quote: str) -> Combinable:
    return Coalesce(Cast(KeyTextTransform("refund", quote), WHOLE), Value(0), output_field=WHOLE)


def _taken_back() -> Combinable:
    """The share of a return in the refund of its sale, below zero; shares are floored together."""
    refund, bought = _refund("returns__quote__body"), F("returns__quantity")
    earlier = (
        Purchase.objects.filter(returns=OuterRef("returns"), pk__lt=OuterRef("pk"))
        .order_by()
        .values("returns")
        .annotate(sum=Sum("quantity"))
        .values("sum")
    )
    before = -Coalesce(Subquery(earlier, output_field=WHOLE), Value(0), output_field=WHOLE)
    until = before - F("quantity")
    share = refund * before / bought - refund * until / bought
    return Coalesce(share, Value(0), output_field=WHOLE)
