"""Invented customers."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple
from uuid import UUID

from customers.search import text_of
from storeadmin.generate.names import usernames
from storeadmin.generate.plan import SETTLED, Plan, Timeline
from stores.models import NameRule


class Person(NamedTuple):
    """A customer: number from 1, who they are, and the credit that was moved by hand."""

    n: int
    username: str
    uuid: str
    email: str
    text: str
    discount: int
    subscriber: int
    member: int
    joined: int
    opening: int
    opening_restricted: int
    deducted: int
    deducted_at: int


def members(plan: Plan) -> bytes:
    """For each customer whether they are in the store's group."""
    dice = plan.dice("members")
    return bytes(dice.random() < 0.2 for _ in range(plan.customers))


def people(plan: Plan, members: bytes) -> Iterator[Person]:
    """All customers, in the order in which they joined."""
    dice, timeline = plan.dice("people"), Timeline.of(plan)
    for index, username in enumerate(usernames(plan.customers, plan.dice("names"))):
        yield _person(index, username, timeline.joined(index), members[index], dice)


def _person(index: int, username: str, joined: int, member: int, dice: Random) -> Person:
    chance = dice.random
    uuid = str(UUID(int=dice.getrandbits(128), version=4)) if chance() < 0.97 else ""
    email = f"{username}@example.com" if chance() < 0.15 else ""
    opening = 50 * dice.randrange(1, 21) if chance() < 0.25 else 0
    return Person(
        n=index + 1,
        username=username,
        uuid=uuid,
        email=email,
        text=text_of(rule=NameRule.SECOND_LIFE, username=username, uuid=uuid, email=email),
        discount=5 * dice.randrange(1, 7) if chance() < 0.1 else 0,
        subscriber=int(chance() < 0.3),
        member=member,
        joined=joined,
        opening=opening,
        opening_restricted=50 * dice.randrange(1, 11) if chance() < 0.05 else 0,
        deducted=dice.randrange(1, opening + 1) if opening and chance() < 0.3 else 0,
        deducted_at=joined + int(SETTLED * chance()),
    )
