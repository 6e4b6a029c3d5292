"""Random movements of the balances of a store, compared step by step with a dict."""

import uuid

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from customers import books, credit
from customers.credit import BalanceMoved, CannotReverse, NotEnough, TooMuch
from customers.models import CreditAccount, CreditEntry
from stores.money import LIMIT
from tests.factories import make_customer, make_store

pytestmark = pytest.mark.django_db

someone = st.sampled_from(["jane", "joe"])
a_balance = st.sampled_from(["credit", "restricted"])
amounts = st.one_of(
    st.integers(1, 100),
    st.integers(LIMIT - 100, LIMIT + 1),
    st.sampled_from([1, LIMIT, LIMIT + 1, 2**62]),
)
totals = st.one_of(st.integers(-1, 100), st.integers(LIMIT - 100, LIMIT + 1))


class Credit(RuleBasedStateMachine):
    """`model` maps a person and a balance to the entries that it must have, as (delta, after)."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self.sent: list[tuple] = []
        self.made: list[tuple[str, str, int, CreditEntry]] = []
        self.reversed: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open_store(self):
        self.store = make_store()
        self.people = {name: make_customer(self.store, name) for name in ("jane", "joe")}
        self.model = {(name, one): [] for name in self.people for one in ("credit", "restricted")}

    def present(self, name, balance):
        chain = self.model[name, balance]
        return chain[-1][1] if chain else 0

    def moves(self, verb, name, balance, delta, refusals, **values):
        """The verb moves the balance by delta, unless one of the `refusals` is due."""
        due = [error for error, is_due in refusals if is_due]
        token = uuid.uuid4()
        deed = {
            "customer": self.people[name],
            "balance": balance,
            "by": None,
            "token": token,
            **values,
        }
        if due:
            with pytest.raises(due[0]):
                verb(**deed)
            return
        entry = verb(**deed)
        after = self.present(name, balance) + delta
        self.model[name, balance].append((delta, after))
        self.sent.append((verb, deed, entry))
        self.made.append((name, balance, delta, entry))

    @rule(name=someone, balance=a_balance, amount=amounts)
    def grant(self, name, balance, amount):
        too_much = self.present(name, balance) + amount > LIMIT
        self.moves(credit.grant, name, balance, amount, [(TooMuch, too_much)], amount=amount)

    @rule(name=someone, balance=a_balance, amount=amounts)
    def take(self, name, balance, amount):
        not_enough = self.present(name, balance) < amount
        self.moves(credit.take, name, balance, -amount, [(NotEnough, not_enough)], amount=amount)

    @rule(name=someone, balance=a_balance)
    def take_all(self, name, balance):
        if there := self.present(name, balance):
            self.moves(credit.take, name, balance, -there, [], amount=there)

    @rule(name=someone, balance=a_balance, total=totals, off=st.sampled_from([0, 0, 0, 1, -1]))
    def set_total(self, name, balance, total, off):
        seen = self.present(name, balance) + off
        if total == seen:
            person = self.people[name]
            same = credit.set_total(
                customer=person, balance=balance, seen=seen, total=total, by=None
            )
            assert same is None
            return
        refusals = [(TooMuch, not 0 <= total <= LIMIT), (BalanceMoved, off != 0)]
        self.moves(credit.set_total, name, balance, total - seen, refusals, seen=seen, total=total)

    @precondition(lambda self: self.made)
    @rule(place=st.integers(0, 10**6))
    def reverse(self, place):
        name, balance, delta, entry = self.made[place % len(self.made)]
        present = self.present(name, balance)
        wanted = -min(delta, present) if delta > 0 else -delta
        refusals = [
            (CannotReverse, entry.pk in self.reversed or entry.kind == "reversal" or not wanted),
            (TooMuch, present + wanted > LIMIT),
        ]
        due = [error for error, is_due in refusals if is_due]
        if due:
            with pytest.raises(due[0]):
                credit.reverse(entry=entry, by=None)
            return
        back = credit.reverse(entry=entry, by=None)
        assert (back.asked, back.moved) == (-delta, wanted)
        self.reversed.add(entry.pk)
        self.model[name, balance].append((wanted, present + wanted))
        self.made.append((name, balance, wanted, back.entry))

    @precondition(lambda self: self.sent)
    @rule(place=st.integers(0, 10**6))
    def send_again(self, place):
        verb, deed, entry = self.sent[place % len(self.sent)]
        assert verb(**deed) == entry

    @invariant()
    def balances_and_entries_are_those_of_the_model(self):
        for (name, balance), chain in self.model.items():
            person = self.people[name]
            rows = CreditEntry.objects.filter(account=person.pk, balance=balance).order_by("seq")
            assert list(rows.values_list("seq", "delta", "after")) == [
                (place, delta, after) for place, (delta, after) in enumerate(chain, 1)
            ]
            account = CreditAccount.objects.get(pk=person.pk)
            assert getattr(account, balance) == self.present(name, balance)

    @invariant()
    def books_are_clean(self):
        assert [str(one) for one in books.check(self.store)] == []


def test_random_movements():
    run_state_machine_as_test(
        Credit, settings=settings(max_examples=10, stateful_step_count=30, deadline=None)
    )


@pytest.mark.slow
def test_many_random_movements():
    run_state_machine_as_test(
        Credit,
        settings=settings(
            max_examples=100, stateful_step_count=60, deadline=None, derandomize=False
        ),
    )
