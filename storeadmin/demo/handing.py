"""What was handed over in-world of the latest sales of the demo store, and what was not yet.

The store's box went away on the last evening: what was sold since waits.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sales.deliveries import PAUSES
from sales.models import Attempt, Box, Delivery, DeliveryKind, DeliveryState
from storeadmin.demo.catalogue import catalogue
from storeadmin.demo.plan import Line, Plan
from storeadmin.demo.trail import Written
from stores.models import Store, User

SEED = 20050117
FAILS, DELIVERED_AGAIN = 0.008, 0.03
# One of the last is always shown as failed.
LATEST_FAILED = 4
IN_HAND = dt.timedelta(seconds=4)
HANDED_OVER = dt.timedelta(seconds=11)
AWAY_FOR = dt.timedelta(hours=8)
FULL = "the box answered 503"


@dataclass
class Handover:
    """A delivery with the tries at it: when, what was answered, in words."""

    delivery: Delivery
    tries: list[tuple[dt.datetime, int | None, str]]


def write(plan: Plan, written: Written, *, store: Store, users: dict[str, User]) -> None:
    """The box, each delivery, each try."""
    chance = random.Random(SEED)  # noqa: S311
    box = _box(chance, plan, store)
    made = list(_handovers(chance, plan, written, store=store, users=users))
    Delivery.objects.bulk_create((one.delivery for one in made), batch_size=1000)
    Attempt.objects.bulk_create(
        (
            Attempt(
                store=store,
                delivery=one.delivery,
                number=place if one.delivery.state == DeliveryState.FAILED else 1,
                at=at,
                box=None if status is None else box,
                status=status,
                note=note,
            )
            for one in made
            for place, (at, status, note) in enumerate(one.tries, start=1)
        ),
        batch_size=1000,
    )


def _box(chance: random.Random, plan: Plan, store: Store) -> Box:
    """Gone, so nobody is asked for a demo."""
    cap = uuid.UUID(int=chance.getrandbits(128), version=4)
    return Box.objects.create(
        store=store,
        object_key=uuid.UUID(int=chance.getrandbits(128), version=4),
        name="Moonlit delivery box",
        url=f"https://simhost-0a1b2c3d4e5f.agni.secondlife.io:12043/cap/{cap}",
        registered_at=plan.end - dt.timedelta(days=3),
        gone_at=plan.end - AWAY_FOR,
    )


def _handovers(
    chance: random.Random, plan: Plan, written: Written, *, store: Store, users: dict[str, User]
) -> Iterator[Handover]:
    places = [place for place, line in enumerate(plan.lines) if line.quote is not None]
    shown = places[-LATEST_FAILED] if len(places) >= LATEST_FAILED else None
    for place in places:
        line = plan.lines[place]
        fails = chance.random() < FAILS or place == shown
        yield _handover(plan, _delivery(place, line, written, store), fails=fails)
        if _is_copied(line) and line.removed_at is None and chance.random() < DELIVERED_AGAIN:
            again = _delivery(place, line, written, store)
            again.kind, again.quantity, again.by = DeliveryKind.AGAIN, 1, users["clerk"]
            again.made_at += dt.timedelta(hours=chance.randint(1, 90))
            if again.made_at < plan.end - AWAY_FOR:
                yield _handover(plan, again, fails=False)


def _is_copied(line: Line) -> bool:
    return line.item is not None and catalogue().items[line.item].copy


def _delivery(place: int, line: Line, written: Written, store: Store) -> Delivery:
    """As it was queued."""
    return Delivery(
        store=store,
        kind=DeliveryKind.SALE,
        purchase_id=written.purchases[place],
        product=written.products[line.item] if line.item is not None else None,
        recipient=written.customers[line.recipient],
        quantity=line.quantity,
        made_at=line.at,
        next_at=line.at,
    )


def _handover(plan: Plan, delivery: Delivery, *, fails: bool) -> Handover:
    """What came of it until the end of the history."""
    begins = delivery.made_at
    if fails:
        return _failed(plan, delivery)
    if begins >= plan.end - AWAY_FOR:
        return Handover(delivery, [])
    delivery.state, delivery.attempts = DeliveryState.DELIVERED, 1
    delivery.ended_at = min(begins + HANDED_OVER, plan.end)
    tries = [(begins + IN_HAND, 200, "taken"), (delivery.ended_at, None, "handed over")]
    return Handover(delivery, tries)


def _failed(plan: Plan, delivery: Delivery) -> Handover:
    """Every try was in vain."""
    at = delivery.made_at
    tries: list[tuple[dt.datetime, int | None, str]] = []
    for pause in PAUSES:
        at = min(at + pause, plan.end)
        tries.append((at, 503, FULL))
    delivery.state, delivery.attempts = DeliveryState.FAILED, len(PAUSES)
    delivery.ended_at, delivery.note = at, FULL
    return Handover(delivery, tries)
