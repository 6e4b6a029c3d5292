"""All that came of one purchase, for its page."""

import dataclasses
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from customers.models import CreditEntry, Purchase
from loyalty.models import CouponUse, StoredQuote
from sales.models import Attempt, Delivery, DeliveryKind, Payout, Return
from sales.models.delivery import UNDER_WAY

RELATED = (
    "payer",
    "recipient",
    "product",
    "vendor",
    "by",
    "returns",
    "quote",
    "coupon_use__coupon__owner",
    "return_terms",
)
# Of what can be many, the latest.
SHOWN = 20


@dataclasses.dataclass(frozen=True)
class Handover:
    """A delivery and the tries at it, the latest first."""

    delivery: Delivery
    tries: list[Attempt]


@dataclasses.dataclass(frozen=True)
class Story:
    """What stands on the page of a purchase."""

    purchase: Purchase
    returned_by: list[Purchase]
    handovers: list[Handover]
    payouts: list[Payout]
    entries: list[CreditEntry]

    @property
    def title(self) -> str:
        product = self.purchase.product
        if not self.purchase.is_return:
            return product.name if product else _("No product named")
        return _("Return of %(product)s") % {
            "product": product.name if product else _("No product named")
        }

    @property
    def left(self) -> int:
        """How many pieces can still be returned."""
        if self.purchase.is_return:
            return 0
        return self.purchase.quantity + sum(back.quantity for back in self.returned_by)

    @property
    def can_be_delivered_again(self) -> bool:
        purchase, product = self.purchase, self.purchase.product
        if product is None or purchase.removed_at is not None or self.left <= 0:
            return False
        return product.copy and product.deleted_at is None

    @property
    def under_way(self) -> bool:
        """Whether any delivery may have got further the next time one looks."""
        return any(one.delivery.state in UNDER_WAY for one in self.handovers)

    @property
    def kind(self) -> str:
        if self.purchase.is_return:
            return _("Return")
        if self.purchase.is_gift:
            return _("Gift")
        is_sent = any(one.delivery.kind == DeliveryKind.SENT for one in self.handovers)
        return str((DeliveryKind.SENT if is_sent else DeliveryKind.SALE).label)

    @property
    def quote(self) -> StoredQuote | None:
        return getattr(self.purchase, "quote", None)

    @property
    def coupon_use(self) -> CouponUse | None:
        return getattr(self.purchase, "coupon_use", None)

    @property
    def terms(self) -> Return | None:
        """What went with it, if this is a return."""
        return getattr(self.purchase, "return_terms", None)


def of(purchase: Purchase) -> Story:
    """Five queries, whatever came of it."""
    backs = purchase.returned_by.select_related("return_terms", "by").order_by("pk")
    returned_by = list(backs)
    keys = [purchase.pk, *(back.pk for back in returned_by)]
    return Story(
        purchase=purchase,
        returned_by=returned_by,
        handovers=handovers(Delivery.objects.filter(purchase=purchase)),
        payouts=list(Payout.objects.filter(purchase__in=keys).order_by("pk")),
        entries=list(CreditEntry.objects.filter(purchase__in=keys).order_by("pk")[:SHOWN]),
    )


def handovers(deliveries: Any) -> list[Handover]:
    """The latest of some deliveries with the tries at each; two queries."""
    found = list(deliveries.select_related("by").order_by("-pk")[:SHOWN])
    tries: dict[int, list[Attempt]] = defaultdict(list)
    for one in Attempt.objects.filter(delivery__in=found).select_related("box").order_by("-pk"):
        tries[one.delivery_id].append(one)
    return [Handover(delivery, tries[delivery.pk]) for delivery in found]
