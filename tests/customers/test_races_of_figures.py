"""Purchases, removals, returns and rolls that meet: the locks keep the figures right, and without them they are wrong."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from customers import books, closing, figures, purchases, turnover
from customers.models import Customer, YearWindow
from tests.factories import buy, figure, make_customer, make_product, make_store, set_window
from tests.naive import rolled_meanwhile, unlocked, unlocked_window
from tests.together import before, meeting, names, together

if connection.vendor == "sqlite":
    pytest.skip(
        "SQLite has one writer at a time: these races need PostgreSQL", allow_module_level=True
    )

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
MAY = dt.date(2024, 5, 1)


def outcome(store, *ended) -> list[str]:
    """Errors of the deeds, then what is wrong in the books."""
    errors = [repr(one) for one in ended if isinstance(one, Exception)]
    return errors + [str(one) for one in books.check(store)]


@pytest.fixture
def store(db):
    store = make_store()
    set_window(store, MAY)
    return store


@pytest.fixture
def jane(store):
    return make_customer(store, "jane", credit=100)


@pytest.fixture
def joe(store):
    return make_customer(store, "joe", credit=100)


def no_lock(patch, name):
    """The verbs no longer take the lock."""
    without = {
        "lock_customers": lambda keys: None,
        "lock_window": unlocked_window,
    }
    patch.setattr(figures, name, without[name])


# A purchase on the last day of the year meets the roll.


def buy_while_the_year_rolls(patch, jane) -> list[str]:
    rolled = before(patch, figures, "count", lambda: figures.roll(jane.store, to=MAY + DAY))

    buy(jane, on=MAY - 364 * DAY, money=7)

    return outcome(jane.store, rolled())


def test_a_purchase_and_the_roll_do_not_miss_each_other(monkeypatch, jane):
    assert buy_while_the_year_rolls(monkeypatch, jane) == []
    assert (figure(jane, "spent_year"), figures.through(jane.store)) == (0, MAY + DAY)


def test_a_window_that_is_read_without_its_lock_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_window")

    assert buy_while_the_year_rolls(monkeypatch, jane) == [
        f"customer {jane.pk}: spent_year is 7, should be 0"
    ]


# The roll meets a purchase.


def roll_while_somebody_buys(patch, jane) -> list[str]:
    buy(jane, on=MAY - 364 * DAY, money=5)
    bought = before(patch, YearWindow, "save", lambda: buy(jane, on=MAY - 364 * DAY, money=7))

    figures.roll(jane.store, to=MAY + DAY)

    return outcome(jane.store, bought())


def test_the_roll_and_a_purchase_do_not_miss_each_other(monkeypatch, jane):
    assert roll_while_somebody_buys(monkeypatch, jane) == []
    assert (figure(jane, "spent_year"), figure(jane, "spent")) == (0, 12)


def test_a_purchase_past_the_lock_of_the_roll_is_caught(monkeypatch, jane):
    """Without its lock the purchase goes by the day before the roll, and waits for the row alone."""
    no_lock(monkeypatch, "lock_window")

    assert roll_while_somebody_buys(monkeypatch, jane) == [
        f"customer {jane.pk}: spent_year is 7, should be 0"
    ]


# Days close while somebody buys on one of them.


def buy_while_days_close(patch, jane) -> list[str]:
    buy(jane, on=MAY - 3 * DAY, money=5)
    bought = before(patch, QuerySet, "bulk_create", lambda: buy(jane, on=MAY - 3 * DAY, money=7))

    closing.close_days(jane.store)

    return outcome(jane.store, bought())


def test_closing_days_and_a_purchase_do_not_miss_each_other(monkeypatch, jane):
    assert buy_while_days_close(monkeypatch, jane) == []
    assert turnover.read(jane.store, MAY - 9 * DAY, MAY).total(MAY - 9 * DAY, MAY).money == 12


def test_a_purchase_past_the_lock_of_closing_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_window")

    assert buy_while_days_close(monkeypatch, jane) == [
        f"customer None: money on {MAY - 3 * DAY} is 5, should be 12",
        f"customer None: sold on {MAY - 3 * DAY} is 1, should be 2",
    ]


def roll_at_once(jane) -> tuple[list[int], list[str]]:
    """The days that each of 8 rolled, and what is wrong then."""
    rolled = together(*[lambda: figures.roll(jane.store, to=MAY + 9 * DAY)] * 8)

    return sorted(rolled), outcome(jane.store)


def test_two_rolls_at_once_are_one(jane):
    buy(jane, on=MAY - 364 * DAY, money=7)
    buy(jane, on=MAY, money=1)

    assert roll_at_once(jane) == ([0] * 7 + [9], [])
    assert figure(jane, "spent_year") == 1


def test_rolls_without_the_lock_of_the_window_are_caught(monkeypatch, jane):
    buy(jane, on=MAY - 364 * DAY, money=7)
    buy(jane, on=MAY, money=1)
    unlocked(monkeypatch)
    meet = meeting(8)

    def cursor():
        meet()
        return connection.cursor()

    together_first = SimpleNamespace(cursor=cursor, features=connection.features)
    monkeypatch.setattr(figures, "connection", together_first)

    assert roll_at_once(jane) == (
        [9] * 8,
        [f"customer {jane.pk}: spent_year is {8 - 8 * 7}, should be 1"],
    )


def buy_at_once() -> tuple[list[str], list[str]]:
    """First purchases of a store by 8 customers, and what is wrong then."""
    store = make_store()
    people = [make_customer(store) for _ in range(8)]

    outcomes = together(*[lambda person=person: buy(person) for person in people])

    return names(outcomes), outcome(store)


def test_first_purchases_of_a_store_at_once_open_one_window():
    assert buy_at_once() == (["done"] * 8, [])


def test_a_window_that_is_opened_as_if_nobody_else_did_is_caught(monkeypatch):
    meet = meeting(8)

    def begin(store):
        meet()
        YearWindow.objects.create(store=store, through=MAY, time_zone=store.time_zone)

    monkeypatch.setattr(figures, "_begin_window", begin)

    assert buy_at_once()[0] == ["IntegrityError"] * 7 + ["done"]


# A product is bought while it is removed.


def remove_while_buying(patch, jane) -> list[str]:
    chair = make_product(jane.store)
    buy(jane, chair, on=MAY)
    bought = before(patch, figures, "_write", lambda: buy(jane, chair, on=MAY))

    purchases.remove_product(customer=jane, product=chair, by=None)

    return outcome(jane.store, bought())


def test_a_product_bought_while_it_is_removed_is_owned_again(monkeypatch, jane):
    assert remove_while_buying(monkeypatch, jane) == []
    assert figure(jane, "owns") == 1


def test_a_removal_without_the_lock_of_the_customer_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_customers")

    assert remove_while_buying(monkeypatch, jane) == [f"customer {jane.pk}: owns is 0, should be 1"]


def buy_while_removing(patch, jane) -> list[str]:
    chair = make_product(jane.store)
    buy(jane, chair, on=MAY)
    removed = before(
        patch,
        figures,
        "_write",
        lambda: purchases.remove_product(customer=jane, product=chair, by=None),
    )

    buy(jane, chair, on=MAY)

    return outcome(jane.store, removed())


def test_a_product_removed_while_it_is_bought_is_gone_whole(monkeypatch, jane):
    assert buy_while_removing(monkeypatch, jane) == []
    assert figure(jane, "owns") == 0


def test_a_purchase_without_the_lock_of_the_customer_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_customers")

    assert buy_while_removing(monkeypatch, jane) == [f"customer {jane.pk}: owns is 0, should be 1"]


# One product is bought twice at once.


def buy_one_product_at_once(patch, jane) -> list[str]:
    chair = make_product(jane.store)
    other = before(patch, figures, "_write", lambda: buy(jane, chair, on=MAY))

    buy(jane, chair, on=MAY)

    return outcome(jane.store, other())


def test_one_product_bought_twice_at_once_is_owned_once(monkeypatch, jane):
    assert buy_one_product_at_once(monkeypatch, jane) == []
    assert figure(jane, "owns") == 1


def test_two_purchases_without_the_lock_of_the_customer_are_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_customers")

    assert buy_one_product_at_once(monkeypatch, jane) == [
        f"customer {jane.pk}: owns is 2, should be 1"
    ]


# A purchase is returned while its product is removed.


def bought_again(jane, chair) -> int:
    """How many products somebody owns who buys it once more."""
    buy(jane, chair, on=MAY)
    return figure(jane, "owns")


def remove_while_it_is_returned(patch, jane) -> tuple[list[str], int]:
    chair = make_product(jane.store)
    bought = buy(jane, chair, on=MAY)
    removed = before(
        patch,
        figures,
        "count",
        lambda: purchases.remove_product(customer=jane, product=chair, by=None),
    )

    purchases.take_back(purchase=bought, by=None)

    return outcome(jane.store, removed()), bought_again(jane, chair)


def test_a_removal_while_a_return_is_written_goes_through(monkeypatch, jane):
    assert remove_while_it_is_returned(monkeypatch, jane) == ([], 1)


def test_a_removal_past_the_lock_of_the_customer_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_customers")

    assert remove_while_it_is_returned(monkeypatch, jane) == ([], 0)


def return_while_it_is_removed(patch, jane) -> tuple[list[str], int]:
    chair = make_product(jane.store)
    bought = buy(jane, chair, on=MAY)
    returned = before(
        patch, figures, "recount_owned", lambda: purchases.take_back(purchase=bought, by=None)
    )

    purchases.remove_product(customer=jane, product=chair, by=None)

    return outcome(jane.store, returned()), bought_again(jane, chair)


def test_a_return_while_a_removal_is_written_goes_through(monkeypatch, jane):
    assert return_while_it_is_removed(monkeypatch, jane) == ([], 1)


def test_a_return_past_the_lock_of_the_customer_is_caught(monkeypatch, jane):
    no_lock(monkeypatch, "lock_customers")

    with pytest.raises(IntegrityError, match="customer_owns_not_negative"):
        return_while_it_is_removed(monkeypatch, jane)


# One purchase is returned by many at once.


def return_at_once(bought) -> list[str]:
    def take_one() -> object:
        return purchases.take_back(purchase=bought, quantity=1, by=None)

    told = names(together(*[take_one] * 8))
    return [] if told == ["ReturnRefused"] * 5 + ["done"] * 3 else told


@pytest.fixture
def three_chairs(jane):
    return buy(jane, make_product(jane.store), on=MAY, quantity=3, money=0, credit=30)


def test_no_more_is_returned_at_once_than_was_bought(jane, three_chairs):
    assert return_at_once(three_chairs) == []
    assert outcome(jane.store) == []


def test_returns_that_counted_what_is_left_before_are_caught(monkeypatch, three_chairs):
    meet, write = meeting(8), purchases._write

    def all_have_counted(*args, **kwargs):
        meet()
        return write(*args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    monkeypatch.setattr(purchases, "_write", all_have_counted)

    assert return_at_once(three_chairs) == ["done"] * 8


# Gifts in both directions.


def give_and_take(patch, jane, joe, times=1) -> list[str]:
    """Each has paid, and then both write the figures of both."""
    meet, count = meeting(2), figures.count

    def both_have_paid(*args, **kwargs):
        meet()
        return count(*args, **kwargs)

    patch.setattr(figures, "count", both_have_paid)
    chair = make_product(jane.store)

    def give(payer, recipient):
        return lambda: [
            buy(payer, chair, on=MAY, recipient=recipient, money=5, credit=1) for _ in range(times)
        ]

    return outcome(jane.store, *together(give(jane, joe), give(joe, jane)))


def test_gifts_in_both_directions_do_not_wait_for_each_other(monkeypatch, jane, joe):
    assert give_and_take(monkeypatch, jane, joe, times=20) == []


def test_customers_locked_in_any_order_are_caught(monkeypatch, jane, joe):
    meet = meeting(2)

    def payer_first(keys):
        payer, recipient = keys
        for key in (payer, recipient):
            list(Customer.objects.select_for_update().filter(pk=key))
            meet()

    monkeypatch.setattr(figures, "lock_customers", payer_first)

    (error,) = give_and_take(monkeypatch, jane, joe)

    assert "deadlock detected" in error


def everything_at_once(store, jane, joe) -> list[str]:
    chair, person = make_product(store), {0: jane, 1: joe}

    def busy(deed):
        return lambda: [deed(turn) for turn in range(15)]

    outcomes = together(
        busy(lambda turn: buy(jane, chair, on=MAY - turn * 30 * DAY, credit=1)),
        busy(lambda turn: buy(joe, chair, on=MAY - 364 * DAY, recipient=jane)),
        busy(lambda turn: buy(jane, chair, on=MAY - 360 * DAY, recipient=joe)),
        busy(lambda turn: figures.roll(store, to=MAY + turn * DAY)),
        busy(
            lambda turn: purchases.remove_product(customer=person[turn % 2], product=chair, by=None)
        ),
        busy(lambda turn: purchases.take_back(purchase=buy(joe, chair, on=MAY), by=None)),
    )

    return outcome(store, *outcomes)


def test_everything_at_once_keeps_the_books(store, jane, joe):
    assert everything_at_once(store, jane, joe) == []


def test_everything_at_once_while_the_year_rolls_past_is_caught(monkeypatch, store, jane, joe):
    rolled_meanwhile(monkeypatch, readers=4)

    found = [line.split(" is ")[0] for line in everything_at_once(store, jane, joe)]

    # Joe bought on a day that had left the year by then.
    assert f"customer {joe.pk}: spent_year" in found
