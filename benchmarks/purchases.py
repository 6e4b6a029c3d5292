"""Purchases through checkout beside a bare transaction; and by several processes at once beside a
bare insert.
"""

import statistics
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count, islice

from django.db import connection

from benchmarks import seller, selling
from benchmarks.clock import Cost, cost, medians
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line
from benchmarks.seller import Sold

GOAL = 3.0
# So many sales go with as many quotes of the pure part.
SHARE = 200
PROCESSES = 4


def measure(ground: Ground) -> Iterator[Line]:
    yield _one_by_one(ground, max(2, ground.quotes // SHARE))
    if connection.vendor == "postgresql":
        yield _at_once(ground, max(2, ground.quotes // SHARE))


def _one_by_one(ground: Ground, number: int) -> Line:
    """Both, one after the other; a round before them warms up."""
    ways = {"ours": selling.checkouts, "floor": selling.transactions}
    deeds = {name: way(ground.store, 1) for name, way in ways.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    seconds: list[float] = []
    for round_ in range(ground.rounds + 1):
        for name in sorted(ways, reverse=bool(round_ % 2)):
            wanted = list(islice(deeds[name], number))
            spent = cost(partial(_note, seconds if name == "ours" and round_ else [], wanted))
            if round_:
                costs[name].append(spent)
    work = f"{number:,} purchases through checkout, beside a bare transaction"
    return Line(work, medians(costs["ours"]), medians(costs["floor"]), GOAL, note=_spread(seconds))


def _note(seconds: list[float], deeds: Sequence[selling.Deed]) -> None:
    seconds += selling.timed(deeds)


def _at_once(ground: Ground, each: int) -> Line:
    seeds = count(2)
    sold: dict[str, list[Sold]] = {"checkouts": [], "inserts": []}
    for round_ in range(ground.rounds):
        for way in sorted(sold, reverse=bool(round_ % 2)):
            tidy()
            seed = next(seeds) * PROCESSES
            wanted = {"processes": PROCESSES, "each": each, "seed": seed}
            sold[way].append(seller.at_once(ground.store.slug, way, **wanted))
    ours, floor = (medians([one.cost for one in several]) for several in sold.values())
    said = [second for one in sold["checkouts"] for second in one.seconds]
    rates = [f"{PROCESSES * each / one.wall:,.0f} a second" for one in (ours, floor)]
    note = f"{rates[0]}, bare insert {rates[1]}; {_spread(said)}"
    return Line(f"purchases by {PROCESSES} processes, beside a bare insert", ours, floor, note=note)


def _spread(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"p50 {cuts[9] * 1000:,.1f} ms, p95 {cuts[18] * 1000:,.1f} ms"
