"""What is answered. Amounts are whole numbers of the smallest unit, moments seconds since 1970."""

import uuid
from typing import Any

from pydantic import BaseModel

from loyalty.explained import Quote


class ErrorOut(BaseModel):
    """Every answer that is none: `code` for scripts, `detail` for people.

    `give_back` is money of a refused sale that is owed to the buyer, as payout `payout`.
    """

    code: str
    detail: str
    retry_after: int | None = None
    give_back: int | None = None
    payout: int | None = None


class AmountsOut(BaseModel):
    """What a price is made of, and what comes back of it."""

    price: int
    money: int
    credit: int
    restricted: int
    refund: int
    refund_as_credit: bool
    coupon_share: int
    bonus: int


class QuoteOut(AmountsOut):
    """A price and how it came about. `money` is what the buyer is to pay, until `valid_until`."""

    id: uuid.UUID
    valid_until: int
    list_price: int
    why: list[str]


class PurchaseOut(AmountsOut):
    """What was sold, and what follows: the delivery, and the refund where one is owed as money."""

    purchase: int
    payout: int | None
    delivery: int


def amounts(quote: Quote) -> dict[str, Any]:
    """Those of a quote."""
    return {name: getattr(quote, name) for name in AmountsOut.model_fields}


class TierOut(BaseModel):
    label: str
    discount: int


class NextTierOut(TierOut):
    """The tier that is reached by spending `missing` more."""

    threshold: int
    missing: int


class CustomerOut(BaseModel):
    """What a customer spent and holds, and what comes off for them. `as_of` is the day of the
    figures where they lag behind.
    """

    name: str
    spent: int
    spent_year: int
    tier: TierOut | None
    next: NextTierOut | None
    discount: int
    personal_discount: int
    credit: int
    restricted: int
    member: bool
    banned: bool
    as_of: str | None = None


class DeliveryOut(BaseModel):
    """What is to be handed over, as a box is told it that can be reached."""

    delivery: int
    product: str
    recipient: uuid.UUID | None
    name: str
    quantity: int


class DeliveriesOut(BaseModel):
    """What is to be handed over, each given out once until it is reported or forgotten."""

    deliveries: list[DeliveryOut]


class DeliveryStateOut(BaseModel):
    delivery: int
    state: str


class PayoutOut(BaseModel):
    id: int
    kind: str
    uuid: uuid.UUID | None
    name: str
    amount: int


class PayoutsOut(BaseModel):
    """What this vendor is to pay; the same again until it is reported."""

    payouts: list[PayoutOut]


class PayoutStateOut(BaseModel):
    payout: int
    state: str


class SubscriberOut(BaseModel):
    uuid: uuid.UUID
    name: str


class SubscriptionsOut(BaseModel):
    """Who wants the news; `after` leads to the next page, and is missing on the last one."""

    subscribers: list[SubscriberOut]
    after: int | None = None


class SubscriptionOut(BaseModel):
    uuid: uuid.UUID
    subscribed: bool


class BoxOut(BaseModel):
    box: int
