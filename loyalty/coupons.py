"""Coupons: making and editing them, finding the one that a buyer names, and counting what was sold
under it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from customers.models import Customer, Purchase
from loyalty import pricing
from loyalty.explained import Quote, Rule
from loyalty.models import Coupon, CouponUse
from products.models import Product
from stores import audit, edits
from stores.models import Store, User

SWITCHED_OFF = "it is switched off"
OTHER_PRODUCT = "it is for another product"
OWN = "nobody uses their own coupon"


class CodeTaken(ValueError):
    """Another coupon of the store has that code. Nothing has changed."""


@dataclass(frozen=True)
class Use:
    """What a sale under a coupon came to."""

    share: int
    commission: int


def add(*, store: Store, by: User | None, **fields: Any) -> Coupon:
    """Make a coupon. Raises CodeTaken."""
    try:
        with transaction.atomic():
            coupon = Coupon.objects.create(store=store, **fields)
            changes = {name: [None, edits.plain(value)] for name, value in fields.items()}
            audit.record(store=store, by=by, action="coupon.add", subject=coupon, changes=changes)
    except IntegrityError:
        raise _taken(fields) from None
    return coupon


def edit(
    *, coupon: Coupon, by: User | None, opened: dict[str, Any], fields: dict[str, Any]
) -> list[str]:
    """Write what differs from `opened`, and say what that was. Locks the coupon.

    Raises CodeTaken, `edits.Changed`.
    """
    try:
        return edits.edit(
            store=coupon.store,
            row=coupon,
            by=by,
            opened=opened,
            fields=fields,
            action="coupon.edit",
        )
    except IntegrityError:
        raise _taken(fields) from None


def _taken(fields: dict[str, Any]) -> CodeTaken:
    return CodeTaken(_("There is a coupon %(code)s already.") % {"code": fields["code"]})


def named(store: Store, code: str) -> Coupon | None:
    """The coupon with that code; small and capital letters are alike."""
    return Coupon.objects.filter(store=store, code_key=code.strip().upper()).first()


def terms(coupon: Coupon, product: Product | None, payer: Customer | None = None) -> pricing.Coupon:
    """What a coupon offers that payer for a product, or why it does not."""
    barred = ""
    if not coupon.active:
        barred = SWITCHED_OFF
    elif coupon.product_id not in (None, product and product.pk):
        barred = OTHER_PRODUCT
    elif payer is not None and payer.pk == coupon.owner_id:
        barred = OWN
    return pricing.Coupon(coupon.code, coupon.share, coupon.first, coupon.last, barred)


def counts(quote: Quote) -> bool:
    """Whether a sale under the quote is under its coupon: it decided its step, even if it gives the
    customer nothing.
    """
    return any(step.rule is Rule.COUPON for step in quote.steps)


def use(*, coupon: Coupon, purchase: Purchase, share: int) -> Use:
    """Count a sale under a coupon that gave its customer `share`; the commission is floored.

    Locks the coupon, last of all rows.
    """
    commission = purchase.price * coupon.commission // 100
    CouponUse.objects.create(
        store_id=purchase.store_id,
        coupon=coupon,
        purchase=purchase,
        share=share,
        commission=commission,
    )
    Coupon.objects.filter(pk=coupon.pk).update(
        uses=F("uses") + 1, earned=F("earned") + commission, given=F("given") + share
    )
    return Use(share, commission)
