"""The tier of everyone and what another ladder would do, beside one CASE written by hand."""

from collections.abc import Iterator
from typing import Any

from benchmarks.clock import Deed, in_turn
from benchmarks.ground import LADDER, Ground
from benchmarks.report import Line
from loyalty import effects, standing
from loyalty.effects import Change
from loyalty.standing import Ladder, fetch
from loyalty.tiers import GLOBAL, YEARLY, Rung

GOAL = 1.5

OTHER = Ladder(
    (Rung(1_000, GLOBAL, 3), Rung(3_000, YEARLY, 8), Rung(20_000, GLOBAL, 12, group_only=True))
)

NOW = """
CASE WHEN spent >= 10000 THEN 10 WHEN group_member AND spent >= 5000 THEN 7
    WHEN spent_year >= 2000 THEN 5 WHEN spent >= 500 THEN 2 ELSE 0 END
"""
THEN = """
CASE WHEN group_member AND spent >= 20000 THEN 12 WHEN spent_year >= 3000 THEN 8
    WHEN spent >= 1000 THEN 3 ELSE 0 END
"""
OF_ALL = "FROM customers_customer WHERE store_id = %s AND archived_at IS NULL GROUP BY"
TIER_OF_ALL = f"SELECT {NOW}, COUNT(*) {OF_ALL} 1"
MATRIX = f"SELECT {NOW}, {THEN}, COUNT(*) {OF_ALL} 1, 2"


class Differs(Exception):
    """Ours and the floor count differently."""


def measure(ground: Ground) -> Iterator[Line]:
    store, change = ground.store, Change(LADDER, OTHER)

    def by_hand(sql: str) -> dict[Any, int]:
        return {tuple(where): count for *where, count in fetch(sql, [store.pk])}

    def tier_of_all() -> dict[Any, int]:
        counts = standing.standing(store, LADDER)
        return {(_percent(rung),): count for rung, count in counts.items() if count}

    def matrix() -> dict[Any, int]:
        counts = effects.matrix(store, change)
        return {(_percent(now), _percent(then)): count for (now, then), count in counts.items()}

    def whole() -> None:
        effects.matrix(store, change)
        effects.gainers(store, change)
        effects.losers(store, change)
        effects.refunds(store, change)

    if tier_of_all() != by_hand(TIER_OF_ALL) or matrix() != by_hand(MATRIX):
        raise Differs

    def line(work: str, ours: Deed, sql: str, goal: float | None, note: str = "") -> Line:
        spent = in_turn(ground.rounds, ours, lambda: by_hand(sql))
        return Line(work, *spent, goal, note=note)

    yield line("tier of everyone", tier_of_all, TIER_OF_ALL, GOAL)
    yield line("what if: the matrix", matrix, MATRIX, GOAL)
    note = "matrix, gainers, losers, refunds, beside the matrix alone"
    yield line("what if: all that the page shows", whole, MATRIX, None, note)


def _percent(rung: Rung | None) -> int:
    return rung.discount if rung else 0
