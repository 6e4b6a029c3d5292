"""Deeds that meet: each race gives its discrepancies, none with the guards in place, some with the guard taken out."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from customers import books, credit, profiles
from customers.models import CreditAccount, CreditEntry, Customer
from customers.names import name_key
from stores.models import Store
from tests.factories import make_customer, make_store
from tests.naive import ReadThenWrite, unkeyed, unlocked
from tests.together import PATIENCE, meeting, names, together

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def differences(store: Store) -> list[str]:
    return [str(one) for one in books.check(store)]


def unlike(**pairs: tuple[object, object]) -> list[str]:
    """What is not what it ought to be."""
    return [
        f"{what} is {is_}, not {should}" for what, (is_, should) in pairs.items() if is_ != should
    ]


@pytest.fixture
def jane(db):
    return make_customer(make_store(), "jane", credit=40)


# 8 threads spend one balance to exactly zero.

TRIES = 6


def drain(jane: Customer) -> list[str]:
    def spend() -> list[str]:
        return names([outcome(take_one) for _ in range(TRIES)])

    def take_one() -> object:
        return credit.take(customer=jane, balance="credit", amount=1, by=None)

    outcomes = [name for told in together(*[spend] * THREADS) for name in flat(told)]
    return [
        *unlike(
            done=(outcomes.count("done"), 40),
            refused=(outcomes.count("NotEnough"), THREADS * TRIES - 40),
            left=(credit.balance_of(jane, "credit"), 0),
        ),
        *differences(jane.store),
    ]


def outcome(deed):
    try:
        return deed()
    except Exception as error:
        return error


def flat(told):
    return told if isinstance(told, list) else [type(told).__name__]


def test_one_balance_is_spent_to_exactly_zero(jane):
    assert drain(jane) == []


def test_spending_what_was_read_before_is_caught(monkeypatch, jane):
    monkeypatch.setattr(credit, "_once", ReadThenWrite(THREADS))

    # 6 rounds, in each of which all took the same unit.
    assert drain(jane)[:3] == ["done is 48, not 40", "refused is 0, not 8", "left is 34, not 0"]


# Two people set a total against the same value.


def set_twice(jane: Customer) -> list[str]:
    def save(total):
        return lambda: credit.set_total(
            customer=jane, balance="credit", seen=40, total=total, by=None
        )

    outcomes = together(save(50), save(30))
    saved = [outcome.after for outcome in outcomes if isinstance(outcome, CreditEntry)]
    return [
        *unlike(
            outcomes=(names(outcomes), ["BalanceMoved", "done"]),
            balance=([credit.balance_of(jane, "credit")], saved),
        ),
        *differences(jane.store),
    ]


def test_of_two_totals_set_against_one_value_one_wins(jane):
    assert set_twice(jane) == []


def test_setting_what_was_compared_before_is_caught(monkeypatch, jane):
    monkeypatch.setattr(credit, "_once", ReadThenWrite(2))

    assert set_twice(jane)[0] == "outcomes is ['done', 'done'], not ['BalanceMoved', 'done']"


# One form is sent 8 times at once.


def send_at_once(jane: Customer) -> list[str]:
    token = uuid.uuid4()

    def send() -> object:
        return credit.grant(customer=jane, balance="credit", amount=5, by=None, token=token).pk

    outcomes = together(*[send] * THREADS)
    return [
        *unlike(
            outcomes=(names(outcomes), ["done"] * THREADS),
            entries=(len(set(map(str, outcomes))), 1),
            balance=(credit.balance_of(jane, "credit"), 45),
        ),
        *differences(jane.store),
    ]


def test_a_form_sent_8_times_at_once_moves_credit_once(jane):
    assert send_at_once(jane) == []


def test_a_token_looked_up_before_is_caught(monkeypatch, jane):
    monkeypatch.setattr(credit, "_once", ReadThenWrite(THREADS))

    assert send_at_once(jane)[0] == "entries is 8, not 1"


# One movement is reversed by 8 at once.


def reverse_at_once(jane: Customer) -> list[str]:
    first = credit.grant(customer=jane, balance="credit", amount=50, by=None)
    credit.grant(customer=jane, balance="credit", amount=500, by=None)

    outcomes = together(*[lambda: credit.reverse(entry=first, by=None)] * THREADS)
    return [
        *unlike(
            outcomes=(names(outcomes), ["CannotReverse"] * 7 + ["done"]),
            left=(credit.balance_of(jane, "credit"), 540),
        ),
        *differences(jane.store),
    ]


def test_of_many_who_reverse_at_once_one_does(jane):
    assert reverse_at_once(jane) == []


def test_reversing_what_was_looked_at_before_is_caught(monkeypatch, jane):
    """Neither the account is locked nor what is reversed unique."""
    meet, left = meeting(THREADS), credit.left_to_reverse

    def read_then_move(entry: CreditEntry) -> int:
        asked = left(entry)
        meet()
        return asked

    monkeypatch.setattr(credit, "left_to_reverse", read_then_move)
    unlocked(monkeypatch, credit)
    unkeyed(monkeypatch)

    outcomes, *_ = reverse_at_once(jane)
    found, _ = outcomes.split(", not ")

    # Those that would take the same place among the entries are refused for that.
    assert found.count("done") > 1


# Two people add one customer.


def add_twice(patch: pytest.MonkeyPatch) -> list[str]:
    store = make_store()
    refuse, meet = profiles._refuse_known, meeting(2)

    def both_have_looked(*args, **kwargs):
        refuse(*args, **kwargs)
        meet()

    patch.setattr(profiles, "_refuse_known", both_have_looked)
    outcomes = together(*[lambda: profiles.add(store=store, username="Jane Doe", by=None)] * 2)
    return [
        *unlike(
            outcomes=(names(outcomes), ["Known", "done"]),
            customers=(Customer.objects.filter(store=store, username="jane.doe").count(), 1),
        ),
        *differences(store),
    ]


def test_of_two_who_add_one_name_one_is_told_that_it_is_known(monkeypatch):
    assert add_twice(monkeypatch) == []


def test_a_name_that_is_not_kept_unique_is_caught(monkeypatch):
    monkeypatch.setattr(profiles, "name_key", lambda name: name_key(name) + uuid.uuid4().hex)

    assert add_twice(monkeypatch) == [
        "outcomes is ['done', 'done'], not ['Known', 'done']",
        "customers is 2, not 1",
    ]


# Two people give one customer's name to two customers.


def correct_twice(patch: pytest.MonkeyPatch) -> list[str]:
    store = make_store()
    people = [make_customer(store, name) for name in ("jane", "joe")]
    # They look while they hold their customer: on SQLite one after the other.
    refuse, meet = profiles._refuse_known, meeting(1 if connection.vendor == "sqlite" else 2)

    def both_have_looked(*args, **kwargs):
        refuse(*args, **kwargs)
        meet()

    patch.setattr(profiles, "_refuse_known", both_have_looked)
    outcomes = together(
        *[
            lambda person=person: profiles.correct(customer=person, username="ann", by=None)
            for person in people
        ]
    )
    return unlike(
        outcomes=(names(outcomes), ["Known", "done"]),
        customers=(Customer.objects.filter(store=store, username="ann").count(), 1),
    )


def test_of_two_who_correct_to_one_name_one_is_told_that_it_is_known(monkeypatch):
    assert correct_twice(monkeypatch) == []


def test_a_corrected_name_that_is_not_kept_unique_is_caught(monkeypatch):
    monkeypatch.setattr(profiles, "name_key", lambda name: name_key(name) + uuid.uuid4().hex)

    assert correct_twice(monkeypatch) == [
        "outcomes is ['done', 'done'], not ['Known', 'done']",
        "customers is 2, not 1",
    ]


# Two people archive one customer.


def archive_at_once(jane: Customer) -> list[str]:
    make_customer(jane.store, "joe")

    outcomes = together(*[lambda: profiles.archive(customer=jane, by=None)] * THREADS)
    return [*unlike(outcomes=(names(outcomes), ["done"] * THREADS)), *differences(jane.store)]


def test_a_customer_archived_by_many_at_once_is_counted_once(jane):
    assert archive_at_once(jane) == []


def test_archiving_what_was_read_before_is_caught(monkeypatch, jane):
    meet = threading.Barrier(THREADS)

    def read_then_write(customer, moment, *, by):
        was_listed = Customer.objects.get(pk=customer.pk).archived_at is None
        meet.wait(PATIENCE)
        with transaction.atomic():
            CreditAccount.objects.filter(customer=customer).update(listed=False)
            Customer.objects.filter(pk=customer.pk).update(archived_at=moment)
            if was_listed:
                profiles.count_listed(customer.store, -1)

    monkeypatch.setattr(profiles, "_set_archived", read_then_write)

    # Of two customers the third would be counted off: the database refuses that.
    assert archive_at_once(jane)[0].startswith("outcomes is ['IntegrityError'")


def test_threads_have_connections_of_their_own():
    """What the races rest on."""
    here = id(connection.connection)

    there = together(*[lambda: (connection.ensure_connection(), id(connection.connection))[1]] * 2)

    assert names(there) == ["done", "done"]
    assert here not in there
