"""What gives a tier and what takes it: time alone, returns, removals, and sales of before the store came here."""

import datetime as dt

import pytest

from customers import figures, purchases
from customers.purchases import PurchaseRow
from loyalty import quotes
from loyalty.explained import Rule, Stage
from loyalty.quotes import Question
from tests.factories import (
    buy,
    make_customer,
    make_product,
    make_store,
    make_tier,
    noon,
    set_window,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
TODAY = dt.date(2026, 6, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store()
    set_window(store, TODAY)
    return store


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp", price=1_000)


@pytest.fixture
def anna(store):
    return make_customer(store)


def got(customer, product) -> int:
    """What is refunded of 1,000, by the tier alone."""
    quote = quotes.quote(Question(customer.store, product, payer=customer))
    (step,) = (step for step in quote.steps if step.stage is Stage.REFUND)
    assert (step.rule is Rule.TIER) == bool(quote.refund)
    return quote.refund


def test_a_yearly_tier_lapses_by_the_roll_alone(store, anna, lamp):
    """Rule 20: nothing happens but that the day is over."""
    make_tier(store, 500, 10, period="yearly")
    make_tier(store, 5_000, 20)
    buy(anna, on=TODAY - 364 * DAY, money=500)
    before = got(anna, lamp)

    figures.roll(store, to=TODAY + DAY)

    assert (before, got(anna, lamp)) == (100, 0)


def test_a_global_tier_stays(store, anna, lamp):
    make_tier(store, 500, 10)
    buy(anna, on=TODAY - 364 * DAY, money=500)

    figures.roll(store, to=TODAY + 9 * 365 * DAY)

    assert got(anna, lamp) == 100


@pytest.mark.parametrize("period", ["global", "yearly"])
def test_a_return_costs_the_tier_and_a_removal_does_not(store, anna, lamp, period):
    """Rule 21."""
    make_tier(store, 500, 10, period=period)
    bought = buy(anna, lamp, money=500)
    before = got(anna, lamp)

    purchases.remove_product(customer=anna, product=lamp, by=None)
    removed = got(anna, lamp)
    purchases.take_back(purchase=bought, by=None)

    assert (before, removed, got(anna, lamp)) == (100, 100, 0)


def test_a_partial_return_costs_it_where_the_threshold_is_missed(store, anna, lamp):
    make_tier(store, 500, 10)
    bought = buy(anna, lamp, money=1_000, quantity=2)
    first = got(anna, lamp)

    purchases.take_back(purchase=bought, quantity=1, by=None)
    second = got(anna, lamp)
    purchases.take_back(purchase=bought, quantity=1, by=None)

    assert (first, second, got(anna, lamp)) == (100, 100, 0)


@pytest.mark.parametrize(
    ("period", "day", "refund"),
    [
        ("global", TODAY - 3_000 * DAY, 100),
        ("global", TODAY, 100),
        ("yearly", TODAY - 364 * DAY, 100),
        ("yearly", TODAY - 365 * DAY, 0),
    ],
)
def test_imported_sales_count(store, anna, lamp, period, day, refund):
    """Rule 24: by the day on which they were made, as all others."""
    make_tier(store, 500, 10, period=period)
    sold = PurchaseRow(
        payer_id=anna.pk,
        recipient_id=anna.pk,
        product_id=lamp.pk,
        vendor_id=None,
        quantity=1,
        at=noon(store, day),
        counts_on=day,
        receipt="",
        price=500,
        money=500,
        import_key="a",
    )

    purchases.record_many(store=store, rows=[sold])

    assert got(anna, lamp) == refund
