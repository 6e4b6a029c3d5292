"""Invented products and vendors."""

import itertools
import math
from random import Random
from typing import Any, NamedTuple

from storeadmin.generate.names import CATEGORIES, CORNERS, GROUPS, REGIONS, product_name
from storeadmin.generate.plan import Plan

GROUP_DISCOUNTS = (0, 5, 0, 0, 10)
BLOCKED = 0.03


class Article(NamedTuple):
    """A product; `category` counts from 0."""

    name: str
    category: int
    price: int
    discount: int
    copy: bool
    blocks_credit: bool
    asked: int

    def fields(self) -> tuple[int, dict[str, Any]]:
        """The number of its category, and what the model has of it besides."""
        own = self._asdict()
        del own["asked"]
        return own.pop("category"), own


class Place(NamedTuple):
    """A vendor; `group` counts from 0, `rates` is what strangers and group members get off."""

    name: str
    group: int
    discount: int
    group_discount: int
    rates: tuple[int, int]

    def fields(self) -> tuple[int, dict[str, Any]]:
        """The number of its group, and what the model has of it besides."""
        own = self._asdict()
        del own["rates"]
        return own.pop("group"), own


NO_ARTICLE = Article("", 0, price=250, discount=0, copy=False, blocks_credit=False, asked=250)


def articles(plan: Plan) -> list[Article]:
    dice = plan.dice("articles")
    count = min(2000, max(len(CATEGORIES), plan.purchases // 500))
    return [_article(index, dice) for index in range(count)]


def _article(index: int, dice: Random) -> Article:
    number, category = divmod(index, len(CATEGORIES))
    price = round(math.exp(dice.uniform(math.log(20), math.log(5000))))
    discount = dice.choice((5, 10, 20)) if dice.random() < 0.1 else 0
    return Article(
        name=product_name(number, category),
        category=category,
        price=price,
        discount=discount,
        copy=dice.random() < 0.6,
        blocks_credit=dice.random() < BLOCKED,
        asked=price - price * discount // 100,
    )


def places(plan: Plan) -> list[Place]:
    dice = plan.dice("places")
    found = []
    for index, (region, corner) in enumerate(itertools.product(REGIONS, CORNERS)):
        group = index % len(GROUPS)
        discount = dice.choice((0, 0, 0, 5))
        for_members = dice.choice((0, 0, 5, 10))
        rate = max(discount, GROUP_DISCOUNTS[group])
        rates = (rate, max(rate, for_members))
        found.append(Place(f"{region} {corner}", group, discount, for_members, rates))
    return found
