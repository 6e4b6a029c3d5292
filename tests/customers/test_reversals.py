"""Taking a movement back: what was really moved, as far as it is still there, and once."""

import uuid

import pytest

from customers import books, credit
from customers.credit import CannotReverse, CreditRefused, TooMuch
from customers.models import Balance, CreditEntry, Kind
from stores.models import Batch
from stores.money import LIMIT
from tests.factories import balances, buy, make_customer, make_store, make_user
from tests.naive import unlocked
from tests.together import before, names, unhurried

CREDIT, RESTRICTED = Balance.CREDIT, Balance.RESTRICTED
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def jane(db):
    return make_customer(make_store(), "jane")


def grant(jane, amount, balance=CREDIT):
    return credit.grant(customer=jane, balance=balance, amount=amount, by=None)


def take(jane, amount, balance=CREDIT):
    return credit.take(customer=jane, balance=balance, amount=amount, by=None)


def reverse(entry, **why):
    return credit.reverse(entry=entry, by=None, **why)


def test_what_was_added_is_taken_back(jane):
    first = grant(jane, 50)
    grant(jane, 7)

    back = reverse(first)

    assert (back.asked, back.moved, back.is_whole) == (-50, -50, True)
    assert balances(jane) == (7, 0)


def test_what_was_taken_is_given_back(jane):
    grant(jane, 50, RESTRICTED)
    taken = take(jane, 20, RESTRICTED)

    back = reverse(taken)

    assert (back.asked, back.moved, back.is_whole) == (20, 20, True)
    assert balances(jane) == (0, 50)


def test_the_new_entry_points_at_the_first_and_says_who_and_why(jane):
    first, user = grant(jane, 50), make_user()

    entry = credit.reverse(entry=first, by=user, reason="correction", note="Twice").entry

    entry.refresh_from_db()
    assert (entry.reverses, entry.kind, entry.seq, entry.after) == (first, Kind.REVERSAL, 2, 0)
    assert (entry.by, entry.reason, entry.note) == (user, "correction", "Twice")
    assert (entry.purchase, entry.batch) == (None, None)


def test_of_credit_that_is_spent_in_part_what_is_left_is_taken(jane):
    first = grant(jane, 50)
    take(jane, 30)

    back = reverse(first)

    assert (back.asked, back.moved, back.is_whole) == (-50, -20, False)
    assert balances(jane) == (0, 0)


def test_credit_that_is_all_spent_is_not_taken_back(jane, unchanged):
    first = grant(jane, 50)
    take(jane, 50)
    grant(jane, 9, RESTRICTED)

    with unchanged(), pytest.raises(CannotReverse, match="nothing left to take"):
        reverse(first)


def test_credit_that_came_since_counts_as_left(jane):
    first = grant(jane, 50)
    take(jane, 50)
    grant(jane, 60)

    assert reverse(first).moved == -50


def test_starting_credit_is_reversed_too():
    joe = make_customer(make_store(), credit=5)

    reverse(CreditEntry.objects.get(account=joe.pk))

    assert balances(joe) == (0, 0)


def test_a_movement_is_reversed_once(jane, unchanged):
    first = grant(jane, 50)
    reverse(first)
    grant(jane, 50)

    with unchanged(), pytest.raises(CannotReverse, match="reversed before"):
        reverse(first)


def test_a_movement_taken_back_in_part_is_not_taken_again(jane, unchanged):
    first = grant(jane, 50)
    take(jane, 30)
    reverse(first)
    grant(jane, 30)

    with unchanged(), pytest.raises(CannotReverse, match="reversed before"):
        reverse(first)


def test_a_reversal_is_not_reversed(jane, unchanged):
    back = reverse(grant(jane, 50)).entry

    with unchanged(), pytest.raises(CannotReverse, match="A reversal cannot be reversed"):
        reverse(back)


def test_what_a_purchase_moved_is_not_reversed(jane, unchanged):
    grant(jane, 50)
    buy(jane, money=0, credit=10)
    paid = CreditEntry.objects.get(account=jane.pk, kind=Kind.PURCHASE)

    with unchanged(), pytest.raises(CannotReverse, match="take the purchase back"):
        reverse(paid)


def test_what_a_batch_moved_is_not_reversed(jane, unchanged):
    batch = Batch.objects.create(store=jane.store, kind="credit", title="Credit +5")
    entry = grant(jane, 5)
    entry.batch = batch

    with unchanged(), pytest.raises(CannotReverse, match="undo that one"):
        reverse(entry)


def test_a_reversal_does_not_pass_the_limit(jane, unchanged):
    grant(jane, 50)
    taken = take(jane, 50)
    grant(jane, LIMIT)

    with unchanged(), pytest.raises(TooMuch):
        reverse(taken)


def test_a_form_sent_twice_reverses_once(jane, unchanged):
    first, token = grant(jane, 50), uuid.uuid4()
    take(jane, 20)
    back = reverse(first, token=token)

    with unchanged():
        assert reverse(first, token=token) == back

    assert (back.asked, back.moved) == (-50, -30)


def test_a_token_of_another_form_reverses_nothing(jane, unchanged):
    token = uuid.uuid4()
    credit.grant(customer=jane, balance=CREDIT, amount=5, by=None, token=token)
    first = grant(jane, 50)

    with unchanged(), pytest.raises(CreditRefused, match="sent before"):
        reverse(first, token=token)


def reverse_while_somebody_spends(patch) -> list[str]:
    """Somebody spends between what a reversal found to be left and its movement."""
    jane = make_customer(make_store())
    first = grant(jane, 50)
    spent = before(patch, credit, "_move", lambda: take(jane, 10))

    told = names([outcome_of(lambda: reverse(first))]) + names([spent()])

    return [*told, f"{balances(jane)[0]} left", *map(str, books.check(jane.store))]


@pytest.mark.django_db(transaction=True)
def test_nobody_spends_what_a_reversal_is_about_to_take(monkeypatch):
    assert reverse_while_somebody_spends(monkeypatch) == ["done", "NotEnough", "0 left"]


@pytest.mark.django_db(transaction=True)
def test_a_reversal_without_its_lock_is_caught(monkeypatch):
    unlocked(monkeypatch, credit)
    unhurried(monkeypatch)

    assert reverse_while_somebody_spends(monkeypatch) == ["NotEnough", "done", "40 left"]


def outcome_of(deed):
    try:
        return deed()
    except CreditRefused as refused:
        return refused
    return "done"
