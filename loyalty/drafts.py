"""A ladder as somebody typed it: what it comes to, what is wrong where, what to warn of. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.tiers import Rung, by_threshold
from stores.money import Currency

MAX_ROWS = 50
NO_DISCOUNT = "Enter a discount, or clear the threshold."
NO_THRESHOLD = "Enter a threshold; 0 is a discount for everyone."
TWICE = "There is a row with this threshold and period already."
TOO_MANY = f"A ladder has at most {MAX_ROWS} tiers."


class Row(NamedTuple):
    """A row as typed; None is blank."""

    threshold: int | None
    period: str
    discount: int | None
    group_only: bool = False


class Fault(NamedTuple):
    """What is wrong with a row, by its place among all rows, and at which field."""

    place: int
    field: str
    text: str


class Faulty(ValueError):
    """A ladder that cannot be saved. Nothing has changed."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.text for fault in faults))


def read(rows: Sequence[Row]) -> list[Rung]:
    """The ladder that the rows come to, sorted by threshold. Raises Faulty.

    Rows whose threshold and discount are both blank or 0 are dropped before duplicates are looked
    for.
    """
    filled = [(place, row) for place, row in enumerate(rows) if row.threshold or row.discount]
    if faults := [*_halves(filled), *_repeats(filled)]:
        raise Faulty(sorted(faults))
    if len(filled) > MAX_ROWS:
        raise Faulty([Fault(filled[MAX_ROWS][0], "threshold", TOO_MANY)])
    return list(
        by_threshold(
            Rung(row.threshold or 0, row.period, row.discount or 0, row.group_only)
            for _, row in filled
        )
    )


def warnings(rungs: Sequence[Rung], money: Currency, *, largest_wins: bool = False) -> list[str]:
    """What is legal, but rarely meant: a tier of 0 %, and percentages that fall."""
    said = []
    for rung in rungs:
        at = money.format(rung.threshold)
        lower = [other for other in rungs if other.threshold < rung.threshold]
        best = max(lower, key=lambda other: other.discount, default=None)
        if not rung.discount:
            cancels = " and cancels the lower tiers" if best and not largest_wins else ""
            said.append(f"The tier at {at} gives 0 %{cancels}.")
        elif best and best.discount > rung.discount and not largest_wins:
            said.append(
                f"The tier at {at} gives {rung.discount} %, less than the {best.discount} % at"
                f" {money.format(best.threshold)}: the highest threshold met counts."
            )
    return said


def _halves(filled: list[tuple[int, Row]]) -> list[Fault]:
    return [
        Fault(place, "discount", NO_DISCOUNT)
        if row.discount is None
        else Fault(place, "threshold", NO_THRESHOLD)
        for place, row in filled
        if row.discount is None or row.threshold is None
    ]


def _repeats(filled: list[tuple[int, Row]]) -> list[Fault]:
    seen: set[tuple[int | None, str]] = set()
    faults = []
    for place, row in filled:
        key = row.threshold, row.period
        if row.threshold is not None and key in seen:
            faults.append(Fault(place, "threshold", TWICE))
        seen.add(key)
    return faults
