"""Everything that moves credit, in any order, compared step by step with a dict; the books stay clean, and the past is found again."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from customers import books, credit, liability, profiles, purchases
from customers.bulk_sql import LEAVE_OUT, STOP
from customers.credit import BalanceMoved, CannotReverse, NotEnough, TooMuch
from customers.models import CreditEntry, Purchase
from customers.purchases import ReturnRefused
from stores import batches
from stores.batches import BatchRefused, work
from stores.models import Batch, State
from stores.money import LIMIT
from tests.changes import chunks_of, credit_change, ended
from tests.factories import balances, make_customer, make_member, make_product, make_store

pytestmark = pytest.mark.django_db
NAMES = ("ann", "bob", "cay", "dan", "eve")
BALANCES = ("credit", "restricted")
CHUNK = 2

Places = dict[tuple[str, str], int]

people = st.sampled_from(NAMES)
balance_names = st.sampled_from(BALANCES)
amounts = st.one_of(st.integers(1, 60), st.sampled_from([LIMIT - 20, LIMIT]))
changes = st.one_of(st.integers(-60, 60), st.sampled_from([0, -LIMIT, LIMIT - 20]))


@dataclass
class Bought:
    """A purchase, and how much of it was returned."""

    purchase: Purchase
    payer: str
    returned: int = 0


@dataclass
class Change:
    """A bulk change or its undo: what is asked of whom, in the order of the work; what it moved."""

    batch: Batch
    asked: Places
    policy: str
    targets: list[str]
    state: str = State.PREVIEWED
    done: int = 0
    moved: Places = field(default_factory=dict)
    undone: bool = False


class Ledger(RuleBasedStateMachine):
    """`there` maps a person and a balance to what must be there."""

    movements = Bundle("movements")
    sales = Bundle("sales")
    plans = Bundle("plans")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.past: list[tuple[dt.datetime, Places]] = []

    def teardown(self) -> None:
        self.look_back()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open_store(self):
        self.store = make_store()
        self.user = make_member(self.store).user
        self.lamp = make_product(self.store)
        self.people = {name: make_customer(self.store, name, credit=40) for name in NAMES}
        self.there = {(name, one): 0 for name in NAMES for one in BALANCES}
        self.there |= {(name, "credit"): 40 for name in NAMES}
        self.archived: set[str] = set()
        self.reversed: set[int] = set()

    def refuses(self, deed: Any, *refusals: tuple[type[Exception], bool]) -> bool:
        """Whether one of the refusals is due; then the deed is refused for one that is."""
        due = tuple(error for error, is_due in refusals if is_due)
        if due:
            with pytest.raises(due):
                deed()
        return bool(due)

    def look_back(self) -> None:
        """What was held and owed after a deed, every third one, is found again from the entries
        alone.
        """
        places = [(name, one) for name in NAMES for one in BALANCES]
        for turn, (moment, there) in enumerate(self.past[::3]):
            name, one = places[turn % len(places)]
            person = self.people[name]
            assert liability.balance_at(person.pk, one, moment) == there[name, one]
            assert liability.owed(self.store, moment) == owed(there)
        assert liability.owed(self.store) == owed(self.there)

    # By hand

    @rule(target=movements, name=people, balance=balance_names, amount=amounts, sign=st.booleans())
    def move(self, name, balance, amount, sign):
        delta = amount if sign else -amount
        after = self.there[name, balance] + delta

        def deed():
            verb = credit.grant if sign else credit.take
            return verb(customer=self.people[name], balance=balance, amount=amount, by=self.user)

        if self.refuses(deed, (TooMuch, after > LIMIT), (NotEnough, after < 0)):
            return multiple()
        return self.moved(name, balance, deed(), delta)

    @rule(
        target=movements, name=people, balance=balance_names, total=amounts, off=st.integers(0, 1)
    )
    def set_total(self, name, balance, total, off):
        seen = self.there[name, balance] + off

        def deed():
            return credit.set_total(
                customer=self.people[name], balance=balance, seen=seen, total=total, by=self.user
            )

        if total == seen:
            assert deed() is None
            return multiple()
        if self.refuses(deed, (BalanceMoved, off != 0)):
            return multiple()
        return self.moved(name, balance, deed(), total - seen)

    @rule(target=movements, movement=movements)
    def reverse(self, movement):
        name, balance, entry = movement
        there = self.there[name, balance]
        wanted = -min(entry.delta, there) if entry.delta > 0 else -entry.delta

        def deed():
            return credit.reverse(entry=entry, by=self.user).entry

        never = entry.pk in self.reversed or entry.kind == "reversal" or not wanted
        if self.refuses(deed, (CannotReverse, never), (TooMuch, there + wanted > LIMIT)):
            return multiple()
        self.reversed.add(entry.pk)
        return self.moved(name, balance, deed(), wanted)

    def moved(self, name: str, balance: str, entry: CreditEntry, delta: int):
        self.there[name, balance] += delta
        assert (entry.delta, entry.after) == (delta, self.there[name, balance])
        return name, balance, entry

    # Sales

    @rule(
        target=sales,
        payer=people,
        recipient=people,
        used=st.integers(0, 30),
        restricted=st.integers(0, 30),
        quantity=st.integers(1, 3),
    )
    def buy(self, payer, recipient, used, restricted, quantity):
        restricted = restricted if payer == recipient else 0

        def deed():
            return purchases.record(
                store=self.store,
                payer=self.people[payer],
                recipient=self.people[recipient],
                product=self.lamp,
                quantity=quantity,
                money=5,
                credit=used,
                restricted=restricted,
                by=self.user,
            )

        less = self.there[payer, "credit"] < used or self.there[payer, "restricted"] < restricted
        if self.refuses(deed, (NotEnough, less)):
            return multiple()
        purchase = deed()
        self.there[payer, "credit"] -= used
        self.there[payer, "restricted"] -= restricted
        return Bought(purchase, payer)

    @rule(sale=sales, quantity=st.integers(1, 3))
    def take_back(self, sale, quantity):
        whole, until = sale.purchase.quantity, sale.returned + quantity
        back = {
            (sale.payer, one): getattr(sale.purchase, one) * until // whole
            - getattr(sale.purchase, one) * sale.returned // whole
            for one in BALANCES
        }

        def deed():
            return purchases.take_back(purchase=sale.purchase, quantity=quantity, by=self.user)

        full = any(self.there[place] + amount > LIMIT for place, amount in back.items() if amount)
        if self.refuses(deed, (ReturnRefused, until > whole), (TooMuch, full)):
            return
        deed()
        sale.returned = until
        for place, amount in back.items():
            self.there[place] += amount

    # People

    @rule(name=people)
    def archive_or_restore(self, name):
        verb = profiles.restore if name in self.archived else profiles.archive
        verb(customer=self.people[name], by=self.user)
        self.archived ^= {name}

    # Bulk changes

    @rule(
        target=plans,
        ticked=st.sets(people),
        amounts=st.tuples(changes, changes).filter(any),
        policy=st.sampled_from([STOP, LEAVE_OUT]),
        button=st.sampled_from(["apply", "apply", "half", "none"]),
    )
    def change(self, ticked, amounts, policy, button):
        """Of the ticked, else of everyone; some apply it at once."""
        asked = dict(zip(BALANCES, amounts, strict=True))
        chosen = [self.people[name] for name in NAMES if name in ticked]
        batch = credit_change(*chosen, store=self.store, by=self.user, policy=policy, **asked)
        targets = [
            name for name in NAMES if (not ticked or name in ticked) and name not in self.archived
        ]
        places = {(name, one): asked[one] for name in targets for one in BALANCES}
        change = Change(ended(batch), places, policy, targets)
        assert (change.batch.state, change.batch.planned) == (State.PREVIEWED, len(targets))
        if button != "none":
            self.apply(change, half=button == "half")
        return change

    @rule(change=plans, button=st.sampled_from(["apply", "half", "cancel", "go on", *["undo"] * 4]))
    def press(self, change, button):
        if button in ("apply", "half"):
            self.apply(change, half=button == "half")
        else:
            {"cancel": self.cancel, "go on": self.go_on, "undo": self.undo}[button](change)

    def apply(self, change: Change, *, half: bool) -> None:
        """To the end, or it is stopped after its first chunk; applied again, it stays as it is."""

        def deed():
            return batches.apply(batch=change.batch, by=self.user)

        if self.refuses(deed, (BatchRefused, change.state == State.CANCELLED)):
            return
        deed()
        if change.state != State.PREVIEWED:
            return
        if half and len(change.targets) > CHUNK:
            work.chunk(change.batch.pk, work.claim(change.batch.pk))
            batches.cancel(batch=change.batch, by=self.user)
            self.works(change, CHUNK, State.CANCELLED)
        else:
            self.works(change, len(change.targets), State.DONE)

    def cancel(self, change: Change) -> None:
        batches.cancel(batch=change.batch, by=self.user)
        if change.state == State.PREVIEWED:
            change.state = State.CANCELLED

    def go_on(self, change: Change) -> None:
        def deed():
            return batches.resume(batch=change.batch, by=self.user)

        stopped = change.state == State.CANCELLED and change.done and not change.undone
        if not self.refuses(deed, (BatchRefused, not stopped)):
            deed()
            self.works(change, len(change.targets), State.DONE)

    def undo(self, change: Change) -> None:
        def deed():
            return batches.undo(batch=change.batch, by=self.user)

        if self.refuses(deed, (BatchRefused, not change.done)):
            return
        undoing = deed()
        if change.undone:
            assert undoing == Batch.objects.get(undoes=change.batch)
            return
        change.undone = True
        asked = {place: -delta for place, delta in change.moved.items()}
        targets = [name for name in NAMES if any((name, one) in asked for one in BALANCES)]
        back = Change(undoing, asked, STOP, targets)
        self.works(back, len(targets), State.DONE)
        with pytest.raises(BatchRefused):
            batches.undo(batch=back.batch, by=self.user)

    def works(self, change: Change, until: int, state: str) -> None:
        """Work on the change as far as so many targets, and let the model do the same."""
        change.batch = ended(change.batch)
        change.state = state
        for name in change.targets[change.done : until]:
            for place, after in self.becomes(change, name).items():
                if delta := after - self.there[place]:
                    change.moved[place] = delta
                self.there[place] = after
        change.done = until
        assert (change.batch.state, change.batch.handled) == (state, until)
        for one in BALANCES:
            moved = sum(delta for (_, where), delta in change.moved.items() if where == one)
            assert change.batch.counts.get(f"{one}_moved", 0) == moved

    def becomes(self, change: Change, name: str) -> Places:
        """What the balances of a target become by the policy of the change."""
        places = [(name, one) for one in BALANCES if (name, one) in change.asked]
        wanted = {place: self.there[place] + change.asked[place] for place in places}
        if change.policy == LEAVE_OUT and not all(0 <= one <= LIMIT for one in wanted.values()):
            return {}
        return {
            place: self.there[place] if after > LIMIT else max(0, after)
            for place, after in wanted.items()
        }

    @invariant()
    def all_is_as_in_the_model_and_the_books_are_clean(self):
        for name, person in self.people.items():
            assert balances(person) == tuple(self.there[name, one] for one in BALANCES)
        assert [str(one) for one in books.check(self.store)] == []
        self.past.append((timezone.now(), dict(self.there)))


def owed(there: Places) -> dict[str, int]:
    """What a store owes whose customers hold that."""
    return {one: sum(held for (_, of), held in there.items() if of == one) for one in BALANCES}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    chunks_of(monkeypatch, CHUNK)


def test_random_deeds_keep_the_books():
    run_state_machine_as_test(Ledger, settings=settings(max_examples=15, stateful_step_count=30))


@pytest.mark.slow
def test_many_random_deeds_keep_the_books():
    run_state_machine_as_test(
        Ledger,
        settings=settings(max_examples=100, stateful_step_count=60, derandomize=False),
    )
