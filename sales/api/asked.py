"""What may be asked: fields that are known, whole numbers that are numbers, texts without control
characters.
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
