"""What another ladder would do to the real customers: set-based, nothing is written.

What somebody gets is the largest of the personal, the kept and the loyalty discount, each customer
at their tier of today.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from customers import figures
from loyalty.standing import LISTED, Fragment, Ladder, fetch, percent, placed, rung_at
from loyalty.tiers import Rung
from stores.models import Store

TOP = 20


class Change(NamedTuple):
    """From one ladder to another; `keep_earned` as it will be when that is saved."""

    old: Ladder
    new: Ladder
    keep_earned: bool = False


class Mover(NamedTuple):
    """A customer whose percentage changes; `a_year` is what that makes of spent -1Y."""

    customer_id: int
    username: str
    spent_year: int
    now: int
    then: int

    @property
    def a_year(self) -> int:
        return max(0, self.spent_year) * (self.then - self.now) // 100


class Refunds(NamedTuple):
    """The refunds of the purchases that count in the last 365 days, each floored."""

    now: int
    then: int

    @property
    def difference(self) -> int:
        return self.then - self.now


def matrix(store: Store, change: Change) -> dict[tuple[Rung | None, Rung | None], int]:
    """How many listed customers go from which tier to which."""
    (old, old_params), (new, new_params) = placed(change.old), placed(change.new)
    sql = (
        f"SELECT {old} AS old_place, {new} AS new_place, COUNT(*)"  # noqa: S608  names of ours
        f" FROM customers_customer c WHERE {LISTED} GROUP BY 1, 2"
    )
    rows = fetch(sql, [*old_params, *new_params, store.pk])
    return {
        (rung_at(change.old, now), rung_at(change.new, then)): count for now, then, count in rows
    }


def gainers(store: Store, change: Change) -> list[Mover]:
    """Those who gain most by what they spent in the last year, then by percentage."""
    return _movers(store, change, "now < later", "DESC")


def losers(store: Store, change: Change) -> list[Mover]:
    """Those who lose most, likewise."""
    return _movers(store, change, "now > later", "ASC")


def refunds(store: Store, change: Change) -> Refunds:
    """What was to be refunded for the purchases of the last 365 days at the percentages of now and
    then. Credit used is not refunded; of a return the refund is taken back.
    """
    since = figures.through(store) - figures.YEAR
    sql, params = _percentages(change, "c.store_id = %s")
    rows = fetch(_REFUNDS.format(percentages=sql), [*params, store.pk, store.pk, since])
    return Refunds(*(int(total or 0) for total in rows[0]))


def _movers(store: Store, change: Change, which: str, direction: str) -> list[Mover]:
    sql, params = _percentages(change, LISTED)
    statement = _MOVERS.format(percentages=sql, which=which, direction=direction, top=TOP)
    return [Mover(*row) for row in fetch(statement, [*params, store.pk])]


def _percentages(change: Change, which: str) -> Fragment:
    """What each customer gets now and would get then."""
    (old, old_params), (new, new_params) = percent(change.old), percent(change.new)
    parts = {"old": old, "new": new, "which": which, "kept": old if change.keep_earned else "0"}
    # In the order in which they stand in the statement.
    params: Sequence[Any] = [
        *old_params,
        *new_params,
        *(old_params if change.keep_earned else []),
    ]
    return _PERCENTAGES.format(greatest=_greatest(), **parts), list(params)


def _greatest() -> str:
    """The largest of its arguments; SQLite calls that by another name."""
    return "GREATEST" if connection.vendor == "postgresql" else "MAX"


_PERCENTAGES = """
SELECT c.id, c.username, c.spent_year,
    {greatest}(c.discount, COALESCE(k.discount, 0), {old}) AS now,
    {greatest}(c.discount, COALESCE(k.discount, 0), {new}, {kept}) AS later
FROM customers_customer c LEFT JOIN loyalty_keptdiscount k ON k.customer_id = c.id
WHERE {which}
"""

_MOVERS = """
SELECT id, username, spent_year, now, later FROM ({percentages}) got WHERE {which}
ORDER BY
    (later - now) * (CASE WHEN spent_year > 0 THEN spent_year ELSE 0 END) {direction},
    (later - now) {direction}, id
LIMIT {top}
"""

_REFUNDS = """
SELECT SUM(p.money * got.now / 100), SUM(p.money * got.later / 100)
FROM customers_purchase p JOIN ({percentages}) got ON got.id = p.payer_id
WHERE p.store_id = %s AND p.counts_on > %s
"""
