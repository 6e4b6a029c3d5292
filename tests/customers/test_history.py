"""Random histories over years, played through the verbs, and judged after each step by a model that knows no SQL."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass

import pytest
import time_machine
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

from customers import books, calendar, credit, figures, profiles, purchases
from customers.credit import CreditRefused
from customers.models import Customer, CustomerCount, Purchase
from customers.purchases import PurchaseRow, ReturnRefused
from tests.factories import (
    balances,
    buy,
    figures_of,
    make_customer,
    make_product,
    make_store,
    noon,
    set_window,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = dt.date(2022, 12, 20)
ZONES = ["America/Los_Angeles", "Australia/Sydney", "Asia/Kathmandu"]
PEOPLE, PRODUCTS = 3, 3

someone = st.integers(0, PEOPLE - 1)
something = st.integers(0, PRODUCTS - 1)
anything = st.one_of(st.none(), something)
any_place = st.integers(0, 10**6)


@dataclass
class Fact:
    """A purchase or a return, as the model remembers it."""

    key: int
    payer: int
    recipient: int
    product: int | None
    quantity: int
    money: int
    used: tuple[int, int]
    at: dt.datetime
    counts_on: dt.date
    removal: int | None = None
    returned: int = 0
    first: "Fact | None" = None


class History(RuleBasedStateMachine):
    """The life of a store: purchases, gifts, returns, removals, credit, days that pass, clocks that jump."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.facts: list[Fact] = []
        self.removals: list[tuple[int, int, dt.datetime]] = []
        self.held = [[0, 0] for _ in range(PEOPLE)]
        self.archived: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(zone=st.sampled_from(ZONES))
    def open_store(self, zone: str) -> None:
        self.store = make_store(time_zone=zone)
        self.people = [make_customer(self.store) for _ in range(PEOPLE)]
        self.products = [make_product(self.store) for _ in range(PRODUCTS)]
        self.today = self.through = START
        set_window(self.store, START)

    @rule(
        payer=someone,
        recipient=someone,
        product=anything,
        quantity=st.integers(1, 4),
        money=st.integers(0, 500),
        used=st.tuples(st.integers(0, 60), st.integers(0, 60)),
        age=st.one_of(st.just(0), st.sampled_from([363, 364, 365, 366]), st.integers(0, 800)),
    )
    def buy(self, payer, recipient, product, quantity, money, used, age):
        if recipient != payer:
            used = (used[0], 0)
        enough = all(part <= there for part, there in zip(used, self.held[payer], strict=True))
        try:
            row = buy(
                self.people[payer],
                None if product is None else self.products[product],
                recipient=self.people[recipient],
                on=self.today - age * DAY,
                quantity=quantity,
                money=money,
                credit=used[0],
                restricted=used[1],
            )
        except CreditRefused:
            assert not enough
            return
        assert enough
        self.move(payer, -used[0], -used[1])
        day = self.today - age * DAY
        self.facts.append(
            Fact(row.pk, payer, recipient, product, quantity, money, used, row.at, day)
        )

    @precondition(lambda self: self.facts)
    @rule(place=any_place, quantity=st.one_of(st.none(), st.integers(1, 4)))
    def take_back(self, place, quantity):
        fact = self.facts[place % len(self.facts)]
        left = fact.quantity - fact.returned
        wanted = left if quantity is None else quantity
        purchase = Purchase.objects.get(pk=fact.key)
        try:
            back = purchases.take_back(
                purchase=purchase, quantity=quantity, by=None, at=noon(self.store, self.today)
            )
        except ReturnRefused:
            assert not 0 < wanted <= left
            return
        assert 0 < wanted <= left
        shares = [
            total * (fact.returned + wanted) // fact.quantity
            - total * fact.returned // fact.quantity
            for total in (fact.money, *fact.used)
        ]
        fact.returned += wanted
        self.move(fact.payer, *shares[1:])
        used = (-shares[1], -shares[2])
        self.facts.append(
            Fact(
                back.pk,
                fact.payer,
                fact.recipient,
                fact.product,
                -wanted,
                -shares[0],
                used,
                back.at,
                fact.counts_on,
                fact.removal,
                first=fact,
            )
        )

    @rule(person=someone, product=something)
    def remove(self, person, product):
        moment = purchases.remove_product(
            customer=self.people[person], product=self.products[product], by=None
        )
        rows = [
            fact
            for fact in self.facts
            if (fact.recipient, fact.product, fact.removal) == (person, product, None)
        ]
        assert (moment is not None) is bool(rows)
        if moment:
            for fact in rows:
                fact.removal = len(self.removals)
            self.removals.append((person, product, moment))

    @precondition(lambda self: self.removals)
    @rule(place=any_place)
    def restore(self, place):
        number = place % len(self.removals)
        person, product, moment = self.removals[number]
        rows = [fact for fact in self.facts if fact.removal == number]
        restored = purchases.restore_product(
            customer=self.people[person], product=self.products[product], removed_at=moment, by=None
        )
        assert restored is bool(rows)
        for fact in rows:
            fact.removal = None

    @rule(
        person=someone,
        balance=st.sampled_from([0, 1]),
        amount=st.integers(1, 80),
        more=st.booleans(),
    )
    def move_credit(self, person, balance, amount, more):
        verb = credit.grant if more else credit.take
        enough = more or amount <= self.held[person][balance]
        try:
            verb(
                customer=self.people[person],
                balance=("credit", "restricted")[balance],
                amount=amount,
                by=None,
            )
        except CreditRefused:
            assert not enough
            return
        assert enough
        self.held[person][balance] += amount if more else -amount

    @rule(days=st.one_of(st.just(1), st.integers(1, 120)))
    def days_pass(self, days):
        self.today += days * DAY
        assert figures.roll(self.store, to=self.today) == (self.today - self.through).days
        self.through = self.today

    @rule(days=st.integers(1, 40))
    def days_pass_without_a_roll(self, days):
        self.today += days * DAY

    @rule(days=st.integers(0, 400))
    def the_clock_steps_back(self, days):
        assert figures.roll(self.store, to=self.through - days * DAY) == 0

    @rule(zone=st.sampled_from(ZONES))
    def move_to_another_time_zone(self, zone):
        """There it may be another day by now; every purchase counts on its day there, a return on
        the day of its purchase.
        """
        moves = zone != self.store.time_zone
        with time_machine.travel(noon(self.store, self.today), tick=False):
            assert calendar.change_time_zone(store=self.store, time_zone=zone, by=None) is moves
            if moves:
                self.today = self.through = self.store.today()
        for fact in self.facts if moves else ():
            fact.counts_on = self.store.day_of((fact.first or fact).at)

    @rule(person=someone)
    def archive_or_restore(self, person):
        verb = profiles.restore if person in self.archived else profiles.archive
        verb(customer=self.people[person], by=None)
        self.archived ^= {person}

    def move(self, person, *steps):
        self.held[person] = [
            there + step for there, step in zip(self.held[person], steps, strict=True)
        ]

    @invariant()
    def books_are_clean(self):
        assert [str(one) for one in books.check(self.store)] == []

    @invariant()
    def everything_is_as_remembered(self):
        for place, person in enumerate(self.people):
            assert figures_of(person) == self.figures(place)
            assert balances(person) == tuple(self.held[place])
        assert CustomerCount.objects.get(store=self.store).listed == PEOPLE - len(self.archived)

    def figures(self, place):
        paid = [fact for fact in self.facts if fact.payer == place]
        received = Counter()
        for fact in self.facts:
            if fact.recipient == place and fact.product is not None and fact.removal is None:
                received[fact.product] += fact.quantity
        moments = [fact.at for fact in paid if fact.quantity > 0]
        return {
            "spent": sum(fact.money for fact in paid),
            "spent_year": sum(
                fact.money for fact in paid if self.through - fact.counts_on < 365 * DAY
            ),
            "owns": sum(quantity > 0 for quantity in received.values()),
            "first_purchase_at": min(moments, default=None),
            "last_purchase_at": max(moments, default=None),
        }


def test_a_random_history():
    run_state_machine_as_test(
        History, settings=settings(max_examples=5, stateful_step_count=50, deadline=None)
    )


@pytest.mark.slow
def test_many_long_random_histories():
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=100, stateful_step_count=200, deadline=None, derandomize=False
        ),
    )


def dice(chance: random.Random) -> dict[str, dict[str, object]]:
    """A throw for each deed."""
    person, product, place = chance.randrange(PEOPLE), chance.randrange(PRODUCTS), chance.random()
    return {
        "buy": {
            "payer": person,
            "recipient": chance.choice([person, chance.randrange(PEOPLE)]),
            "product": chance.choice([None, product, product]),
            "quantity": chance.randint(1, 4),
            "money": chance.randint(0, 500),
            "used": (chance.randint(0, 60), chance.randint(0, 60)),
            "age": chance.choice([0, 0, 0, 363, 364, 365, chance.randint(0, 800)]),
        },
        "take_back": {"place": int(place * 10**6), "quantity": chance.choice([None, 1, 2])},
        "remove": {"person": person, "product": product},
        "restore": {"place": int(place * 10**6)},
        "move_credit": {
            "person": person,
            "balance": chance.randrange(2),
            "amount": chance.randint(1, 80),
            "more": chance.random() < 0.7,
        },
        "archive_or_restore": {"person": person},
        "move_to_another_time_zone": {"zone": chance.choice(ZONES)},
    }


COMMON = {
    "buy": 10,
    "take_back": 3,
    "remove": 2,
    "restore": 2,
    "move_credit": 4,
    "archive_or_restore": 1,
    "move_to_another_time_zone": 0.3,
}


@pytest.mark.parametrize(
    ("seed", "days"),
    [(1, 120), (2, 120), pytest.param(3, 1095, marks=pytest.mark.slow)],
)
def test_a_random_history_day_by_day(seed, days):
    """Each day some deeds, then the roll; after each day every book is clean."""
    chance, history = random.Random(seed), History()
    done = Counter()
    try:
        history.open_store(zone=chance.choice(ZONES))
        for _ in range(days):
            for deed in chance.choices(list(COMMON), COMMON.values(), k=chance.randrange(4)):
                if (deed != "take_back" or history.facts) and (
                    deed != "restore" or history.removals
                ):
                    getattr(history, deed)(**dice(chance)[deed])
                    done[deed] += 1
            history.days_pass(days=1)
            history.books_are_clean()
            history.everything_is_as_remembered()
    finally:
        history.teardown()

    assert done.keys() == COMMON.keys()


def random_rows(customers, chance, number):
    """Purchases of four years around START, some of them returns without their purchase."""
    for place in range(number):
        payer = chance.choice(customers)
        day = START + chance.randrange(-730, 730) * DAY
        quantity = chance.choice([1, 1, 1, -1])
        money = quantity * chance.randrange(0, 1000)
        at = noon(payer.store, day)
        yield PurchaseRow(
            payer.pk, payer.pk, None, None, quantity, at, day, "", money, money, str(place)
        )


def year_of(rows, customer, through):
    return sum(
        row.money
        for row in rows
        if row.payer_id == customer.pk and through - row.counts_on < 365 * DAY
    )


@pytest.mark.parametrize(
    ("seed", "strides"),
    [
        (1, [1, 29, 31, 365, 1, 200, 7]),
        (2, [364, 1, 1, 366]),
        pytest.param(3, [1] * 1095, marks=pytest.mark.slow),
    ],
)
def test_rolling_day_by_day_is_the_sum_of_the_year_on_each_day(books_clean, seed, strides):
    chance = random.Random(seed)
    store = make_store()
    customers = [make_customer(store) for _ in range(20)]
    rows = list(random_rows(customers, chance, 3000))
    set_window(store, START)
    purchases.record_many(store=store, rows=rows[:1500])
    through = START

    for stride in strides:
        through += stride * DAY
        assert figures.roll(store, to=through) == stride
        late = rows[1500:] if through == START + strides[0] * DAY else []
        purchases.record_many(store=store, rows=late)
        known = rows if through > START else rows[:1500]
        stored = dict(Customer.objects.filter(store=store).values_list("pk", "spent_year"))
        assert stored == {customer.pk: year_of(known, customer, through) for customer in customers}
