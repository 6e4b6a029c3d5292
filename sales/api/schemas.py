"""What may be asked: fields that are known, whole numbers that are numbers, texts without control
characters; and the shape of what is answered.
"""

import uuid
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
)

from sales.api.idempotency import KEY
from stores.money import LIMIT

PLAIN = r"^[^\u0000-\u001f\u007f]*$"
LARGEST_KEY = 10**18 - 1
MOST_PIECES = 1_000


def _somebody(value: uuid.UUID) -> uuid.UUID:
    if not value.int:
        raise ValueError("this uuid is nobody's")
    return value


def text(most: int, least: int = 1) -> Any:
    return StringConstraints(min_length=least, max_length=most, pattern=PLAIN)


Uuid = Annotated[uuid.UUID, AfterValidator(_somebody)]
Name = Annotated[str, text(64)]
Note = Annotated[str, text(200, least=0)]
RowKey = Annotated[StrictInt, Field(ge=1, le=LARGEST_KEY)]
Amount = Annotated[StrictInt, Field(ge=0, le=LIMIT)]
Pieces = Annotated[StrictInt, Field(ge=1, le=MOST_PIECES)]
ProductNamed = RowKey | Annotated[str, text(200)]
Transaction = Annotated[str, text(64)]


def _require_key(schema: dict[str, Any]) -> None:
    """The header that may stand in for it is no matter of the schema."""
    schema["required"] = ["key", *schema.get("required", [])]
    schema["properties"]["key"] = {"type": "string", "pattern": KEY, "title": "Key"}


class In(BaseModel):
    """A field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Keyed(In):
    """The body of a POST. `key` is new for each question; the header Idempotency-Key may stand in
    for it.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra=_require_key)

    key: str | None = None


class PersonIn(In):
    """A resident, as the script knows them."""

    uuid: Uuid
    name: Name


class QuoteIn(Keyed):
    """What is wanted, by whom, for whom (themself, unless somebody else is the recipient)."""

    product: ProductNamed
    buyer: PersonIn
    recipient: PersonIn | None = None
    quantity: Pieces = 1
    member: StrictBool | None = None
    coupon: Annotated[str, text(40)] | None = None
    use_credit: StrictBool = False


class PurchaseIn(QuoteIn):
    """A sale without a quote, at the price of this moment. `paid` is what the buyer has paid."""

    paid: Amount
    transaction: Transaction | None = None


class QuotedPurchaseIn(Keyed):
    """A sale at the price of a quote, to whom and for whom that was given."""

    quote: uuid.UUID
    buyer: PersonIn
    recipient: PersonIn | None = None
    member: StrictBool | None = None
    paid: Amount
    transaction: Transaction | None = None


def _which(asked: Any) -> str:
    return "quoted" if isinstance(asked, dict) and "quote" in asked else "direct"


AnyPurchaseIn = Annotated[
    Annotated[QuotedPurchaseIn, Tag("quoted")] | Annotated[PurchaseIn, Tag("direct")],
    Discriminator(_which),
]


class RedeliveryIn(Keyed):
    """Another copy for whoever received the product."""

    uuid: Uuid
    product: ProductNamed


class DeliveryReportIn(Keyed):
    """What became of a delivery that a box has claimed."""

    state: Literal["delivered", "failed"]
    note: Note = ""


class PaidIn(Keyed):
    """A payout was paid, under that transaction in-world."""

    state: Literal["paid"]
    transaction: Annotated[str, text(80)]


class NotPaidIn(Keyed):
    """A payout could not be paid."""

    state: Literal["failed"]
    note: Note = ""


PayoutReportIn = Annotated[PaidIn | NotPaidIn, Field(discriminator="state")]


class SubscriptionIn(Keyed):
    """Somebody wants the news, or no longer."""

    uuid: Uuid
    name: Name
    subscribed: StrictBool


class BoxIn(Keyed):
    """Where a delivery box can be reached."""

    object_key: Uuid
    name: Annotated[str, text(64, least=0)] = ""
    url: Annotated[str, text(255)]


# What is answered. Amounts are whole numbers of the smallest unit; moments are seconds since 1970.


class ErrorOut(BaseModel):
    """Every answer that is none: `code` for scripts, `detail` for people.

    `give_back` is money of a refused sale that is owed to the buyer, as payout `payout`.
    """

    code: str
    detail: str
    retry_after: int | None = None
    give_back: int | None = None
    payout: int | None = None


class QuoteOut(BaseModel):
    """A price and how it came about. `money` is what the buyer is to pay, until `valid_until`."""

    id: uuid.UUID
    valid_until: int
    list_price: int
    price: int
    money: int
    credit: int
    restricted: int
    refund: int
    refund_as_credit: bool
    coupon_share: int
    bonus: int
    why: list[str]


class PurchaseOut(BaseModel):
    """What was sold, and what follows: the delivery, and the refund where one is owed as money."""

    purchase: int
    price: int
    money: int
    credit: int
    restricted: int
    refund: int
    refund_as_credit: bool
    coupon_share: int
    bonus: int
    payout: int | None
    delivery: int


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
    id: int
    product: str
    uuid: uuid.UUID | None
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
