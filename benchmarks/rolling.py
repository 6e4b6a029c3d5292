"""The day that leaves the year, and asking for it again."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection, transaction

from benchmarks.clock import Cost, cost, in_turn, medians
from benchmarks.ground import Ground, tidy
from benchmarks.imports_floor import execute
from benchmarks.report import Line
from customers import figures
from stores.models import Store

GOAL = 1.3
REPEATS = 100
YEAR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)
WINDOW = "SELECT through FROM customers_yearwindow WHERE store_id = %(store)s"
LEAVE = """
UPDATE customers_customer SET spent_year = spent_year - leaving.money
FROM (
    SELECT payer_id, SUM(money) AS money FROM customers_purchase
    WHERE store_id = %(store)s AND counts_on = %(day)s GROUP BY payer_id
) leaving
WHERE customers_customer.id = leaving.payer_id
"""
KEEP = "UPDATE customers_yearwindow SET through = %(through)s WHERE store_id = %(store)s"
WRONG = """
SELECT COUNT(*) FROM customers_customer c WHERE c.store_id = %(store)s AND c.spent_year <> (
    SELECT COALESCE(SUM(money), 0) FROM customers_purchase p
    WHERE p.payer_id = c.id AND p.counts_on > %(day)s
)
"""


class Differs(Exception):
    """After the days have left, figures are not the sums of purchases."""


def measure(ground: Ground) -> Iterator[Line]:
    """Days leave in turn, one by ours and the next by hand; afterwards the window is put back."""
    store = ground.store
    ways = {"ours": figures.roll, "floor": by_hand}
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    to = figures.through(store)
    for number in range(ground.rounds + 1):
        for name in sorted(ways, reverse=bool(number % 2)):
            to += DAY
            tidy()
            spent = cost(partial(ways[name], store, to=to))
            # The days before are read from the disk.
            if number:
                costs[name].append(spent)
    if _wrong(store, to):
        raise Differs(to)
    yield Line("daily roll-off, 1 day", medians(costs["ours"]), medians(costs["floor"]), GOAL)
    repeats = (partial(_repeat, way, store, to) for way in ways.values())
    ours, floor = in_turn(ground.rounds, *repeats)
    note = f"{ours.wall * 1000 / REPEATS:,.2f} ms each"
    yield Line(f"{REPEATS} repeats of it", ours, floor, note=note)
    with transaction.atomic():
        figures.move_window(store, time_zone=store.time_zone)


def by_hand(store: Store, *, to: dt.date) -> None:
    """The window is locked and read; the day that is over goes, if it has not gone yet."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        ((through,),) = execute(WINDOW + lock, {"store": store.pk})
        if str(through) >= str(to):
            return
        adapt = connection.ops.adapt_datefield_value
        execute(LEAVE, {"store": store.pk, "day": adapt(to - YEAR)})
        execute(KEEP, {"store": store.pk, "through": adapt(to)})


def _repeat(way: Callable[..., object], store: Store, to: dt.date) -> None:
    for _ in range(REPEATS):
        way(store, to=to)


def _wrong(store: Store, to: dt.date) -> int:
    day = connection.ops.adapt_datefield_value(to - YEAR)
    found: int = execute(WRONG, {"store": store.pk, "day": day})[0][0]
    return found
