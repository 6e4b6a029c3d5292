"""Quotes: what something would cost somebody."""

from django.http import HttpResponse
from ninja import Router

from customers.identity import Person
from loyalty.explained import Quote, Rule, Stage, Step
from loyalty.models import StoredQuote
from sales import asking
from sales.api import answers, described
from sales.api.answered import QuoteOut, amounts
from sales.api.asked import PersonIn, QuoteIn
from sales.api.auth import VendorRequest, roll_year
from sales.api.idempotency import Done, once
from sales.checkout import Order
from stores.money import Currency

router = Router(tags=["Selling"])
SAID_AS = {
    Stage.PRODUCT: "{}: {} off",
    Stage.VENDOR: "{}: {} off",
    Stage.CREDIT: "{}: pays {}",
    Stage.REFUND: "{}: {} back",
    Stage.COUPON: "{}: {} to credit",
    Stage.BONUS: "{}: {} to credit",
}


@router.post(
    "quotes",
    summary="Ask a price",
    response=described.deed(QuoteOut, 403, 404),
    url_name="quotes",
    operation_id="quote",
)
def ask(request: VendorRequest, asked: QuoteIn) -> HttpResponse:
    """Ask what something costs. The price holds for 15 minutes and for one purchase; nobody becomes
    a customer by asking.
    """
    roll_year(request)

    def deed() -> Done:
        return Done(_told(asking.quote(order_of(request, asked)), request.store.money))

    return once(request, asked, deed)


def order_of(request: VendorRequest, asked: QuoteIn) -> Order:
    """What is wanted, found in the store. Raises Refused."""
    store = request.store
    return Order(
        store=store,
        product=asking.product(store, asked.product),
        vendor=request.vendor,
        buyer=person(asked.buyer),
        recipient=recipient(asked.buyer, asked.recipient),
        quantity=asked.quantity,
        uses_credit=asked.use_credit,
        member=asked.member,
        coupon=asking.coupon(store, asked.coupon) if asked.coupon else None,
    )


def person(named: PersonIn) -> Person:
    return Person(named.name, named.uuid)


def recipient(buyer: PersonIn, named: PersonIn | None) -> Person | None:
    """Somebody else than the buyer, who may be named twice."""
    return person(named) if named and named.uuid != buyer.uuid else None


def _told(stored: StoredQuote, money: Currency) -> QuoteOut:
    quote = stored.quote
    told = QuoteOut(
        id=stored.pk,
        valid_until=int(stored.valid_until.timestamp()),
        list_price=quote.list_price,
        why=[],
        **amounts(quote),
    )
    left = answers.MOST_BYTES - answers.size(told.model_dump_json())
    for line in _why(quote, money):
        left -= answers.size(answers.dump(line)) + 1
        if left < 0:
            break
        told.why.append(line)
    return told


def _why(quote: Quote, money: Currency) -> list[str]:
    """A line for each rule that decided something, and for a coupon that did not."""
    lines = [_line(step, money) for step in quote.steps if step.rule is not Rule.NONE]
    unused = [lost for step in quote.steps if step.stage is Stage.COUPON for lost in step.lost]
    return [*lines, *(f"{lost.label}: {lost.why}" for lost in unused)]


def _line(step: Step, money: Currency) -> str:
    label = step.label if step.percent is None else f"{step.label}, {step.percent} %"
    return SAID_AS[step.stage].format(label, money.format(step.amount))
