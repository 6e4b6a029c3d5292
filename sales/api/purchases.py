"""Purchases: what was paid in-world becomes a sale, or is owed back."""

import dataclasses
import hashlib
from typing import Annotated

from django.http import HttpResponse
from ninja import Body, Router

from sales import asking, checkout, payouts
from sales.api import described
from sales.api.answered import PurchaseOut, amounts
from sales.api.asked import AnyPurchaseIn, PurchaseIn, QuotedPurchaseIn
from sales.api.auth import VendorRequest, roll_year
from sales.api.idempotency import Done, key_of, once
from sales.api.quotes import order_of, person, recipient
from sales.checkout import Order, Sale
from sales.refused import Refused

router = Router(tags=["Selling"])


@router.post(
    "purchases",
    summary="Sell",
    response=described.deed(PurchaseOut, 403, 404),
    url_name="purchases",
    operation_id="purchase",
)
def buy(request: VendorRequest, asked: Annotated[AnyPurchaseIn, Body()]) -> HttpResponse:
    """Sell what the buyer has paid for: by a quote, or without one at the price of this moment.

    Where it is refused, what was paid is owed back as a payout, and nothing is delivered.
    """
    roll_year(request)
    key = _once_in_store(key_of(request, asked.key))

    def deed() -> Done:
        order = dataclasses.replace(
            _order(request, asked),
            paid=asked.paid,
            receipt=asked.transaction or "",
            key=key,
        )
        sale = checkout.buy(order=order)
        return Done(_told(sale), sale.purchase)

    def give_back(refused: Refused) -> dict[str, int]:
        if not asked.paid:
            return {}
        buyer = person(asked.buyer)
        owed = payouts.give_back(
            store=request.store,
            name=buyer.name,
            uuid=buyer.uuid,
            amount=asked.paid,
            why=str(refused),
        )
        return {"give_back": owed.amount, "payout": owed.pk}

    return once(request, asked, deed, on_refusal=give_back)


def _order(request: VendorRequest, asked: PurchaseIn | QuotedPurchaseIn) -> Order:
    """What is bought. Raises Refused."""
    if isinstance(asked, PurchaseIn):
        return order_of(request, asked)
    quote = asking.stored_quote(request.store, asked.quote)
    return Order(
        store=request.store,
        product=quote.product,
        vendor=request.vendor,
        buyer=person(asked.buyer),
        recipient=recipient(asked.buyer, asked.recipient),
        member=asked.member,
        quote=quote,
    )


def _once_in_store(key: str) -> str:
    """What the purchase is known by: a second wall behind the stored answer."""
    return hashlib.sha256(f"api {key}".encode()).hexdigest()[:32]


def _told(sale: Sale) -> PurchaseOut:
    return PurchaseOut(
        purchase=sale.purchase.pk,
        **amounts(sale.quote),
        payout=sale.refund.pk if sale.refund else None,
        delivery=sale.delivery.pk,
    )
