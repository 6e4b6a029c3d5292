"""All customers at once and one by one come to the same: on random ladders, figures and purchases."""

import datetime as dt
import random

import pytest

from customers import purchases
from customers.models import Customer, Purchase
from loyalty import effects
from loyalty.effects import Change
from loyalty.models import KeptDiscount
from loyalty.standing import Ladder, on_tier, standing
from loyalty.tiers import Held, Rung, qualifying
from tests.factories import buy, make_customer, make_kept, make_store, make_tier, set_window

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)
LADDERS = 60


def random_ladder(chance: random.Random) -> Ladder:
    keys = {
        (chance.choice([0, 0, 1, 5, 50, 100, 500, 1_000]), chance.choice(["global", "yearly"]))
        for _ in range(chance.randrange(7))
    }
    rungs = [
        Rung(*key, chance.choice([0, 1, 5, 10, 33, 100]), chance.random() < 0.3)
        for key in sorted(keys)
    ]
    return Ladder(tuple(rungs), chance.random() < 0.4)


def rung_of(customer: Customer, ladder: Ladder) -> Rung | None:
    held = Held(customer.spent, customer.spent_year, customer.group_member)
    return qualifying(ladder.rungs, held, largest_wins=ladder.largest_wins)


@pytest.fixture
def crowd(db):
    """Forty customers with odd figures, some purchases and returns, and some of another store."""
    chance = random.Random(7)
    store, other = make_store(), make_store()
    set_window(store, TODAY)
    for place in range(40):
        customer = make_customer(
            store, discount=chance.choice([0, 0, 7, 40]), group_member=chance.random() < 0.5
        )
        for _ in range(chance.randrange(4)):
            day = TODAY - dt.timedelta(days=chance.choice([0, 1, 364, 365, 366, 900]))
            buy(customer, money=chance.randrange(1, 300), credit=0, on=day)
        if place % 5 == 0:
            make_kept(customer, chance.choice([3, 20]))
        figures = {"spent": chance.choice([-9, 0, 1, 5, 99, 100, 999, 5_000])}
        figures["spent_year"] = chance.choice([-9, 0, 1, 5, 49, 50, 500, figures["spent"]])
        Customer.objects.filter(pk=customer.pk).update(**figures)
    lost = make_customer(store)
    Customer.objects.filter(pk=lost.pk).update(archived_at="2026-01-01T00:00Z", spent=700)
    Customer.objects.filter(pk=make_customer(other).pk).update(spent=700)
    return store


def listed(store):
    return list(Customer.objects.filter(store=store, archived_at=None).order_by("pk"))


def test_every_customer_stands_where_they_do_one_by_one(crowd):
    chance = random.Random(1)
    customers = listed(crowd)
    for _ in range(LADDERS):
        ladder = random_ladder(chance)
        expected = {
            rung: sum(rung_of(customer, ladder) == rung for customer in customers)
            for rung in [*ladder.rungs, None]
        }

        assert standing(crowd, ladder) == expected


def test_the_customers_of_a_tier_are_those_for_whom_it_counts(crowd):
    chance = random.Random(2)
    customers = listed(crowd)
    for _ in range(LADDERS):
        ladder = random_ladder(chance)
        for rung in (*ladder.rungs, None):
            found = Customer.objects.filter(on_tier(ladder, rung), store=crowd, archived_at=None)

            assert sorted(found.values_list("pk", flat=True)) == [
                customer.pk for customer in customers if rung_of(customer, ladder) == rung
            ]


def test_from_which_tier_to_which(crowd):
    chance = random.Random(3)
    customers = listed(crowd)
    for _ in range(LADDERS // 2):
        change = Change(random_ladder(chance), random_ladder(chance))
        expected = {}
        for customer in customers:
            way = rung_of(customer, change.old), rung_of(customer, change.new)
            expected[way] = expected.get(way, 0) + 1

        assert effects.matrix(crowd, change) == expected


def percentages(customer, change, kept):
    """What the customer gets now and then, one by one."""
    old, new = (
        rung.discount if (rung := rung_of(customer, ladder)) else 0
        for ladder in (change.old, change.new)
    )
    own = max(customer.discount, kept.get(customer.pk, 0))
    return max(own, old), max(own, new, old if change.keep_earned else 0)


def test_who_gains_and_who_loses_most(crowd):
    chance = random.Random(4)
    customers, kept = listed(crowd), dict(KeptDiscount.objects.values_list("pk", "discount"))
    for _ in range(LADDERS // 2):
        change = Change(random_ladder(chance), random_ladder(chance), chance.random() < 0.3)
        moved = []
        for customer in customers:
            now, then = percentages(customer, change, kept)
            money = (then - now) * max(0, customer.spent_year)
            moved.append((money, then - now, -customer.pk, now, then))
        gain = sorted((one for one in moved if one[1] > 0), reverse=True)
        loss = sorted((-money, -step, key, *rest) for money, step, key, *rest in moved if step < 0)

        assert [
            (-one.customer_id, one.now, one.then) for one in effects.gainers(crowd, change)
        ] == [tuple(one[2:]) for one in gain[: effects.TOP]]
        assert [one.then - one.now for one in effects.losers(crowd, change)] == [
            -one[1] for one in sorted(loss, key=lambda one: (-one[0], -one[1], -one[2]))
        ][: effects.TOP]


def test_the_refunds_of_the_year_are_floored_for_each_purchase(crowd):
    chance = random.Random(5)
    for purchase in Purchase.objects.filter(store=crowd)[:3]:
        purchases.take_back(purchase=purchase, by=None)
    everybody = {one.pk: one for one in Customer.objects.filter(store=crowd)}
    kept = dict(KeptDiscount.objects.values_list("pk", "discount"))
    year = Purchase.objects.filter(store=crowd, counts_on__gt=TODAY - dt.timedelta(days=365))
    assert year.exists()
    for _ in range(LADDERS // 2):
        change = Change(random_ladder(chance), random_ladder(chance), chance.random() < 0.3)
        expected = [0, 0]
        for purchase in year:
            for place, percent in enumerate(
                percentages(everybody[purchase.payer_id], change, kept)
            ):
                floored = abs(purchase.money) * percent // 100
                expected[place] += floored if purchase.money > 0 else -floored

        assert list(effects.refunds(crowd, change)) == expected


def test_each_question_is_one_statement(crowd, django_assert_num_queries):
    make_tier(crowd, 100)
    change = Change(Ladder((Rung(100, "global", 5),)), Ladder((Rung(50, "yearly", 9, True),)))

    with django_assert_num_queries(1):
        standing(crowd, change.old)
    with django_assert_num_queries(1):
        effects.matrix(crowd, change)
    with django_assert_num_queries(1):
        effects.gainers(crowd, change)
    with django_assert_num_queries(2):  # the window, then the sums
        effects.refunds(crowd, change)
