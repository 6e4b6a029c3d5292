"""Random bulk changes, their undos and what customers do in between, compared step by step with a model in Python."""

import dataclasses

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
from customers.bulk_credit import LEAVE_OUT, STOP
from customers.models import CreditEntry, CreditRow
from stores import batches
from stores.models import Batch
from stores.money import LIMIT
from tests.changes import chunks_of, credit_change, ended
from tests.factories import balances, buy, make_customer, make_member, make_store

pytestmark = pytest.mark.django_db
START = {"anna": (100, 20), "bert": (0, 0), "carl": (LIMIT, 5), "dora": (30, LIMIT - 3)}

deltas = st.one_of(
    st.integers(-60, 60),
    st.sampled_from([-LIMIT, -LIMIT + 1, -100, 0, 0, 1, 3, LIMIT - 3, LIMIT]),
)
someone = st.sampled_from(list(START))
some = st.sets(someone)  # nobody ticked is everyone
Held = tuple[int, int]


def judged(held: Held, asked: Held, policy: str) -> tuple[Held, str]:
    """What the balances become, and what that is called."""
    wanted = tuple(was + delta for was, delta in zip(held, asked, strict=True))
    if policy == LEAVE_OUT:
        fits = all(0 <= one <= LIMIT for one in wanted)
        becomes = wanted if fits else held
    else:
        becomes = tuple(
            was if one > LIMIT else max(one, 0) for was, one in zip(held, wanted, strict=True)
        )
    if becomes == wanted:
        return becomes, ""
    return becomes, "left_out" if becomes == held else "short"


@dataclasses.dataclass
class Plan:
    """What the model knows of a batch: whom it is for, and by name what was, what was asked and what moved."""

    batch: Batch
    policy: str
    asked: dict[str, Held]
    was: dict[str, Held]
    moved: dict[str, Held] = dataclasses.field(default_factory=dict)
    came: dict[str, tuple[str, bool]] = dataclasses.field(default_factory=dict)


class Changes(RuleBasedStateMachine):
    """`held` maps a person to their balances, `applied` are the batches in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        chunks_of(self.patch, 3)
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.applied: list[Plan] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.patch.undo()

    @initialize()
    def open_store(self):
        self.store = make_store()
        self.by = make_member(self.store).user
        self.people = {
            name: make_customer(self.store, name, credit=one, restricted=other)
            for name, (one, other) in START.items()
        }
        self.held = dict(START)

    # What a model does with a plan

    def work(self, plan: Plan) -> None:
        for name, asked in plan.asked.items():
            was = self.held[name]
            becomes, came = judged(was, asked, plan.policy)
            if was == plan.was[name]:
                assert came == judged(plan.was[name], asked, plan.policy)[1]
            plan.moved[name] = (becomes[0] - was[0], becomes[1] - was[1])
            plan.came[name] = came, was != plan.was[name]
            self.held[name] = becomes
        self.applied.append(plan)

    @rule(
        names=some,
        one=deltas,
        other=deltas,
        policy=st.sampled_from([STOP, LEAVE_OUT]),
        meanwhile=st.lists(st.tuples(someone, st.integers(-100, 100)), max_size=4),
    )
    def change(self, names, one, other, policy, meanwhile):
        """Previewed and applied; customers spend and receive in between."""
        if not one and not other:
            return
        chosen = [self.people[name] for name in names]
        batch = credit_change(
            *chosen, store=self.store, by=self.by, credit=one, restricted=other, policy=policy
        )
        asked = dict.fromkeys(names or START, (one, other))
        plan = Plan(ended(batch), policy, asked, dict(self.held))
        for name, amount in meanwhile:
            self.receive(name, amount) if amount > 0 else self.spend(name, -amount)
        for _ in range(2):
            batches.apply(batch=plan.batch, by=self.by)
            plan.batch = ended(plan.batch)
        self.work(plan)

    @precondition(lambda self: any(plan.batch.kind == "credit" for plan in self.applied))
    @rule(place=st.integers(0, 10**6))
    def undo(self, place):
        changes = [plan for plan in self.applied if plan.batch.kind == "credit"]
        plan = changes[place % len(changes)]
        twin = Batch.objects.filter(undoes=plan.batch).first()
        undoing = ended(batches.undo(batch=plan.batch, by=self.by))
        if twin:
            assert undoing == twin
            return
        asked = {name: (-one, -other) for name, (one, other) in plan.moved.items() if one or other}
        self.work(Plan(undoing, STOP, asked, dict(self.held)))

    # What goes on beside it

    @rule(name=someone, share=st.integers(0, 100))
    def spend(self, name, share):
        """So many per cent of what there is."""
        one, other = self.held[name]
        if amount := one * share // 100:
            buy(self.people[name], money=0, credit=amount)
            self.held[name] = one - amount, other

    @rule(name=someone, amount=st.integers(1, 100))
    def receive(self, name, amount):
        one, other = self.held[name]
        if other + amount <= LIMIT:
            credit.grant(
                customer=self.people[name], balance="restricted", amount=amount, by=self.by
            )
            self.held[name] = one, other + amount

    # What always holds

    @invariant()
    def balances_are_those_of_the_model(self):
        assert {name: balances(person) for name, person in self.people.items()} == self.held

    @invariant()
    def each_batch_tells_what_came_of_it(self):
        for plan in self.applied[-2:]:
            rows = CreditRow.objects.filter(batch=plan.batch)
            assert {
                row.account.customer.username: (row.outcome, row.drifted) for row in rows
            } == plan.came
            entries = CreditEntry.objects.filter(batch=plan.batch)
            assert {
                (entry.account.customer.username, entry.balance): entry.delta for entry in entries
            } == {
                (name, balance): delta
                for name, both in plan.moved.items()
                for balance, delta in zip(("credit", "restricted"), both, strict=True)
                if delta
            }
            counts, came = plan.batch.counts, [word for word, _ in plan.came.values()]
            assert (counts["short"], counts["left_out"]) == (
                came.count("short"),
                came.count("left_out"),
            )
            assert [counts.get(f"{one}_moved", 0) for one in ("credit", "restricted")] == [
                sum(both[place] for both in plan.moved.values()) for place in (0, 1)
            ]

    @invariant()
    def books_are_clean(self):
        assert [str(one) for one in books.check(self.store)] == []


def test_random_changes():
    run_state_machine_as_test(
        Changes, settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )


@pytest.mark.slow
def test_many_random_changes():
    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=150, stateful_step_count=40, deadline=None, derandomize=False
        ),
    )
