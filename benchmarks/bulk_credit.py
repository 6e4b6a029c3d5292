"""Credit for everyone, one entry each, and its undo; and the list page meanwhile."""

import statistics
from collections.abc import Iterator

from benchmarks import bulk_floor, visitor
from benchmarks.clock import Cost, cost, medians
from benchmarks.ground import Ground, carry_out, tidy
from benchmarks.report import Line
from customers import bulk_credit
from customers.audience import Audience
from stores import batches
from stores.models import State

DELTA = 10
GOAL = 1.5


class Differs(Exception):
    """Ours and the floor did not write the same entries: there is nothing to compare."""


class Ours:
    """A bulk change of ours and its undo, step by step."""

    def __init__(self, ground: Ground):
        self.ground = ground

    def plan(self) -> None:
        """Plan and preview."""
        audience = Audience(store=self.ground.store)
        self.change = bulk_credit.draft(
            audience=audience, credit=DELTA, restricted=0, by=self.ground.owner
        )
        carry_out(self.change, State.PREVIEWED)

    def apply(self) -> None:
        batches.apply(batch=self.change, by=self.ground.owner)
        carry_out(self.change, State.DONE)

    def undo(self) -> None:
        self.undone = batches.undo(batch=self.change, by=self.ground.owner)
        carry_out(self.undone, State.DONE)


class Floor:
    """The same by hand."""

    def __init__(self, ground: Ground):
        self.ground = ground

    def apply(self) -> None:
        self.change = bulk_floor.add(self.ground, DELTA)

    def undo(self) -> None:
        self.undone = bulk_floor.take_back(self.ground, self.change)


def measure(ground: Ground) -> Iterator[Line]:
    bulk_floor.make_tables()
    costs: dict[str, list[Cost]] = {}
    for number in range(ground.rounds):
        _round(ground, costs, ours_first=bool(number % 2))
    spent = {name: medians(several) for name, several in costs.items()}
    whole = spent["plan"] + spent["apply"]
    yield Line("bulk credit for everyone, one entry each", whole, spent["floor"], GOAL)
    yield Line("- of it plan and preview", spent["plan"])
    yield Line("- of it apply", spent["apply"], spent["floor"])
    yield Line("undo of it", spent["undo"], spent["floor undo"], GOAL)
    yield _list_page(ground)


def _round(ground: Ground, costs: dict[str, list[Cost]], *, ours_first: bool) -> None:
    """Both, one after the other; what they wrote is compared."""
    ours, floor = Ours(ground), Floor(ground)
    steps = {
        "plan": ours.plan,
        "apply": ours.apply,
        "undo": ours.undo,
        "floor": floor.apply,
        "floor undo": floor.undo,
    }
    names = list(steps)
    for name in names if ours_first else names[3:] + names[:3]:
        tidy()
        costs.setdefault(name, []).append(cost(steps[name]))
    pairs = ((ours.change.pk, floor.change), (ours.undone.pk, floor.undone))
    if any(bulk_floor.differences(*pair) for pair in pairs):
        raise Differs


def _list_page(ground: Ground) -> Line:
    """The Customers page asked by another process, first alone, then while a batch runs."""
    tidy()
    ours = Ours(ground)
    who = ground.store.slug, ground.owner.username
    with visitor.visiting(*who) as alone:
        visitor.wait()
    with visitor.visiting(*who) as meanwhile:
        ours.plan()
        ours.apply()
    said = f"alone {_spread(alone)}, meanwhile {_spread(meanwhile)}"
    return Line("Customers page while the batch runs, wall", note=said)


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    middle = statistics.median(seconds) * 1000
    return f"p50 {middle:,.0f} ms, max {max(seconds) * 1000:,.0f} ms of {len(seconds):,}"
