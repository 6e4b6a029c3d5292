"""Returns: in whole or in parts they add up to the purchase, and everything goes back to where it came from."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import purchases
from customers.credit import TooMuch, grant
from customers.models import CreditEntry, Kind, Purchase
from customers.purchases import ReturnRefused
from stores.money import LIMIT
from tests.factories import (
    balances,
    buy,
    figure,
    figures_of,
    make_customer,
    make_product,
    make_store,
    make_user,
    set_window,
)
from tests.rolled_back import rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
MAY = dt.date(2024, 5, 1)
AMOUNTS = ("list_price", "price", "money", "credit", "restricted")


@pytest.fixture
def jane(db):
    store = make_store()
    set_window(store, MAY)
    return make_customer(store, "jane.doe", credit=100, restricted=30)


def take_back(purchase, quantity=None, **fields):
    return purchases.take_back(purchase=purchase, quantity=quantity, by=None, **fields)


def amounts(purchase):
    return tuple(getattr(purchase, name) for name in AMOUNTS)


def test_a_return_mirrors_its_purchase(jane):
    product, user = make_product(jane.store), make_user()
    bought = buy(
        jane,
        product,
        on=MAY,
        quantity=2,
        money=7,
        credit=5,
        restricted=3,
        list_price=20,
        receipt="R",
    )

    back = purchases.take_back(purchase=bought, by=user)

    back.refresh_from_db()
    assert (back.returns, back.quantity, back.by, back.is_return) == (bought, -2, user, True)
    assert amounts(back) == (-20, -15, -7, -5, -3)
    assert (back.payer, back.recipient, back.product, back.receipt) == (jane, jane, product, "R")


def test_a_return_undoes_the_figures(jane):
    before = figures_of(jane)
    bought = buy(jane, make_product(jane.store), on=MAY, money=7, credit=5, restricted=3)

    take_back(bought)

    assert balances(jane) == (100, 30)
    assert figures_of(jane) == before | {
        "first_purchase_at": bought.at,
        "last_purchase_at": bought.at,
    }


def test_credit_goes_back_to_the_balance_it_came_from(jane):
    bought = buy(jane, on=MAY, money=7, credit=5, restricted=3)

    back = take_back(bought)

    rows = CreditEntry.objects.filter(purchase=back).order_by("id")
    assert list(rows.values_list("balance", "delta", "after", "kind")) == [
        ("restricted", 3, 30, Kind.RETURN),
        ("credit", 5, 100, Kind.RETURN),
    ]


def test_a_return_of_money_moves_no_credit(jane):
    bought = buy(jane, on=MAY, money=7)

    back = take_back(bought)

    assert not CreditEntry.objects.filter(purchase=back).exists()


def test_parts_are_floored_together(jane):
    bought = buy(jane, on=MAY, quantity=3, money=100, credit=1, list_price=200)

    parts = [take_back(bought, 1) for _ in range(3)]

    assert [amounts(part) for part in parts] == [
        (-66, -33, -33, 0, 0),
        (-67, -33, -33, 0, 0),
        (-67, -35, -34, -1, 0),
    ]


def test_what_is_left_is_returned_by_default(jane):
    bought = buy(jane, on=MAY, quantity=3, money=100)

    first, rest = take_back(bought, 1), take_back(bought)

    assert [(one.quantity, one.money) for one in (first, rest)] == [(-1, -33), (-2, -67)]
    assert figure(jane, "spent") == 0


@given(
    quantity=st.integers(1, 12),
    money=st.integers(0, 1000),
    used=st.tuples(st.integers(0, 100), st.integers(0, 30)),
    data=st.data(),
)
def test_all_parts_add_up_to_the_purchase(jane, quantity, money, used, data):
    with rolled_back():
        bought = buy(
            jane,
            on=MAY,
            quantity=quantity,
            money=money,
            credit=used[0],
            restricted=used[1],
            list_price=2000,
        )
        left, parts = quantity, []

        while left:
            parts.append(take_back(bought, data.draw(st.integers(1, left))))
            left += parts[-1].quantity

        assert tuple(map(sum, zip(*map(amounts, parts), strict=True))) == tuple(
            -amount for amount in amounts(bought)
        )
        assert all(amount <= 0 for part in parts for amount in amounts(part))
        assert (balances(jane), figure(jane, "spent")) == ((100, 30), 0)


@pytest.mark.parametrize("quantity", [4, 0, -1, LIMIT])
def test_more_than_was_bought_is_not_taken_back(jane, unchanged, quantity):
    bought = buy(jane, on=MAY, quantity=3)

    with unchanged(), pytest.raises(ReturnRefused) as refusal:
        take_back(bought, quantity)

    assert str(refusal.value) == f"3 of this purchase can be returned, not {quantity}."


def test_more_than_is_left_is_not_taken_back(jane, unchanged):
    bought = buy(jane, on=MAY, quantity=3)
    take_back(bought, 2)

    with (
        unchanged(),
        pytest.raises(ReturnRefused, match="1 of this purchase can be returned, not 2"),
    ):
        take_back(bought, 2)


def test_a_purchase_taken_back_is_not_taken_back_again(jane, unchanged):
    bought = buy(jane, on=MAY)
    take_back(bought)

    with unchanged(), pytest.raises(ReturnRefused):
        take_back(bought)


@pytest.mark.parametrize("quantity", [None, 1, -1])
def test_a_return_is_not_taken_back(jane, unchanged, quantity):
    back = take_back(buy(jane, on=MAY))

    with unchanged(), pytest.raises(ReturnRefused):
        take_back(back, quantity)


def test_a_return_that_would_pass_the_limit_of_a_balance_is_refused_whole(jane, unchanged):
    bought = buy(jane, on=MAY, money=5, credit=100)
    grant(customer=jane, balance="credit", amount=LIMIT, by=None)

    with unchanged(), pytest.raises(TooMuch):
        take_back(bought)


def test_a_return_counts_on_the_day_of_its_purchase(jane):
    bought = buy(jane, on=MAY)
    later = bought.at + dt.timedelta(days=40)

    back = take_back(bought, at=later)

    assert (back.at, back.counts_on) == (later, MAY)


def test_a_return_leaves_the_day_of_the_last_purchase(jane):
    first = buy(jane, on=MAY)
    second = buy(jane, on=MAY + dt.timedelta(days=1))

    take_back(second, at=second.at + dt.timedelta(days=9))

    assert figure(jane, "first_purchase_at") == first.at
    assert figure(jane, "last_purchase_at") == second.at


def test_a_returned_gift_pays_the_payer_and_is_lost_by_the_recipient(jane):
    joe = make_customer(jane.store)
    gift = buy(jane, make_product(jane.store), on=MAY, recipient=joe, money=10, credit=20)

    take_back(gift)

    assert (balances(jane), figure(jane, "spent")) == ((100, 30), 0)
    assert (figure(joe, "owns"), balances(joe)) == (0, (0, 0))


def test_a_product_is_owned_until_the_last_of_it_is_returned(jane):
    bought = buy(jane, make_product(jane.store), on=MAY, quantity=2)

    take_back(bought, 1)
    assert figure(jane, "owns") == 1

    take_back(bought, 1)
    assert figure(jane, "owns") == 0


def test_one_of_two_purchases_returned_leaves_the_product_owned(jane):
    product = make_product(jane.store)
    first, _second = buy(jane, product, on=MAY), buy(jane, product, on=MAY)

    take_back(first)

    assert (figure(jane, "owns"), Purchase.objects.count()) == (1, 3)


def test_the_window_may_have_passed_the_purchase_when_it_is_returned(jane):
    bought = buy(jane, on=MAY - dt.timedelta(days=365), money=10)
    buy(jane, on=MAY, money=1)

    take_back(bought, at=bought.at + dt.timedelta(days=365))

    assert (figure(jane, "spent"), figure(jane, "spent_year")) == (1, 1)
