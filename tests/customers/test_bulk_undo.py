"""Undo of bulk changes of credit: what was really moved is given back, as far as it is still there."""

import datetime as dt

import pytest

from customers import books, credit, liability
from customers.bulk_credit import LEAVE_OUT
from customers.models import CreditEntry, CreditRow
from stores.money import LIMIT
from tests.changes import applied, credit_change, undone
from tests.factories import balances, buy, make_customer, make_member, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", credit=30, restricted=5)


def result(batch) -> dict:
    """By customer: what was asked back of each balance, what came of it, and whether it had drifted."""
    rows = CreditRow.objects.filter(batch=batch).order_by("account")
    return {
        row.account.customer.username: (
            row.credit_asked,
            row.restricted_asked,
            row.outcome,
            row.drifted,
        )
        for row in rows
    }


def moved(batch) -> list[tuple]:
    entries = CreditEntry.objects.filter(batch=batch).order_by("account", "balance")
    return list(entries.values_list("balance", "delta", "after"))


def test_what_stopped_at_zero_comes_back_as_it_was(anna, manager):
    batch = applied(credit_change(anna, by=manager, credit=-100, restricted=-100))
    between = balances(anna)

    undoing = undone(batch)

    assert (between, balances(anna)) == ((0, 0), (30, 5))
    assert result(undoing) == {"anna": (30, 5, "", False)}
    assert moved(undoing) == [("credit", 30, 30), ("restricted", 5, 5)]
    assert undoing.counts["credit_moved"] == 30


def test_where_it_is_spent_in_part_the_rest_is_taken(store, anna, manager):
    batch = applied(credit_change(anna, by=manager, credit=50))
    buy(anna, money=0, credit=60)

    undoing = undone(batch)

    assert balances(anna) == (0, 5)
    assert result(undoing) == {"anna": (-50, 0, "short", False)}
    assert moved(undoing) == [("credit", -20, 0)]
    counts = undoing.counts
    assert (counts["credit_asked"], counts["credit_moved"]) == (-50, -20)
    assert (counts["short"], counts["left_out"]) == (1, 0)


def test_where_all_is_spent_it_is_impossible(store, anna, manager):
    bert = make_customer(store, "bert")
    batch = applied(credit_change(anna, bert, by=manager, credit=50))
    buy(bert, money=0, credit=50)

    undoing = undone(batch)

    assert (balances(anna), balances(bert)) == ((30, 5), (0, 0))
    assert result(undoing) == {
        "anna": (-50, 0, "", False),
        "bert": (-50, 0, "left_out", False),
    }
    assert moved(undoing) == [("credit", -50, 30)]
    assert (undoing.state, undoing.handled, undoing.counts["left_out"]) == ("done", 2, 1)


def test_one_balance_is_spent_and_the_other_is_not(anna, manager):
    batch = applied(credit_change(anna, by=manager, credit=10, restricted=10))
    credit.take(customer=anna, balance="restricted", amount=15, by=None)

    undoing = undone(batch)

    assert balances(anna) == (30, 0)
    assert result(undoing) == {"anna": (-10, -10, "short", False)}
    assert moved(undoing) == [("credit", -10, 30)]


def test_a_change_of_both_signs(anna, manager):
    batch = applied(credit_change(anna, by=manager, credit=10, restricted=-10))
    between = balances(anna)

    undoing = undone(batch)

    assert (between, balances(anna)) == ((40, 0), (30, 5))
    assert moved(undoing) == [("credit", -10, 30), ("restricted", 5, 5)]


def test_nothing_is_given_back_past_the_limit(store, manager):
    full = make_customer(store, "full", credit=LIMIT)
    batch = applied(credit_change(full, by=manager, credit=-10))
    credit.grant(customer=full, balance="credit", amount=1, by=None)

    undoing = undone(batch)

    assert balances(full) == (LIMIT - 9, 0)
    assert result(undoing) == {"full": (10, 0, "left_out", False)}
    assert moved(undoing) == []


def test_who_was_left_out_is_not_asked_back(store, anna, manager):
    bert = make_customer(store, "bert", credit=100)
    batch = applied(credit_change(anna, bert, by=manager, credit=-50, policy=LEAVE_OUT))

    undoing = undone(batch)

    assert (balances(anna), balances(bert)) == ((30, 5), (100, 0))
    assert result(undoing) == {"bert": (50, 0, "", False)}


def test_where_nobody_was_moved_the_undo_moves_nobody(store, anna, manager):
    batch = applied(credit_change(anna, by=manager, credit=-50, policy=LEAVE_OUT))

    undoing = undone(batch)

    assert (undoing.state, undoing.planned, undoing.handled) == ("done", 0, 0)
    assert balances(anna) == (30, 5)


def test_it_gives_back_what_drift_let_it_move(anna, manager):
    batch = credit_change(anna, by=manager, credit=-25)
    credit.take(customer=anna, balance="credit", amount=10, by=None)
    applied(batch)
    between = balances(anna)

    undone(batch)

    assert (between, balances(anna)) == ((0, 5), (20, 5))


def test_its_entries_point_at_the_first_ones(anna, manager):
    other = make_member(anna.store, "owner").user
    batch = applied(
        credit_change(anna, by=manager, credit=7, restricted=8, reason="prize", note="May")
    )

    undoing = undone(batch, by=other)

    firsts = {entry.balance: entry for entry in CreditEntry.objects.filter(batch=batch)}
    backs = CreditEntry.objects.filter(batch=undoing)
    assert {
        (one.balance, one.reverses, one.kind, one.reason, one.note, one.by) for one in backs
    } == {(balance, first, "reversal", "", "", other) for balance, first in firsts.items()}


def test_an_entry_of_a_bulk_change_is_not_reversed_alone(anna, manager, unchanged):
    batch = applied(credit_change(anna, by=manager, credit=7))
    entry = CreditEntry.objects.get(batch=batch)

    with unchanged(), pytest.raises(credit.CannotReverse, match="undo that one"):
        credit.reverse(entry=entry, by=manager)


def test_two_changes_are_undone_in_any_order(anna, manager):
    first = applied(credit_change(anna, by=manager, credit=-20))
    second = applied(credit_change(anna, by=manager, credit=-20))
    between = balances(anna)

    undone(first)
    middle = balances(anna)
    undone(second)

    assert (between, middle, balances(anna)) == ((0, 5), (20, 5), (30, 5))


def test_what_was_owed_at_each_moment(store, anna, manager, clock):
    moments, owed = [], []

    def look():
        clock.shift(HOUR)
        moments.append(dt.datetime.now(dt.UTC))
        owed.append(liability.owed(store))
        clock.shift(HOUR)

    bert = make_customer(store, "bert", credit=4)
    look()
    batch = applied(credit_change(anna, bert, by=manager, credit=-10, restricted=2))
    look()
    undone(batch)
    look()
    clock.shift(24 * HOUR)
    closed = liability.close_days(store)

    assert owed == [
        {"credit": 34, "restricted": 5},
        {"credit": 20, "restricted": 9},
        {"credit": 34, "restricted": 5},
    ]
    assert closed == 1
    assert [liability.owed(store, moment) for moment in moments] == owed
    assert [liability.balance_at(bert.pk, "credit", moment) for moment in moments] == [4, 0, 4]
    kinds = liability.owed_by_kind(store)
    assert (kinds["credit", "bulk"], kinds["credit", "reversal"]) == (-14, 14)
    assert list(books.check(store)) == []
