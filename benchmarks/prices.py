"""Quotes: the pure part beside integers written by hand, and quotes with their facts."""

import datetime as dt
from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.clock import cost, in_turn
from benchmarks.ground import LADDER, Ground
from benchmarks.report import Line
from customers.models import Customer
from loyalty import pricing, quotes, tiers
from loyalty.pricing import Coupon, Facts, Goods, House, Payer, Place
from loyalty.quotes import Question
from loyalty.tiers import Held
from products.models import Product, Vendor
from stores.money import currency

GOAL = 2.0
DAY = dt.date(2026, 6, 15)
KINDS = 1_000
# How many quotes with their facts go with those of the pure part.
SHARE_WITH_FACTS = 100
AMOUNTS = "price restricted credit money refund net coupon_share bonus".split()


class Differs(Exception):
    """Ours and the integers by hand disagree about a price."""


def measure(ground: Ground) -> Iterator[Line]:
    yield _pure(ground)
    yield _with_facts(ground)


def _pure(ground: Ground) -> Line:
    dice = Random(1)
    kinds = [_facts(dice) for _ in range(KINDS)]
    for facts in kinds:
        quote = pricing.price(facts)
        if by_hand(facts) != tuple(getattr(quote, name) for name in AMOUNTS):
            raise Differs(facts)
    asked = list(islice(cycle(kinds), ground.quotes))

    def price_all() -> None:
        for facts in asked:
            pricing.price(facts)

    def reckon_all() -> None:
        for facts in asked:
            by_hand(facts)

    ours, floor = in_turn(ground.rounds, price_all, reckon_all)
    work = f"{ground.quotes:,} quotes, pure part"
    return Line(work, ours, floor, GOAL, binds=False, note=_rate(ground.quotes, ours.wall))


def _with_facts(ground: Ground) -> Line:
    asked = list(_questions(ground, max(1, ground.quotes // SHARE_WITH_FACTS)))
    with CaptureQueriesContext(connection) as captured:
        quotes.quote(asked[0])

    def quote_all() -> None:
        for question in asked:
            quotes.quote(question)

    spent = cost(quote_all)
    said = f"{_rate(len(asked), spent.wall)}, {len(captured)} queries each"
    return Line(f"{len(asked):,} quotes with their facts", spent, note=said)


def by_hand(facts: Facts) -> tuple[int, ...]:
    """The price by nothing but integers: no steps, no words. In the order of AMOUNTS."""
    goods, place, payer, house = facts.goods, facts.place, facts.payer, facts.house
    piece = goods.price
    if (goods.first is None or goods.first <= facts.day) and (
        goods.last is None or facts.day <= goods.last
    ):
        piece -= piece * goods.discount // 100
    rate = max(place.discount, place.group_discount, place.members if payer.member else 0)
    price = facts.quantity * (piece - piece * rate // 100)
    restricted = credit = 0
    if facts.uses_credit and not goods.blocks_credit:
        restricted = 0 if facts.gift else min(payer.restricted, price)
        credit = min(payer.credit, price - restricted)
    money = price - restricted - credit
    tier = payer.tiers[0] if payer.tiers else None
    earned = tier.percent if tier and not tier.barred else 0
    refund = money * max(payer.discount, payer.kept, earned) // 100
    share = price * facts.coupon.percent // 100 if facts.coupon else 0
    bonus = (money - refund) * max(house.bonus, house.members_bonus if payer.member else 0) // 100
    return price, restricted, credit, money, refund, money - refund, share, bonus


def _facts(dice: Random) -> Facts:
    """A sale of any sort."""
    held = Held(dice.randrange(20_000), dice.randrange(5_000), is_member=dice.random() < 0.3)
    payer = Payer(
        discount=dice.choice((0, 0, 5, 10)),
        tiers=tiers.offers(LADDER.rungs, held, currency("L$")),
        credit=dice.choice((0, 0, 50, 5_000)),
        restricted=dice.choice((0, 0, 0, 30)),
        member=held.is_member,
    )
    return Facts(
        goods=Goods(dice.randrange(1, 5_000), discount=dice.choice((0, 0, 10, 25))),
        day=DAY,
        place=Place(dice.choice((0, 5)), "Malls", dice.choice((0, 5)), dice.choice((0, 10))),
        payer=payer,
        house=House(bonus=dice.choice((0, 1)), members_bonus=dice.choice((0, 2))),
        quantity=dice.choice((1, 1, 1, 3)),
        uses_credit=dice.random() < 0.4,
        gift=dice.random() < 0.1,
        coupon=Coupon("SPRING", 5) if dice.random() < 0.1 else None,
    )


def _questions(ground: Ground, count: int) -> Iterator[Question]:
    """What any customer asks of any product at any vendor."""
    dice = Random(2)
    rows: dict[str, list[Any]] = {
        "product": list(Product.objects.filter(store=ground.store)),
        "vendor": list(Vendor.objects.filter(store=ground.store).select_related("group")),
        "payer": list(Customer.objects.filter(store=ground.store).order_by("pk")[:count]),
    }
    for _ in range(count):
        chosen = {name: dice.choice(several) for name, several in rows.items()}
        yield Question(store=ground.store, uses_credit=dice.random() < 0.4, **chosen)


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f} a second"
