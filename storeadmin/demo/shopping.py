"""What a resident of the demo picks on a visit."""

import datetime as dt
import functools
import random
from typing import NamedTuple

from storeadmin.demo.catalogue import Item, catalogue
from storeadmin.demo.residents import Resident
from storeadmin.demo.seasons import seasons

# What is new sells better for a while, and few want a second one of what they have.
NEW_FOR = dt.timedelta(days=40)
NEWS = 3
ANOTHER = 0.3
COMMISSIONS = (500, 750, 1000, 1500, 2500)


class Sale(NamedTuple):
    """What was picked: a product by its place in the catalogue, or none for work to order."""

    item: int | None
    quantity: int
    list_price: int


def choose_stall(chance: random.Random, day: dt.date) -> int:
    """A vendor; while a fair is on, more often its booth."""
    stalls = catalogue().stalls
    event = seasons().event_on(day)
    if event and chance.random() < 0.55:
        return next(place for place, stall in enumerate(stalls) if stall.event == event.name)
    return chance.choices(range(len(stalls)), [stall.share for stall in stalls])[0]


def choose(
    chance: random.Random,
    *,
    payer: Resident,
    recipient: Resident,
    day: dt.date,
    today: dt.date,
) -> Sale | None:
    """One thing that the payer likes and the recipient lacks; None where there is none."""
    if payer is recipient and chance.random() < 0.004:
        price = chance.choice(COMMISSIONS)
        return Sale(None, 1, price)
    items = catalogue().items
    member = payer.is_member(day)
    wishes = [
        demand and demand * _wish(item, place, payer, recipient, member=member)
        for place, (item, demand) in enumerate(zip(items, _demand(day, today), strict=True))
    ]
    if not any(wishes):
        return None
    place = chance.choices(range(len(items)), wishes)[0]
    item = items[place]
    quantity = 1 if item.copy or item.price > 100 else chance.choice([1, 1, 2, 3, 5])
    return Sale(place, quantity, item.price * quantity)


def _wish(item: Item, place: int, payer: Resident, recipient: Resident, *, member: bool) -> float:
    """How much the payer wants that for the recipient; nought for what they cannot have."""
    has = recipient.owned.get(place, 0) > 0
    is_free_gift = not item.price and payer is not recipient
    if (item.copy and has) or is_free_gift or (item.members and not member):
        return 0
    return payer.likes[item.category] * (ANOTHER if has else 1)


@functools.cache
def _demand(day: dt.date, today: dt.date) -> tuple[float, ...]:
    """How well each item of the catalogue sells on a day; nought before it is out."""
    return tuple(
        0 if item.out_on(today) > day else item.liked * _above_usual(item, day, today)
        for item in catalogue().items
    )


def _above_usual(item: Item, day: dt.date, today: dt.date) -> float:
    is_new = day < item.out_on(today) + NEW_FOR
    return seasons().demand(item, day.month) * (NEWS if is_new else 1)
