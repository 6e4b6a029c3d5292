"""What customers spent in all and in the year, what they own, when they bought."""

import datetime as dt

import pytest

from customers import figures, purchases
from customers.models import YearWindow
from tests.factories import (
    buy,
    figure,
    figures_of,
    make_customer,
    make_product,
    make_store,
    noon,
    set_window,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
DAY = dt.timedelta(days=1)
YEAR = 365 * DAY
ZONES = ["America/Los_Angeles", "Australia/Sydney"]
MAY = dt.date(2024, 5, 1)


@pytest.fixture(params=ZONES)
def zoned(request, db):
    return make_store(time_zone=request.param)


@pytest.fixture
def jane(db):
    store = make_store()
    set_window(store, MAY)
    return make_customer(store, "jane.doe")


def year(customer):
    return figure(customer, "spent_year")


def window(store):
    return YearWindow.objects.get(store=store).through


def test_a_new_customer_has_bought_nothing(jane):
    assert figures_of(jane) == {
        "spent": 0,
        "spent_year": 0,
        "owns": 0,
        "first_purchase_at": None,
        "last_purchase_at": None,
    }


def test_spent_is_the_money_of_all_purchases(jane):
    buy(jane, on=MAY, money=70)
    buy(jane, on=MAY, money=5)
    buy(jane, on=dt.date(2010, 1, 1), money=1000)

    assert (figure(jane, "spent"), year(jane)) == (1075, 75)


def test_a_return_lowers_what_was_spent(jane):
    bought = buy(jane, on=MAY, money=70, quantity=7)

    purchases.take_back(purchase=bought, quantity=2, by=None)

    assert (figure(jane, "spent"), year(jane)) == (50, 50)


def test_owned_are_distinct_products(jane):
    chair, table = make_product(jane.store), make_product(jane.store)

    for product in (chair, chair, table, None):
        buy(jane, product, on=MAY, quantity=3)

    assert figure(jane, "owns") == 2


def test_first_and_last_purchase_are_the_earliest_and_the_latest(jane):
    middle = buy(jane, on=MAY)
    assert (figure(jane, "first_purchase_at"), figure(jane, "last_purchase_at")) == (
        middle.at,
        middle.at,
    )

    late, early = buy(jane, on=MAY + DAY), buy(jane, on=MAY - DAY)
    assert (figure(jane, "first_purchase_at"), figure(jane, "last_purchase_at")) == (
        early.at,
        late.at,
    )


def test_moments_that_differ_by_a_microsecond_are_told_apart(jane):
    whole = noon(jane.store, MAY)
    later, earlier = whole + dt.timedelta(microseconds=1), whole - dt.timedelta(microseconds=1)

    for at in (whole, later, earlier):
        buy(jane, at=at)

    assert (figure(jane, "first_purchase_at"), figure(jane, "last_purchase_at")) == (earlier, later)


def test_the_first_purchase_of_a_store_opens_its_year(zoned, time_machine):
    time_machine.move_to(dt.datetime(2024, 5, 1, 23, tzinfo=zoned.zone), tick=False)
    joe = make_customer(zoned)
    assert figures.through(zoned) == MAY

    buy(joe, on=dt.date(2020, 1, 1))

    assert (window(zoned), year(joe)) == (MAY, 0)


BOUNDARY_DAYS = [
    dt.date(2023, 2, 28),
    dt.date(2023, 3, 1),
    dt.date(2024, 2, 28),
    dt.date(2024, 2, 29),
    dt.date(2024, 3, 1),
    dt.date(2023, 12, 31),
    dt.date(2024, 1, 1),
    # Clocks change in Los Angeles, then in Sydney.
    dt.date(2024, 3, 10),
    dt.date(2024, 11, 3),
    dt.date(2024, 4, 7),
    dt.date(2024, 10, 6),
]


@pytest.mark.parametrize("day", BOUNDARY_DAYS, ids=str)
def test_a_purchase_leaves_the_year_on_its_365th_day(zoned, day):
    joe = make_customer(zoned)
    set_window(zoned, day)
    buy(joe, on=day, money=7)

    assert figures.roll(zoned, to=day + 364 * DAY) == 364
    assert (year(joe), figure(joe, "spent")) == (7, 7)

    assert figures.roll(zoned, to=day + 365 * DAY) == 1
    assert (year(joe), figure(joe, "spent")) == (0, 7)


@pytest.mark.parametrize("day", BOUNDARY_DAYS, ids=str)
def test_a_back_dated_purchase_counts_if_it_is_less_than_365_days_old(zoned, day):
    joe = make_customer(zoned)
    set_window(zoned, day)

    buy(joe, on=day - 364 * DAY, money=1)
    buy(joe, on=day - 365 * DAY, money=2)
    buy(joe, on=day - 366 * DAY, money=4)

    assert (year(joe), figure(joe, "spent")) == (1, 7)


@pytest.mark.parametrize("day", BOUNDARY_DAYS, ids=str)
def test_a_day_is_that_of_the_store(zoned, day):
    joe = make_customer(zoned)
    set_window(zoned, day + 364 * DAY)
    midnight = dt.datetime.combine(day, dt.time(), zoned.zone).astimezone(dt.UTC)
    next_midnight = dt.datetime.combine(day + DAY, dt.time(), zoned.zone).astimezone(dt.UTC)

    buy(joe, at=midnight - dt.timedelta(microseconds=1), money=1)
    buy(joe, at=midnight, money=2)
    buy(joe, at=next_midnight - dt.timedelta(microseconds=1), money=4)
    buy(joe, at=next_midnight, money=8)
    assert year(joe) == 14

    figures.roll(zoned, to=day + 365 * DAY)
    assert year(joe) == 8


@pytest.mark.parametrize("day", [dt.date(2024, 11, 3), dt.date(2024, 4, 7)], ids=str)
def test_the_hour_that_comes_twice_belongs_to_one_day(zoned, day):
    joe = make_customer(zoned)
    set_window(zoned, day)

    for fold in (0, 1):
        at = dt.datetime.combine(day, dt.time(1, 30), zoned.zone).replace(fold=fold)
        buy(joe, at=at.astimezone(dt.UTC))

    assert set(joe.purchases.values_list("counts_on")) == {(day,)}


def test_the_year_rolls_at_midnight_of_the_store(zoned, time_machine):
    joe = make_customer(zoned)
    set_window(zoned, MAY)
    buy(joe, on=MAY - 364 * DAY, money=7)
    midnight = dt.datetime.combine(MAY + DAY, dt.time(), zoned.zone)

    time_machine.move_to(midnight - dt.timedelta(seconds=1), tick=False)
    assert (figures.roll(zoned), year(joe)) == (0, 7)

    time_machine.move_to(midnight, tick=False)
    assert (figures.roll(zoned), year(joe)) == (1, 0)


def test_what_is_spent_on_the_365_days_is_all_of_the_year(jane):
    days = [MAY - back * DAY for back in range(0, 400, 13)]
    for place, day in enumerate(days):
        buy(jane, on=day, money=2**place)

    assert year(jane) == sum(2**place for place, day in enumerate(days) if MAY - day < YEAR)


def spread(customer):
    """Purchases on both sides of the year's end, each with an amount of its own."""
    for place in range(40):
        buy(customer, on=MAY - 370 * DAY + place * DAY, money=2**place)


def test_rolling_twice_is_rolling_once(jane, unchanged):
    spread(jane)
    figures.roll(jane.store, to=MAY + 10 * DAY)

    with unchanged():
        assert figures.roll(jane.store, to=MAY + 10 * DAY) == 0


def test_rolling_in_steps_is_rolling_at_once(jane):
    elsewhere = make_customer(make_store())
    set_window(elsewhere.store, MAY)
    spread(jane)
    spread(elsewhere)

    steps = [figures.roll(jane.store, to=MAY + days * DAY) for days in (1, 4, 20)]
    at_once = figures.roll(elsewhere.store, to=MAY + 20 * DAY)

    assert (steps, at_once) == ([1, 3, 16], 20)
    assert year(jane) == year(elsewhere) == sum(2**place for place in range(26, 40))


def test_a_month_is_caught_up_at_once(jane):
    spread(jane)

    assert figures.roll(jane.store, to=MAY + 31 * DAY) == 31

    assert (window(jane.store), year(jane)) == (
        dt.date(2024, 6, 1),
        sum(2**place for place in (37, 38, 39)),
    )


@pytest.mark.parametrize("back", [1, 30, 400])
def test_a_clock_that_stepped_back_changes_nothing(jane, unchanged, back):
    spread(jane)

    with unchanged():
        assert figures.roll(jane.store, to=MAY - back * DAY) == 0


def test_a_purchase_after_the_clock_stepped_back_counts_by_the_window(jane, time_machine):
    time_machine.move_to(noon(jane.store, MAY - 10 * DAY), tick=False)

    buy(jane, money=1)
    buy(jane, on=MAY - 365 * DAY, money=2)

    assert (window(jane.store), year(jane)) == (MAY, 1)


def test_a_clock_that_went_ahead_and_back_again_takes_nothing_twice(jane, time_machine):
    spread(jane)
    time_machine.move_to(noon(jane.store, MAY + 5 * DAY), tick=False)
    figures.roll(jane.store)
    time_machine.move_to(noon(jane.store, MAY + DAY), tick=False)
    figures.roll(jane.store)
    time_machine.move_to(noon(jane.store, MAY + 6 * DAY), tick=False)

    assert figures.roll(jane.store) == 1

    assert year(jane) == sum(2**place for place in range(12, 40))


def test_a_lagging_window_takes_back_dated_purchases_by_its_own_day(jane, time_machine):
    time_machine.move_to(noon(jane.store, MAY + 40 * DAY), tick=False)

    buy(jane, on=MAY - 360 * DAY, money=1)
    buy(jane, on=MAY - 365 * DAY, money=2)
    buy(jane, money=4)
    assert (window(jane.store), year(jane)) == (MAY, 5)

    assert figures.roll(jane.store) == 40
    assert year(jane) == 4


def test_a_return_within_the_year_lowers_it_once(jane):
    bought = buy(jane, on=MAY - 364 * DAY, money=9)

    purchases.take_back(purchase=bought, by=None)
    assert (year(jane), figure(jane, "spent")) == (0, 0)

    figures.roll(jane.store, to=MAY + 20 * DAY)
    assert (year(jane), figure(jane, "spent")) == (0, 0)


def test_a_return_of_what_left_the_year_lowers_spent_alone(jane):
    bought = buy(jane, on=MAY - 364 * DAY, money=9)
    buy(jane, on=MAY, money=1)
    figures.roll(jane.store, to=MAY + DAY)

    purchases.take_back(purchase=bought, by=None)

    assert (year(jane), figure(jane, "spent")) == (1, 1)


def test_a_removed_product_stays_in_the_year_and_leaves_it_in_time(jane):
    chair = make_product(jane.store)
    buy(jane, chair, on=MAY - 364 * DAY, money=9)

    purchases.remove_product(customer=jane, product=chair, by=None)
    assert year(jane) == 9

    figures.roll(jane.store, to=MAY + DAY)
    assert (year(jane), figure(jane, "spent")) == (0, 9)


def test_a_store_rolls_alone(jane):
    elsewhere = make_store()
    set_window(elsewhere, MAY)
    spread(jane)

    figures.roll(elsewhere, to=MAY + 100 * DAY)

    assert (window(jane.store), year(jane)) == (MAY, sum(2**place for place in range(6, 40)))


def test_a_store_without_figures_has_nothing_to_roll(unchanged):
    store = make_store()

    with unchanged():
        assert figures.roll(store, to=store.today() + DAY) == 0
