"""Purchases: written with the credit they use and the figures they move, whole or not at all."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from customers import purchases
from customers.credit import NotEnough
from customers.models import CreditEntry, Kind, Purchase
from customers.purchases import PurchaseRow
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
    make_vendor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
MAY = dt.datetime(2024, 5, 1, 19, tzinfo=dt.UTC)


@pytest.fixture
def store(db):
    return make_store()


@pytest.fixture
def jane(store):
    return make_customer(store, "jane.doe", credit=100, restricted=30)


@pytest.fixture
def joe(store):
    return make_customer(store, "joe")


def moves(purchase):
    """The entries of a purchase in the order of writing: (balance, delta, kind)."""
    rows = CreditEntry.objects.filter(purchase=purchase).order_by("id")
    return list(rows.values_list("balance", "delta", "kind"))


def test_a_purchase_says_what_was_bought(store, jane):
    product, vendor, user = make_product(store), make_vendor(store), make_user()

    written = buy(
        jane,
        product,
        vendor=vendor,
        quantity=2,
        at=MAY,
        money=150,
        list_price=200,
        receipt="R1",
        by=user,
    )

    row = Purchase.objects.get()
    assert row == written
    assert (row.store, row.payer, row.recipient) == (store, jane, jane)
    assert (row.product, row.vendor, row.quantity) == (product, vendor, 2)
    assert (row.at, row.counts_on, row.receipt) == (MAY, dt.date(2024, 5, 1), "R1")
    assert (row.list_price, row.price, row.money, row.credit, row.restricted) == (
        200,
        150,
        150,
        0,
        0,
    )
    assert (row.by, row.returns, row.removed_at, row.is_gift, row.is_return) == (
        user,
        None,
        None,
        False,
        False,
    )


def test_what_is_not_said_follows_from_the_rest(jane, time_machine):
    time_machine.move_to(MAY, tick=False)

    row = buy(jane, money=80)

    assert (row.at, row.quantity, row.list_price, row.price) == (MAY, 1, 80, 80)
    assert (row.product, row.vendor, row.receipt, row.by) == (None, None, "", None)


def test_the_day_of_a_purchase_is_that_of_the_store(jane):
    row = buy(jane, at=dt.datetime(2024, 5, 1, 6, 59, tzinfo=dt.UTC))

    assert row.counts_on == dt.date(2024, 4, 30)


@pytest.mark.parametrize("member", [True, False])
def test_a_purchase_keeps_whether_the_payer_was_a_group_member(store, member):
    ann = make_customer(store, group_member=member)

    kept, told = buy(ann), buy(ann, group_member=not member)

    assert (kept.group_member, told.group_member) == (member, not member)


def test_restricted_credit_and_credit_pay_beside_money(store, jane):
    row = buy(jane, make_product(store), money=1, credit=60, restricted=30)

    assert (row.price, row.list_price) == (91, 91)
    assert moves(row) == [("restricted", -30, Kind.PURCHASE), ("credit", -60, Kind.PURCHASE)]
    assert balances(jane) == (40, 0)
    assert figure(jane, "spent") == 1


def test_a_price_may_be_paid_by_credit_alone(jane):
    row = buy(jane, money=0, credit=100)

    assert (row.price, balances(jane), figure(jane, "spent")) == (100, (0, 30), 0)


def test_something_free_is_owned(store, joe):
    row = buy(joe, make_product(store), money=0)

    assert (row.price, moves(row)) == (0, [])
    assert (figure(joe, "spent"), figure(joe, "owns")) == (0, 1)


@pytest.mark.parametrize(
    "used", [{"credit": 101}, {"restricted": 31}, {"credit": 101, "restricted": 30}]
)
def test_more_credit_than_there_is_refuses_the_whole_purchase(store, jane, unchanged, used):
    product = make_product(store)
    buy(jane, product, money=1)

    with unchanged(), pytest.raises(NotEnough):
        buy(jane, product, money=5, **used)


def test_a_gift_is_paid_by_one_and_owned_by_the_other(store, jane, joe):
    row = buy(jane, make_product(store), recipient=joe, money=10, credit=20)

    assert row.is_gift
    assert balances(jane) == (80, 30)
    assert (figure(jane, "spent"), figure(jane, "owns")) == (10, 0)
    assert (figure(joe, "spent"), figure(joe, "owns")) == (0, 1)
    assert (figure(joe, "first_purchase_at"), figure(joe, "last_purchase_at")) == (None, None)


def test_a_gift_never_takes_restricted_credit(store, jane, joe, unchanged):
    with unchanged(), pytest.raises(IntegrityError):
        buy(jane, recipient=joe, money=10, restricted=1)


def test_a_gift_to_oneself_is_no_gift(jane):
    row = buy(jane, recipient=jane, money=0, restricted=30)

    assert (row.is_gift, balances(jane)) == (False, (100, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"money": -1},
        {"money": 5, "credit": -1},
        {"money": 5, "restricted": -1},
        {"quantity": 0},
        {"quantity": -1},
        {"money": LIMIT + 1},
        {"money": LIMIT, "credit": 1},
        {"list_price": -1},
    ],
    ids=str,
)
def test_what_is_no_purchase_is_refused(jane, unchanged, wrong):
    with unchanged(), pytest.raises(IntegrityError):
        buy(jane, **wrong)


def test_a_purchase_may_cost_the_limit(joe):
    buy(joe, money=LIMIT)

    assert figure(joe, "spent") == LIMIT


def row_of(payer, key="k1", **values):
    fields = {
        "payer_id": payer.pk,
        "recipient_id": payer.pk,
        "product_id": None,
        "vendor_id": None,
        "quantity": 1,
        "at": MAY,
        "counts_on": dt.date(2024, 5, 1),
        "receipt": "",
        "price": 10,
        "money": 10,
        "import_key": key,
        **values,
    }
    return PurchaseRow(**fields)


def test_imported_purchases_are_counted(store, jane, joe):
    product = make_product(store)
    rows = [
        row_of(jane, "k1", product_id=product.pk, recipient_id=joe.pk),
        row_of(jane, "k2", money=7, price=7, at=MAY + dt.timedelta(days=1)),
    ]

    written = purchases.record_many(store=store, rows=rows)

    assert written == rows
    assert figures_of(jane) | {"spent_year": None} == {
        "spent": 17,
        "spent_year": None,
        "owns": 0,
        "first_purchase_at": MAY,
        "last_purchase_at": MAY + dt.timedelta(days=1),
    }
    assert figure(joe, "owns") == 1
    assert set(Purchase.objects.values_list("list_price", "price", "money")) == {
        (10, 10, 10),
        (7, 7, 7),
    }


def test_purchases_imported_again_are_left_out(store, jane, unchanged):
    purchases.record_many(store=store, rows=[row_of(jane, "k1")])

    with unchanged():
        assert purchases.record_many(store=store, rows=[row_of(jane, "k1")]) == []
    longer = [row_of(jane, "k1"), row_of(jane, "k2")]
    assert purchases.record_many(store=store, rows=longer) == longer[1:]
    assert figure(jane, "spent") == 20


def test_another_store_may_import_the_same_lines(store, jane):
    elsewhere = make_customer(make_store())

    for payer in (jane, elsewhere):
        rows = [row_of(payer, "k1")]
        assert purchases.record_many(store=payer.store, rows=rows) == rows


def test_an_imported_return_without_its_purchase_lowers_spent_below_zero(store, jane):
    purchases.record_many(store=store, rows=[row_of(jane, quantity=-1, price=-10, money=-10)])

    assert (figure(jane, "spent"), figure(jane, "first_purchase_at")) == (-10, None)


def test_importing_nothing_writes_nothing(store, jane):
    assert purchases.record_many(store=store, rows=[]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite seeks, which keeps no counts")
@pytest.mark.parametrize("field", ["payer", "recipient"])
def test_before_a_customer_is_deleted_their_purchases_are_sought_by_index(db, field):
    plan = Purchase.objects.filter(**{"store": 1, field: 1}).values("quantity").explain()

    assert f"USING INDEX purchase_by_{field} ({field}_id=?)" in plan
