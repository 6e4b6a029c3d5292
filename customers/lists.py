"""What a profile lists: products owned, purchases paid for, credit entries."""

import dataclasses

from django.db.models import Max, Q, QuerySet, Sum

from customers.models import Customer, Purchase


@dataclasses.dataclass(frozen=True)
class Owned:
    """A product that a customer owns: how many, the purchase that brought it last, and whether it
    is delivered again when asked for.
    """

    product_id: int
    name: str
    held: int
    purchase: Purchase
    again: bool


@dataclasses.dataclass(frozen=True)
class OwnedPage:
    """Some owned products, newest product first; `after` is where the next ones begin."""

    products: list[Owned]
    after: int | None


def owned(customer: Customer, *, after: int | None, limit: int) -> OwnedPage:
    """Products with a quantity above 0 over rows not removed, walked in the order of the index:
    flat in cost.
    """
    rows = Purchase.objects.filter(recipient=customer, removed_at=None, product__isnull=False)
    if after is not None:
        rows = rows.filter(product__lt=after)
    held = (
        rows.order_by("-product")
        .values_list("product", "product__name", "product__copy", "product__deleted_at")
        .annotate(held=Sum("quantity"), latest=Max("pk", filter=Q(quantity__gt=0)))
        .filter(held__gt=0)
    )[: limit + 1]
    found = list(held)
    latest = Purchase.objects.select_related("payer").in_bulk([row[-1] for row in found[:limit]])
    products = [
        Owned(
            product_id=product,
            name=name,
            held=quantity,
            purchase=latest[purchase],
            again=copy and deleted_at is None,
        )
        for product, name, copy, deleted_at, quantity, purchase in found[:limit]
    ]
    return OwnedPage(products, after=products[-1].product_id if len(found) > limit else None)


@dataclasses.dataclass(frozen=True)
class Line:
    """A purchase as the profile shows it."""

    purchase: Purchase
    returned: int

    @property
    def struck(self) -> bool:
        purchase = self.purchase
        return purchase.removed_at is not None or (
            purchase.quantity > 0 and self.returned >= purchase.quantity
        )


def paid_for(customer: Customer) -> QuerySet[Purchase]:
    """Everything that a customer paid for, gifts and returns included."""
    return Purchase.objects.filter(payer=customer)


def lines(keys: list[int]) -> list[Line]:
    """The purchases of a page in order, with how many of each were returned."""
    found = Purchase.objects.select_related("product", "recipient", "vendor").in_bulk(keys)
    returned = dict(
        Purchase.objects.filter(returns__in=keys)
        .order_by()
        .values_list("returns")
        .annotate(Sum("quantity"))
    )
    return [Line(found[key], -returned.get(key, 0)) for key in keys]
