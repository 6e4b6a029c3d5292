"""Sales that meet: each race gives its discrepancies, none with the guard in place, some with it taken out."""

import uuid

import pytest

from customers import books, credit, figures, identity, purchases
from customers.identity import Person
from customers.models import Customer, Purchase, YearWindow
from loyalty import quotes
from loyalty.models import StoredQuote
from loyalty.quotes import Question
from sales import checkout, deliveries, payouts, returns
from sales.checkout import Order
from sales.models import Delivery, Payout
from sales.returns import Wish
from stores.whole import whole
from tests.factories import make_customer, make_product, make_store, make_vendor, set_window
from tests.naive import rows_are_locked
from tests.together import meeting, names, together

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
ANNA = Person("anna", uuid.UUID(int=1))


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp", price=10, copy=True)


@pytest.fixture
def anna(store):
    return make_customer(store, ANNA.name, uuid=ANNA.uuid, credit=40)


def differences(store):
    return [str(one) for one in books.check(store)]


def unlike(**pairs):
    return [
        f"{what} is {is_}, not {should}" for what, (is_, should) in pairs.items() if is_ != should
    ]


# 8 sales of 10 by credit out of a balance of 40: four are paid by credit, the others by money.


def sell_at_once(store, lamp):
    order = Order(store=store, product=lamp, buyer=ANNA, uses_credit=True)

    outcomes = together(*[lambda: whole(lambda: checkout.buy(order=order))] * THREADS)
    paid = sorted(Purchase.objects.values_list("credit", "money"))
    return [
        *unlike(
            outcomes=(names(outcomes), ["done"] * THREADS),
            paid=(paid, [(0, 10)] * 4 + [(10, 0)] * 4),
            left=(credit.balance_of(Customer.objects.get(), "credit"), 0),
            delivered=(Delivery.objects.count(), THREADS),
        ),
        *differences(store),
    ]


def test_sales_at_once_spend_one_balance_to_exactly_zero(store, lamp, anna):
    assert sell_at_once(store, lamp) == []


@rows_are_locked
def test_pricing_before_the_account_is_locked_is_caught(store, lamp, anna, monkeypatch):
    meet, price = meeting(2), quotes.quote

    def met(question, **read):
        found = price(question, **read)
        meet()
        return found

    monkeypatch.setattr(credit, "lock_account", lambda customer: None)
    monkeypatch.setattr(quotes, "quote", met)
    window = YearWindow(store=store, through=store.today(), time_zone=store.time_zone)
    monkeypatch.setattr(figures, "lock_window", lambda of: window)

    order = Order(store=store, product=lamp, buyer=ANNA, uses_credit=True)
    credit.take(customer=anna, balance="credit", amount=30, by=None)
    outcomes = together(*[lambda: checkout.buy(order=order)] * 2)

    assert names(outcomes) == ["Refused", "done"]


# 8 payments under one quote.


def use_one_quote(store, lamp, anna):
    question = Question(store=store, product=lamp, payer=anna)
    stored = quotes.keep(question, quotes.quote(question))
    order = Order(store=store, product=lamp, buyer=ANNA, quote=stored, paid=10)

    outcomes = together(*[lambda: checkout.buy(order=order)] * THREADS)
    return [
        *unlike(
            outcomes=(names(outcomes), ["Refused"] * (THREADS - 1) + ["done"]),
            sold=(Purchase.objects.count(), 1),
        ),
        *differences(store),
    ]


def test_a_quote_is_sold_under_once(store, lamp, anna):
    assert use_one_quote(store, lamp, anna) == []


def test_selling_under_a_quote_that_is_only_looked_at_is_caught(store, lamp, anna, monkeypatch):
    monkeypatch.setattr(checkout, "_sell_under", lambda stored, purchase: None)

    assert use_one_quote(store, lamp, anna)[0].startswith("outcomes is ['done'")


# Two vendors claim what is due, two boxes take up what is queued.


def claim_at_once(store, lamp, anna):
    shops = [make_vendor(store) for _ in range(4)]
    for _ in range(3):
        payouts.give_back(store=store, name="anna", uuid=ANNA.uuid, amount=5, why="")

    outcomes = together(*[lambda shop=shop: payouts.claim(vendor=shop, limit=3) for shop in shops])
    claimed = [payout.pk for outcome in outcomes for payout in outcome]
    return unlike(claimed=(sorted(claimed), sorted(Payout.objects.values_list("pk", flat=True))))


def test_a_payout_is_claimed_by_one_vendor(store, lamp, anna):
    assert claim_at_once(store, lamp, anna) == []


def test_claiming_what_was_only_read_is_caught(store, lamp, anna, monkeypatch):
    meet = meeting(4)

    def naive(key, vendor):
        meet()
        return True

    monkeypatch.setattr(payouts, "_win", naive)

    assert claim_at_once(store, lamp, anna)[0].startswith("claimed is")


def take_up_at_once(store, lamp, anna):
    for _ in range(3):
        checkout.buy(order=Order(store=store, product=lamp, buyer=ANNA))

    outcomes = together(*[lambda: deliveries.take_up(store=store, limit=3)] * 4)
    taken = [delivery.pk for outcome in outcomes for delivery in outcome]
    return unlike(taken=(sorted(taken), sorted(Delivery.objects.values_list("pk", flat=True))))


def test_a_delivery_is_taken_up_by_one_box(store, lamp, anna):
    assert take_up_at_once(store, lamp, anna) == []


def test_handing_out_what_was_only_read_is_caught(store, lamp, anna, monkeypatch):
    meet = meeting(4)

    def naive(delivery):
        meet()
        return True

    monkeypatch.setattr(deliveries, "_take", naive)

    assert take_up_at_once(store, lamp, anna)[0].startswith("taken is")


# 8 returns of one purchase, 8 clicks on one redelivery.


def return_at_once(store, lamp, anna):
    purchase = checkout.buy(order=Order(store=store, product=lamp, buyer=ANNA, uses_credit=True))[0]

    def give_back():
        return returns.take_back(purchase=purchase, wish=Wish(), by=None)

    outcomes = together(*[give_back] * THREADS)
    return [
        *unlike(
            outcomes=(names(outcomes), ["ReturnRefused"] * (THREADS - 1) + ["done"]),
            held=(credit.balance_of(anna, "credit"), 40),
        ),
        *differences(store),
    ]


def test_a_purchase_is_returned_once(store, lamp, anna):
    assert return_at_once(store, lamp, anna) == []


@rows_are_locked
def test_returning_without_the_locks_is_caught(store, lamp, anna, monkeypatch):
    meet, share = meeting(2), returns._share

    def met(*args):
        found = share(*args)
        meet()
        return found

    monkeypatch.setattr(returns, "_share", met)
    monkeypatch.setattr(credit, "lock_account", lambda customer: None)
    monkeypatch.setattr(figures, "lock_customers", lambda keys: None)

    assert return_at_once(store, lamp, anna) != []


def redeliver_at_once(store, lamp, anna):
    checkout.buy(order=Order(store=store, product=lamp, buyer=ANNA))

    def again():
        return deliveries.redeliver(customer=anna, product=lamp, by=None).pk

    outcomes = together(*[again] * THREADS)
    return unlike(
        outcomes=(names(outcomes), ["done"] * THREADS),
        queued=(len(set(map(str, outcomes))), 1),
    )


def test_clicks_at_once_queue_one_redelivery(store, lamp, anna):
    assert redeliver_at_once(store, lamp, anna) == []


@rows_are_locked
def test_redelivering_without_the_lock_is_caught(store, lamp, anna, monkeypatch):
    meet, right = meeting(2), deliveries.right_to

    def met(*args):
        found = right(*args)
        meet()
        return found

    monkeypatch.setattr(figures, "lock_customers", lambda keys: None)
    monkeypatch.setattr(deliveries, "right_to", met)

    assert redeliver_at_once(store, lamp, anna)[0].startswith("outcomes is ['IntegrityError'")


# Somebody new to the store buys four times at once.


def buy_as_somebody_new(store, lamp, again):
    order = Order(store=store, product=lamp, buyer=ANNA)

    outcomes = together(*[lambda: again(lambda: checkout.buy(order=order))] * 4)
    return [
        *unlike(
            outcomes=(names(outcomes), ["done"] * 4),
            spent=(list(Customer.objects.values_list("spent", flat=True)), [40]),
            quotes=(StoredQuote.objects.filter(purchase__isnull=False).count(), 4),
        ),
        *differences(store),
    ]


def test_somebody_new_is_one_customer(store, lamp):
    assert buy_as_somebody_new(store, lamp, whole) == []


@rows_are_locked
def test_a_sale_that_is_not_tried_again_is_caught(store, lamp, monkeypatch):
    set_window(store, store.today())
    meet, add = meeting(4), identity.add_many

    def met(**who):
        meet()
        return add(**who)

    monkeypatch.setattr(identity, "add_many", met)

    assert buy_as_somebody_new(store, lamp, lambda deed: deed())[0].startswith(
        "outcomes is ['IntegrityError'"
    )


# 4 sales under one key.


def sell_under_one_key(store, lamp):
    order = Order(store=store, product=lamp, buyer=ANNA, key="sale-1")

    outcomes = together(*[lambda: checkout.buy(order=order)] * 4)
    return unlike(
        outcomes=(names(outcomes), ["IntegrityError"] * 3 + ["done"]),
        sold=(Purchase.objects.count(), 1),
    )


def test_the_same_key_is_sold_once(store, lamp, anna):
    assert sell_under_one_key(store, lamp) == []


def test_sales_that_do_not_carry_their_key_are_caught(store, lamp, anna, monkeypatch):
    record = purchases.record
    monkeypatch.setattr(purchases, "record", lambda **sold: record(**{**sold, "key": None}))

    assert sell_under_one_key(store, lamp)[-1] == "sold is 4, not 1"
