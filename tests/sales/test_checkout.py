"""Checkout: one deed that prices, takes credit, counts, and owes what follows."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from customers import bans
from customers import credit as ledger
from customers.identity import Person
from customers.models import Balance, CreditEntry, Customer, Purchase
from customers.purchases import ReturnRefused
from loyalty import coupons, quotes
from loyalty.models import LoyaltyTier, Settings, StoredQuote
from loyalty.quotes import Question
from products.models import Product, Vendor
from sales import checkout, returns
from sales.checkout import Order
from sales.models import Delivery, Payout
from sales.refused import Code, Refused
from sales.returns import Wish
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

ANNA = Person("anna.lane", uuid.UUID(int=1))
BEN = Person("ben.moss", uuid.UUID(int=2))


@pytest.fixture
def store():
    return factories.make_store()


@pytest.fixture
def lamp(store):
    return Product.objects.create(store=store, name="Lamp", price=100, discount=10, copy=True)


@pytest.fixture
def stall(store):
    return Vendor.objects.create(store=store, name="Stall", discount=5)


def customer(person):
    return Customer.objects.select_related("account").get(uuid=person.uuid)


def sell(store, lamp, stall, **changes):
    order = Order(**{"store": store, "product": lamp, "vendor": stall, "buyer": ANNA, **changes})
    return checkout.buy(order=order)


def refused(code, call):
    with pytest.raises(Refused) as found:
        call()
    assert found.value.code == code


def test_the_example_of_the_law(store, lamp, stall):
    sell(store, lamp, stall)
    Customer.objects.filter(uuid=ANNA.uuid).update(discount=5)

    sale = sell(store, lamp, stall, paid=86)

    purchase = sale.purchase
    assert (purchase.list_price, purchase.price, purchase.money) == (100, 86, 86)
    assert (sale.refund.amount, sale.refund.state, sale.refund.kind) == (4, "due", "refund")
    assert (sale.delivery.state, sale.delivery.kind, sale.delivery.quantity) == (
        "queued",
        "sale",
        1,
    )
    assert StoredQuote.objects.get(purchase=purchase).quote == sale.quote
    assert customer(ANNA).spent == 172


def test_a_new_buyer_is_made_and_one_known_by_name_is_completed(store, lamp, stall):
    known = factories.make_customer(store, "anna.lane")

    sale = sell(store, lamp, stall, recipient=BEN)

    assert sale.purchase.payer == known
    assert customer(ANNA) == known
    assert (customer(ANNA).owns, customer(BEN).owns, customer(BEN).spent) == (0, 1, 0)


@pytest.mark.parametrize("paid", [0, 85, 87])
def test_another_amount_is_refused_and_leaves_nothing(store, lamp, stall, paid, unchanged):
    sell(store, lamp, stall)
    with unchanged():
        refused(Code.WRONG_AMOUNT, lambda: sell(store, lamp, stall, paid=paid))


def test_credit_pays_restricted_first_and_a_gift_by_credit_only(store, lamp, stall):
    sell(store, lamp, stall)
    anna = customer(ANNA)
    for balance in Balance.values:
        ledger.grant(customer=anna, balance=balance, amount=50, by=None)

    gift = sell(store, lamp, stall, recipient=BEN, uses_credit=True).purchase
    own = sell(store, lamp, stall, uses_credit=True, paid=36).purchase

    assert (gift.restricted, gift.credit, gift.money) == (0, 50, 36)
    assert (own.restricted, own.credit, own.money) == (50, 0, 36)


def test_coupon_and_bonus_go_to_credit_and_the_commission_is_owed(store, lamp, stall):
    blogger = factories.make_customer(store, "blog.writer")
    Settings.objects.create(store=store, bonus=10)
    coupon = coupons.add(store=store, by=None, code="WRITER", owner=blogger, commission=20, share=5)

    sale = sell(store, lamp, stall, coupon=coupon)

    entries = CreditEntry.objects.filter(purchase=sale.purchase).values_list("kind", "delta")
    assert sorted(entries) == [("bonus", 8), ("coupon", 4)]
    owed = Payout.objects.get(kind="commission")
    assert (owed.payee, owed.amount) == (blogger, 17)
    coupon.refresh_from_db()
    assert (coupon.uses, coupon.earned, coupon.given) == (1, 17, 4)


def test_a_quote_is_charged_exactly_once_and_while_it_holds(store, lamp, stall, unchanged):
    question = Question(
        store=store, product=lamp, vendor=stall, asked_by=ANNA.uuid, asked_for=ANNA.uuid
    )
    stored = quotes.keep(question, quotes.quote(question))
    Product.objects.update(price=500)

    sale = sell(store, lamp, stall, quote=stored, paid=86)

    assert sale.purchase.money == 86
    stored.refresh_from_db()
    with unchanged():
        refused(Code.QUOTE_USED, lambda: sell(store, lamp, stall, quote=stored, paid=86))


def test_a_quote_that_ran_out_or_is_for_somebody_else_is_refused(
    store, lamp, stall, unchanged, time_machine
):
    question = Question(
        store=store, product=lamp, vendor=stall, asked_by=ANNA.uuid, asked_for=ANNA.uuid
    )
    stored = quotes.keep(question, quotes.quote(question))
    with unchanged():
        refused(Code.QUOTE_MISMATCH, lambda: sell(store, lamp, stall, quote=stored, buyer=BEN))
        time_machine.move_to(timezone.now() + dt.timedelta(minutes=15))
        refused(Code.QUOTE_STALE, lambda: sell(store, lamp, stall, quote=stored, paid=86))


def test_a_quote_whose_credit_is_spent_is_stale(store, lamp, stall, unchanged):
    sell(store, lamp, stall)
    anna = customer(ANNA)
    ledger.grant(customer=anna, balance="credit", amount=50, by=None)
    question = Question(store=store, product=lamp, vendor=stall, payer=anna, uses_credit=True)
    stored = quotes.keep(question, quotes.quote(question))
    ledger.take(customer=anna, balance="credit", amount=1, by=None)

    with unchanged():
        refused(Code.QUOTE_STALE, lambda: sell(store, lamp, stall, quote=stored, paid=36))


@pytest.mark.parametrize("who", [ANNA, BEN])
def test_nothing_is_sold_to_or_for_the_banned(store, lamp, stall, who, unchanged):
    sell(store, lamp, stall, recipient=BEN)
    bans.ban(customer=customer(who), reason="abuse", by=None)
    with unchanged():
        refused(Code.BANNED, lambda: sell(store, lamp, stall, recipient=BEN))


def test_what_is_deleted_is_not_sold(store, lamp, stall, unchanged):
    Product.objects.update(deleted_at=timezone.now())
    lamp.refresh_from_db()
    with unchanged():
        refused(Code.NOT_SOLD, lambda: sell(store, lamp, stall))


def test_something_sent_is_owned_and_not_spent(store, lamp):
    purchase = checkout.send(store=store, product=lamp, to=ANNA, by=None, key="once")
    again = checkout.send(store=store, product=lamp, to=ANNA, by=None, key="once")

    assert again == purchase
    assert (customer(ANNA).owns, customer(ANNA).spent) == (1, 0)
    assert [d.kind for d in Delivery.objects.all()] == ["sent"]


class TestReturns:
    def bought(self, store, lamp, stall, **changes):
        sale = sell(store, lamp, stall, **changes)
        return sale.purchase

    def test_a_whole_return_before_the_refund_was_paid_gives_all_money_back(
        self, store, lamp, stall
    ):
        sell(store, lamp, stall)
        Customer.objects.update(discount=5)
        purchase = self.bought(store, lamp, stall)

        terms = returns.take_back(purchase=purchase, wish=Wish(), by=None)

        assert (terms.given, terms.refund_kept) == (86, 0)
        assert Payout.objects.get(kind="refund").state == "cancelled"
        assert Payout.objects.get(kind="return").amount == 86
        assert (customer(ANNA).spent, customer(ANNA).owns) == (86, 1)

    def test_a_refund_that_was_paid_is_kept(self, store, lamp, stall):
        sell(store, lamp, stall)
        Customer.objects.update(discount=5)
        purchase = self.bought(store, lamp, stall)
        Payout.objects.update(state="paid")

        seen = returns.preview(purchase, Wish())
        terms = returns.take_back(purchase=purchase, wish=Wish(), by=None)

        assert (seen.given, seen.refund_kept) == (82, 4)
        assert (terms.given, terms.refund_kept) == (82, 4)

    def test_parts_add_up_to_the_whole(self, store, lamp, stall):
        sell(store, lamp, stall)
        Customer.objects.update(discount=7)
        purchase = self.bought(store, lamp, stall, quantity=3)
        Payout.objects.update(state="paid")

        for _ in range(3):
            returns.take_back(purchase=purchase, wish=Wish(quantity=1), by=None)

        given = [p.amount for p in Payout.objects.filter(kind="return")]
        assert sum(given) == purchase.money - purchase.money * 7 // 100
        with pytest.raises(ReturnRefused):
            returns.take_back(purchase=purchase, wish=Wish(quantity=1), by=None)

    def test_rewards_are_taken_as_far_as_the_credit_goes(self, store, lamp, stall):
        Settings.objects.create(store=store, bonus=10)
        purchase = self.bought(store, lamp, stall)
        ledger.take(customer=customer(ANNA), balance="credit", amount=3, by=None)

        terms = returns.take_back(purchase=purchase, wish=Wish(), by=None)

        assert (terms.bonus_taken, terms.bonus_missing) == (5, 3)
        assert customer(ANNA).account.credit == 0

    def test_store_credit_instead_of_money_and_the_product_kept(self, store, lamp, stall):
        purchase = self.bought(store, lamp, stall)

        returns.take_back(purchase=purchase, wish=Wish(as_credit=True, keeps_product=True), by=None)

        assert customer(ANNA).account.credit == 86
        assert (customer(ANNA).owns, customer(ANNA).spent) == (1, 0)
        assert not Payout.objects.filter(kind="return").exists()
        assert Delivery.objects.get().state == "queued"

    def test_the_same_click_twice_returns_once(self, store, lamp, stall):
        purchase = self.bought(store, lamp, stall, quantity=2)
        token = uuid.uuid4()

        first, second = (
            returns.take_back(purchase=purchase, wish=Wish(quantity=1), by=None, token=token)
            for _ in range(2)
        )

        assert first == second
        assert Purchase.objects.filter(returns=purchase).count() == 1

    def test_it_says_what_it_does_to_the_tier(self, store, lamp, stall):
        LoyaltyTier.objects.create(store=store, threshold=80, discount=10)
        purchase = self.bought(store, lamp, stall)

        seen = returns.preview(purchase, Wish())

        assert (seen.tier.threshold, seen.tier_after) == (80, None)
