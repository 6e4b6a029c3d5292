"""Which tier all customers of a store stand on: the rule of `loyalty.tiers` as one CASE."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from loyalty.tiers import YEARLY, Rung, ranked
from stores.models import Store

Fragment = tuple[str, list[Any]]


class Ladder(NamedTuple):
    """Tiers with the rule by which they win."""

    rungs: tuple[Rung, ...]
    largest_wins: bool = False

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Ladder":
        """The ladder that `as_plain` gave."""
        return cls(tuple(Rung(*rung) for rung in plain["rungs"]), plain["largest_wins"])

    def as_plain(self) -> dict[str, Any]:
        return {"rungs": [list(rung) for rung in self.rungs], "largest_wins": self.largest_wins}

    @property
    def ranked(self) -> list[Rung]:
        return ranked(self.rungs, largest_wins=self.largest_wins)


def standing(store: Store, ladder: Ladder) -> dict[Rung | None, int]:
    """How many listed customers stand on each tier; None is on none. One statement."""
    place, params = placed(ladder)
    sql = f"SELECT {place} AS place, COUNT(*) FROM customers_customer c WHERE {LISTED} GROUP BY 1"  # noqa: S608
    counts: dict[Rung | None, int] = dict.fromkeys([*ladder.rungs, None], 0)
    for found, count in fetch(sql, [*params, store.pk]):
        counts[rung_at(ladder, found)] = count
    return counts


def on_tier(ladder: Ladder, rung: Rung | None) -> Q:
    """The customers for whom that rung counts, or none does, as ranges over the indexed figures."""
    condition = _reached(rung) if rung else Q()
    for better in ladder.ranked:
        if better == rung:
            return condition
        missed = ~_reached(better)
        if better.threshold:
            missed = Q(**{f"{_figure(better)}__lt": better.threshold})
        condition &= missed | Q(group_member=False) if better.group_only else missed
    return Q(pk__in=[]) if rung else condition


def placed(ladder: Ladder) -> Fragment:
    """The place of the tier that counts among `ladder.ranked`; -1 for none."""
    return _case(ladder, list(range(len(ladder.rungs))), otherwise=-1)


def percent(ladder: Ladder) -> Fragment:
    """The discount of the tier that counts; 0 for none."""
    return _case(ladder, [rung.discount for rung in ladder.ranked], otherwise=0)


def rung_at(ladder: Ladder, place: int) -> Rung | None:
    """The rung of a place that `placed` gave."""
    return None if place < 0 else ladder.ranked[place]


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


LISTED = "c.store_id = %s AND c.archived_at IS NULL"


def _case(ladder: Ladder, values: Sequence[int], *, otherwise: int) -> Fragment:
    """Numbers of ours stand in the statement itself, so that both engines see integers."""
    if not ladder.rungs:
        return str(otherwise), []
    whens, params = [], []
    for rung, value in zip(ladder.ranked, values, strict=True):
        conditions = ["c.group_member"] if rung.group_only else []
        if rung.threshold:
            conditions.append(f"c.{_figure(rung)} >= %s")
            params.append(rung.threshold)
        whens.append(f"WHEN {' AND '.join(conditions) or '1 = 1'} THEN {value:d}")
    return f"CASE {' '.join(whens)} ELSE {otherwise:d} END", params


def _reached(rung: Rung) -> Q:
    """Spent below zero counts as zero, so that everybody reaches a threshold of 0."""
    reached = Q(**{f"{_figure(rung)}__gte": rung.threshold}) if rung.threshold else ~Q(pk__in=[])
    return reached & Q(group_member=True) if rung.group_only else reached


def _figure(rung: Rung) -> str:
    return "spent_year" if rung.period == YEARLY else "spent"
