"""Which tier a customer stands on, what the next one is, and why the others do not count. Pure.

The highest threshold met wins, even if its percentage is lower; of equal thresholds the larger
discount, then the global one. A store may choose that the largest discount wins instead.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from loyalty.explained import Rule
from loyalty.pricing import Offer
from stores.money import Currency

GLOBAL, YEARLY = "global", "yearly"
FOR_MEMBERS = "it is for members of the store's group"
HIGHER_MET = "a higher threshold is met"
LARGER_AT_EQUAL = "at an equal threshold the larger discount counts, then the global one"
LARGER_MET = "a larger discount is met"


class Rung(NamedTuple):
    """A tier as data, saved or not."""

    threshold: int
    period: str
    discount: int
    group_only: bool = False

    def label(self, money: Currency) -> str:
        spent = f"{money.format(self.threshold)} {'a year' if self.period == YEARLY else 'in all'}"
        return f"{spent}, group only" if self.group_only else spent


class Held(NamedTuple):
    """What of a customer decides, as the list shows it."""

    spent: int = 0
    spent_year: int = 0
    is_member: bool = False

    def figure(self, period: str) -> int:
        """The figure that a threshold of the period is held against; below zero where more was
        returned than bought.
        """
        return self.spent_year if period == YEARLY else self.spent


class Tier(Protocol):
    """A rung as a row of the database has it."""

    @property
    def threshold(self) -> int: ...
    @property
    def period(self) -> str: ...
    @property
    def discount(self) -> int: ...
    @property
    def group_only(self) -> bool: ...


class Next(NamedTuple):
    """The tier that is reached first by spending more, and how much more that is."""

    rung: Rung
    missing: int


def rung(tier: Tier) -> Rung:
    return Rung(tier.threshold, tier.period, tier.discount, tier.group_only)


def ranked(rungs: Iterable[Rung], *, largest_wins: bool = False) -> list[Rung]:
    """The rungs in the order in which they win: the first that is met counts."""

    def rank(rung: Rung) -> tuple[int, int, bool]:
        first, second = rung.threshold, rung.discount
        if largest_wins:
            first, second = second, first
        return -first, -second, rung.period != GLOBAL

    return sorted(rungs, key=rank)


def qualifying(rungs: Iterable[Rung], held: Held, *, largest_wins: bool = False) -> Rung | None:
    """The tier that counts; None where no threshold is met."""
    best_first = ranked(rungs, largest_wins=largest_wins)
    return next((rung for rung in best_first if _met(rung, held)), None)


def following(rungs: Iterable[Rung], held: Held, *, largest_wins: bool = False) -> Next | None:
    """The tier that would count instead of the present one after the least further spending."""
    nearest: Next | None = None
    for rung in ranked(rungs, largest_wins=largest_wins):
        if _met(rung, held):
            break
        missing = rung.threshold - held.figure(rung.period)
        if _open_to(rung, held) and (nearest is None or missing < nearest.missing):
            nearest = Next(rung, missing)
    return nearest


def offers(
    rungs: Iterable[Rung], held: Held, money: Currency, *, largest_wins: bool = False
) -> tuple[Offer, ...]:
    """Every tier for the pricing, the one that counts first; the others barred with why."""
    best_first = ranked(rungs, largest_wins=largest_wins)
    winner = next((rung for rung in best_first if _met(rung, held)), None)
    others = [rung for rung in best_first if rung is not winner]
    return tuple(
        Offer(
            Rule.TIER,
            f"Loyalty discount: {rung.label(money)}",
            rung.discount,
            _why_not(rung, winner, held, money, largest_wins) if rung is not winner else "",
        )
        for rung in ([winner, *others] if winner else others)
    )


def _open_to(rung: Rung, held: Held) -> bool:
    return held.is_member or not rung.group_only


def _met(rung: Rung, held: Held) -> bool:
    """Spent below zero counts as zero, so that everybody reaches a threshold of 0."""
    return _open_to(rung, held) and max(0, held.figure(rung.period)) >= rung.threshold


def _why_not(
    rung: Rung, winner: Rung | None, held: Held, money: Currency, largest_wins: bool
) -> str:
    if not _open_to(rung, held):
        return FOR_MEMBERS
    missing = rung.threshold - held.figure(rung.period)
    if rung.threshold and missing > 0:
        return f"{money.format(missing)} more would have to be spent"
    if winner and rung.threshold == winner.threshold:
        return LARGER_AT_EQUAL
    return LARGER_MET if largest_wins else HIGHER_MET


def by_threshold(rungs: Iterable[Rung]) -> Sequence[Rung]:
    """The rungs as a ladder is shown: lowest threshold first, global before yearly."""
    return sorted(rungs, key=lambda rung: (rung.threshold, rung.period))
