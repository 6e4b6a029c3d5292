"""A ladder as somebody typed it: what it comes to, what is wrong where, what to warn of. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from loyalty.tiers import Rung, by_threshold
from stores.money import Currency

MAX_ROWS = 50
NO_DISCOUNT = gettext_noop("Enter a discount, or clear the threshold.")
NO_THRESHOLD = gettext_noop("Enter a threshold; 0 is a discount for everyone.")
TWICE = gettext_noop("There is a row with this threshold and period already.")
TOO_MANY = gettext_noop("A ladder has at most %(most)s tiers.")


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
        text = _(TOO_MANY) % {"most": MAX_ROWS}
        raise Faulty([Fault(filled[MAX_ROWS][0], "threshold", text)])
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
            cancels = best and not largest_wins
            text = (
                _("The tier at %(at)s gives 0 %% and cancels the lower tiers.")
                if cancels
                else _("The tier at %(at)s gives 0 %%.")
            )
            said.append(text % {"at": at})
        elif best and best.discount > rung.discount and not largest_wins:
            text = _(
                "The tier at %(at)s gives %(percent)s %%, less than the %(best)s %% at %(lower)s:"
                " the highest threshold met counts."
            )
            lower_at = money.format(best.threshold)
            said.append(
                text
                % {"at": at, "percent": rung.discount, "best": best.discount, "lower": lower_at}
            )
    return said


def _halves(filled: list[tuple[int, Row]]) -> list[Fault]:
    return [
        Fault(place, "discount", _(NO_DISCOUNT))
        if row.discount is None
        else Fault(place, "threshold", _(NO_THRESHOLD))
        for place, row in filled
        if row.discount is None or row.threshold is None
    ]


def _repeats(filled: list[tuple[int, Row]]) -> list[Fault]:
    seen: set[tuple[int | None, str]] = set()
    faults = []
    for place, row in filled:
        key = row.threshold, row.period
        if row.threshold is not None and key in seen:
            faults.append(Fault(place, "threshold", _(TWICE)))
        seen.add(key)
    return faults
