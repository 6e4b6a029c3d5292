"""Checking the books: each number that is not what the facts say is found, and nothing else."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from customers import books, profiles, purchases
from customers.models import CreditAccount, Customer, CustomerCount, Purchase
from tests.factories import buy, make_customer, make_product, make_store, noon, set_window

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MAY = dt.date(2024, 5, 1)


@pytest.fixture
def store(db):
    store = make_store("chairs")
    set_window(store, MAY)
    return store


@pytest.fixture
def jane(store):
    """Somebody with a chain of three entries, an old purchase, a fresh one, and a gift."""
    jane = make_customer(store, "jane.doe", credit=100, restricted=30)
    buy(jane, make_product(store), on=MAY - 400 * DAY, money=1000)
    buy(jane, make_product(store), on=MAY, money=70, credit=20, restricted=5, quantity=2)
    buy(jane, make_product(store), on=MAY, money=3, credit=1, recipient=make_customer(store, "joe"))
    return jane


def check(store):
    return [(one.customer_id, one.what, one.stored, one.computed) for one in books.check(store)]


def damage(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_books_written_by_the_verbs_are_clean(store, jane):
    assert check(store) == []


def test_the_books_of_a_store_without_customers_are_clean():
    assert check(make_store()) == []


@pytest.mark.parametrize(
    ("column", "wrong", "right"),
    [
        ("spent", 1072, 1073),
        ("spent", -1, 1073),
        ("spent_year", 1073, 73),
        ("owns", 0, 2),
        ("owns", 3, 2),
    ],
)
def test_a_wrong_figure_is_found(store, jane, column, wrong, right):
    Customer.objects.filter(pk=jane.pk).update(**{column: wrong})

    assert check(store) == [(jane.pk, column, wrong, right)]


@pytest.mark.parametrize("column", ["first_purchase_at", "last_purchase_at"])
@pytest.mark.parametrize("wrong", [None, dt.datetime(2020, 1, 1, tzinfo=dt.UTC)])
def test_a_wrong_moment_is_found(store, jane, column, wrong):
    Customer.objects.filter(pk=jane.pk).update(**{column: wrong})

    assert [(one, what) for one, what, *_ in check(store)] == [(jane.pk, column)]


def test_figures_of_somebody_without_purchases_are_found(store, jane):
    ann = make_customer(store, "ann")
    Customer.objects.filter(pk=ann.pk).update(
        spent=1, spent_year=2, owns=3, last_purchase_at=noon(store, MAY)
    )

    assert sorted(
        (what, stored) for _, what, stored, _ in check(store) if what != "last_purchase_at"
    ) == [
        ("owns", 3),
        ("spent", 1),
        ("spent_year", 2),
    ]
    assert {one for one, *_ in check(store)} == {ann.pk}


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_window_that_did_not_roll_is_found(store, jane, days):
    buy(jane, on=MAY - 364 * DAY, money=7)
    buy(jane, on=MAY - 365 * DAY, money=11)
    set_window(store, MAY + days * DAY)
    right = {-400: 1091, -1: 91, 1: 73, 400: 0}[days]

    assert check(store) == [(jane.pk, "spent_year", 80, right)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SET money = 71, price = 96", [("spent", 1073, 1074), ("spent_year", 73, 74)]),
        ("SET counts_on = '2020-01-01'", [("spent_year", 73, 3)]),
        ("SET quantity = 3", []),
        ("SET product_id = NULL", [("owns", 2, 1)]),
        ("SET removed_at = '2024-05-02 00:00:00+00:00'", [("owns", 2, 1)]),
    ],
)
def test_a_purchase_changed_behind_the_verbs_is_found(
    store, jane, triggers_lifted, statement, found
):
    with triggers_lifted():
        damage(f"UPDATE customers_purchase {statement} WHERE money = 70")

    assert check(store) == [(jane.pk, *difference) for difference in found]


def test_a_lost_purchase_is_found(store, jane):
    Purchase.objects.filter(money=1000).delete()

    assert [(who, what) for who, what, *_ in check(store)] == [
        (jane.pk, "spent"),
        (jane.pk, "first_purchase_at"),
        (jane.pk, "owns"),
    ]


@pytest.mark.parametrize(
    ("column", "wrong", "right"),
    [
        ("credit", 80, 79),
        ("credit", 0, 79),
        ("restricted", 30, 25),
        ("credit_seq", 2, 3),
        ("restricted_seq", 3, 2),
    ],
)
def test_a_wrong_balance_is_found(store, jane, column, wrong, right):
    CreditAccount.objects.filter(pk=jane.pk).update(**{column: wrong})

    assert check(store) == [(jane.pk, column, wrong, right)]


def test_a_balance_without_entries_is_found(store, jane):
    ann = make_customer(store, "ann")
    CreditAccount.objects.filter(pk=ann.pk).update(credit=5, restricted_seq=1)

    assert check(store) == [(ann.pk, "credit", 5, 0), (ann.pk, "restricted_seq", 1, 0)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE {entries} SET delta = -19 WHERE balance = 'credit' AND seq = 2",
            [
                ("credit", 79, 80),
                ("after_of_an_entry", 80, 81),
                ("credit_of_a_purchase", 20, 19),
            ],
        ),
        (
            "UPDATE {entries} SET after = 81 WHERE balance = 'credit' AND seq = 2",
            [("after_of_an_entry", 81, 80), ("after_of_an_entry", 79, 80)],
        ),
        (
            "UPDATE {entries} SET after = 78 WHERE balance = 'credit' AND seq = 3",
            [("after_of_an_entry", 78, 79)],
        ),
        (
            "UPDATE {entries} SET seq = 9 WHERE balance = 'credit' AND seq = 3",
            [("seq_of_an_entry", 9, 3)],
        ),
        (
            "UPDATE {entries} SET balance = 'restricted', seq = 9 WHERE balance = 'credit' AND seq = 3",
            [
                ("credit", 79, 80),
                ("credit_seq", 3, 2),
                ("restricted", 25, 24),
                ("restricted_seq", 2, 3),
                ("after_of_an_entry", 79, 24),
                ("seq_of_an_entry", 9, 3),
                ("credit_of_a_purchase", 1, 0),
                ("restricted_of_a_purchase", 0, 1),
            ],
        ),
        (
            "DELETE FROM {entries} WHERE balance = 'credit' AND seq = 3",
            [("credit", 79, 80), ("credit_seq", 3, 2), ("credit_of_a_purchase", 1, 0)],
        ),
        (
            "DELETE FROM {entries} WHERE balance = 'restricted' AND seq = 1",
            [
                ("restricted", 25, -5),
                ("restricted_seq", 2, 1),
                ("after_of_an_entry", 25, -5),
                ("seq_of_an_entry", 2, 1),
            ],
        ),
    ],
    ids=["delta", "after", "last after", "seq", "balance", "last lost", "first lost"],
)
def test_a_damaged_entry_is_found(store, jane, triggers_lifted, statement, found):
    with triggers_lifted():
        damage(statement.format(entries="customers_creditentry"))

    assert check(store) == [(jane.pk, *difference) for difference in found]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE customers_purchase SET credit = 19, price = 94 WHERE money = 70",
            [("credit_of_a_purchase", 19, 20)],
        ),
        (
            "UPDATE customers_purchase SET credit = 25, restricted = 0 WHERE money = 70",
            [("credit_of_a_purchase", 25, 20), ("restricted_of_a_purchase", 0, 5)],
        ),
        (
            "UPDATE customers_purchase SET credit = -11, price = -48 WHERE money = -35",
            [("credit_of_a_purchase", -11, -10)],
        ),
        (
            "UPDATE customers_creditentry SET purchase_id = NULL WHERE delta = -5",
            [("restricted_of_a_purchase", 5, 0)],
        ),
        (
            "UPDATE customers_creditentry SET kind = 'deduction' WHERE delta = -20",
            [("credit_of_a_purchase", 20, 0)],
        ),
        (
            "UPDATE customers_creditentry SET purchase_id ="
            " (SELECT id FROM customers_purchase WHERE money = 1000) WHERE delta = -20",
            [("credit_of_a_purchase", 0, 20), ("credit_of_a_purchase", 20, 0)],
        ),
    ],
    ids=["credit", "both", "return", "no purchase", "kind", "another purchase"],
)
def test_credit_of_a_purchase_that_is_not_what_its_entries_moved_is_found(
    store, jane, triggers_lifted, statement, found
):
    purchases.take_back(purchase=Purchase.objects.get(money=70), quantity=1, by=None)
    assert check(store) == []

    with triggers_lifted():
        damage(statement)

    assert check(store) == [(jane.pk, *difference) for difference in found]


def test_an_entry_of_somebody_else_for_a_purchase_is_found(store, jane, triggers_lifted):
    joe = Customer.objects.get(username="joe")
    gift = Purchase.objects.get(money=3)

    with triggers_lifted():
        damage(
            "UPDATE customers_creditentry SET account_id = %s, seq = 1 WHERE purchase_id = %s",
            joe.pk,
            gift.pk,
        )

    found = [one for one in check(store) if one[1] == "credit_of_a_purchase"]
    assert sorted(found) == sorted(
        [(jane.pk, "credit_of_a_purchase", 1, 0), (joe.pk, "credit_of_a_purchase", 0, 1)]
    )


def test_a_missing_account_is_found(store, jane):
    ann = make_customer(store, "ann")
    damage("DELETE FROM customers_creditaccount WHERE customer_id = %s", ann.pk)

    assert check(store) == [(ann.pk, "account", "none", "one")]


@pytest.mark.parametrize("archived", [True, False])
def test_an_account_listed_unlike_its_customer_is_found(store, jane, archived):
    if archived:
        profiles.archive(customer=jane, by=None)
    CreditAccount.objects.filter(pk=jane.pk).update(listed=archived)

    assert check(store) == [(jane.pk, "listed_as_archived", "no", "yes")]


@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_a_wrong_number_of_customers_is_found(store, jane, wrong):
    CustomerCount.objects.filter(store=store).update(listed=wrong)

    assert check(store) == [(None, "customer_count", wrong, 2)]


def test_a_lost_counter_is_found(store, jane):
    CustomerCount.objects.filter(store=store).delete()

    assert check(store) == [(None, "customer_count", 0, 2)]


def test_each_store_has_its_own_books(store, jane):
    Customer.objects.filter(pk=jane.pk).update(spent=1)
    CreditAccount.objects.filter(pk=jane.pk).update(credit=1)
    elsewhere = make_customer(make_store(), credit=5)
    buy(elsewhere)

    assert check(elsewhere.store) == []


def test_a_difference_is_told_in_a_sentence(store, jane):
    Customer.objects.filter(pk=jane.pk).update(spent=1)

    assert [str(one) for one in books.check(store)] == [
        f"customer {jane.pk}: spent is 1, should be 1073"
    ]


def test_the_command_says_what_is_clean(store, jane, capsys):
    call_command("check_books")

    assert capsys.readouterr().out == "chairs: books are clean\n"


def test_the_command_fails_where_a_number_differs(store, jane, capsys):
    make_store("tables")
    Customer.objects.filter(pk=jane.pk).update(spent=1)

    with pytest.raises(CommandError) as failure:
        call_command("check_books")

    assert failure.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        f"chairs: customer {jane.pk}: spent is 1, should be 1073",
        "chairs: 1 differences",
        "tables: books are clean",
    ]


def test_the_command_checks_one_store(store, jane, capsys):
    make_store("tables")

    call_command("check_books", "tables")

    assert capsys.readouterr().out == "tables: books are clean\n"


def test_the_command_knows_its_stores(store):
    with pytest.raises(CommandError, match="There is no store tables"):
        call_command("check_books", "tables")
