"""The refund of a sale is a payment of its own that can fail: price paid, refund due and its state stand apart.

`Rule N` names a rule of the reference systems (systems.md, part 7).
"""

import uuid
from typing import NamedTuple

import pytest

from customers.identity import Person
from customers.models import CreditEntry, Customer, Purchase
from loyalty.models import Settings, StoredQuote
from products.models import Vendor
from sales import checkout, payouts, returns
from sales.checkout import Order
from sales.models import Payout, PayoutKind
from sales.refused import Code, Refused
from sales.returns import Wish
from tests.doors.pages import read
from tests.factories import (
    balances,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_vendor,
)
from tests.forms import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
ANNA = Person("anna.lane", uuid.UUID(int=1))


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def stall(store):
    return make_vendor(store, "Stall", discount=5)


@pytest.fixture
def other(store):
    return make_vendor(store, "Other")


@pytest.fixture
def anna(store):
    """A customer with 5 % of their own."""
    return make_customer(store, ANNA.name, uuid=ANNA.uuid, discount=5)


@pytest.fixture
def by(store):
    return make_member(store).user


def sell(stall: Vendor, *, price: int = 100, off: int = 10, to: Person = ANNA) -> Purchase:
    lamp = make_product(stall.store, price=price, discount=off)
    order = Order(store=stall.store, product=lamp, vendor=stall, buyer=to)
    return checkout.buy(order=order).purchase


class Told(NamedTuple):
    """What a sale says of itself, each figure by itself."""

    paid: int
    due: int
    state: str
    quoted: tuple[int, int]
    spent: int


def told(purchase: Purchase) -> Told:
    payout = Payout.objects.get(purchase=purchase, kind=PayoutKind.REFUND)
    quote = StoredQuote.objects.get(purchase=purchase).quote
    spent = Customer.objects.get(pk=purchase.payer_id).spent
    money = Purchase.objects.get(pk=purchase.pk).money
    return Told(money, payout.amount, payout.state, (quote.money, quote.refund), spent)


def test_a_refund_that_fails_changes_neither_the_price_nor_what_is_due(anna, stall, other, by):
    """Rule 7: 86 were paid, 4 are due, however often paying them fails."""
    purchase = sell(stall)
    states = [told(purchase)]

    (payout,) = payouts.claim(vendor=stall, limit=10)
    states.append(told(purchase))
    payouts.report_failed(payout=payout, vendor=stall, why="no debit permission")
    states.append(told(purchase))
    assert payouts.claim(vendor=other, limit=10) == []
    assert payouts.retry(payout=payout, by=by)
    states.append(told(purchase))
    (again,) = payouts.claim(vendor=other, limit=10)
    payouts.report_paid(payout=again, vendor=other, transaction_id="T-1")
    states.append(told(purchase))

    assert {state._replace(state="") for state in states} == {Told(86, 4, "", (86, 4), 86)}
    assert [state.state for state in states] == ["due", "claimed", "failed", "due", "paid"]
    again.refresh_from_db()
    assert (again.attempts, again.transaction, again.vendor) == (2, "T-1", other)


def test_the_page_of_the_purchase_shows_the_three_apart(anna, stall, by):
    purchase = sell(stall)
    client = signed_in(stall.store, "viewer")

    def shown() -> tuple[list[str], list[str]]:
        page = read(client.get(f"/stores/{stall.store.slug}/purchases/{purchase.pk}/"))
        figures = [node.text for node in page.one("dl", class_="figures").all("dd")]
        (payouts_,) = page.all("section", aria_labelledby="payouts-title")
        return figures, [cell.text for cell in payouts_.all("tr")[1].all("td")]

    pages = [shown()]
    (payout,) = payouts.claim(vendor=stall, limit=1)
    payouts.report_failed(payout=payout, vendor=stall, why="throttled")
    pages.append(shown())
    payouts.mark_paid(payout=payout, by=by)
    pages.append(shown())

    assert {tuple(figures) for figures, _ in pages} == {("L$100", "L$86", "L$0", "L$0", "L$86")}
    assert [row for _, row in pages] == [
        ["Refund", "anna.lane", "L$4", state] for state in ("Due", "Failed", "Paid")
    ]


def test_a_failure_says_why_and_the_credit_is_left_alone(anna, stall):
    purchase = sell(stall)
    (payout,) = payouts.claim(vendor=stall, limit=1)

    payouts.report_failed(payout=payout, vendor=stall, why="the account of the owner is empty")

    payout.refresh_from_db()
    assert (payout.note, payout.by) == ("the account of the owner is empty", None)
    assert balances(anna) == (0, 0)
    assert not CreditEntry.objects.filter(purchase=purchase).exists()


@pytest.mark.parametrize(("price", "due"), [(19, []), (20, [1])])
def test_nothing_is_owed_of_a_refund_of_nothing(anna, store, price, due):
    """Rule 5: 5 % of 19 is 0, which nobody can be paid."""
    sell(make_vendor(store), price=price, off=0)

    assert list(Payout.objects.values_list("amount", flat=True)) == due


def test_a_refund_as_credit_is_no_payment(anna, stall):
    """It cannot fail: it is there at once, and is no part of what was paid."""
    Settings.objects.create(store=stall.store, refund_as_credit=True)

    purchase = sell(stall)

    assert purchase.money == 86
    assert balances(anna) == (4, 0)
    entries = CreditEntry.objects.filter(purchase=purchase)
    assert list(entries.values_list("kind", "delta")) == [("refund", 4)]
    assert not Payout.objects.exists()


def test_nobody_pays_a_name_without_a_uuid(store, stall):
    make_customer(store, "carl.moon", discount=5)

    purchase = sell(stall, to=Person("carl.moon", None))

    assert payouts.claim(vendor=stall, limit=10) == []
    assert told(purchase) == Told(86, 4, "due", (86, 4), 86)


def test_a_person_says_that_it_was_paid_otherwise(anna, stall, by):
    purchase = sell(stall)
    (payout,) = payouts.claim(vendor=stall, limit=1)
    payouts.report_failed(payout=payout, vendor=stall, why="throttled")

    done = [payouts.mark_paid(payout=payout, by=by) for _ in range(2)]

    payout.refresh_from_db()
    assert done == [True, False]
    assert (told(purchase).state, payout.by, payout.note) == ("paid", by, payouts.BY_HAND)
    assert not payouts.retry(payout=payout, by=by)


def test_a_refund_that_failed_is_not_owed_after_a_return(anna, stall):
    purchase = sell(stall)
    (payout,) = payouts.claim(vendor=stall, limit=1)
    payouts.report_failed(payout=payout, vendor=stall, why="throttled")

    terms = returns.take_back(purchase=purchase, wish=Wish(), by=None)

    assert (terms.given, terms.refund_kept) == (86, 0)
    assert told(purchase) == Told(86, 4, "cancelled", (86, 4), 0)


def test_what_a_vendor_may_not_say_of_a_refund(anna, stall, other, unchanged):
    sell(stall)
    second = sell(stall)
    first, mine = payouts.claim(vendor=stall, limit=2)
    payouts.report_paid(payout=first, vendor=stall, transaction_id="T-1")

    def refused(deed) -> Code:
        with unchanged(), pytest.raises(Refused) as found:
            deed()
        return found.value.code

    assert [
        refused(lambda: payouts.report_paid(payout=mine, vendor=other, transaction_id="T-2")),
        refused(lambda: payouts.report_paid(payout=mine, vendor=stall, transaction_id="T-1")),
        refused(lambda: payouts.report_failed(payout=first, vendor=stall, why="throttled")),
        refused(lambda: payouts.report_paid(payout=first, vendor=stall, transaction_id="T-3")),
    ] == [Code.NOT_YOURS, Code.TRANSACTION_USED, Code.ENDED, Code.ENDED]
    with unchanged():
        payouts.report_paid(payout=first, vendor=stall, transaction_id="T-1")
    assert told(second).state == "claimed"
