"""What the page of a bulk change of kept discounts says: what was asked, and each row."""

from typing import Any

from django.utils.translation import gettext as _

from loyalty import quote_words
from loyalty.models import KeptRow
from loyalty.standing import Ladder
from stores.batches.kinds import came_of, outcome_cells
from stores.models import Batch
from stores.money import Currency
from stores.tables import Row

HEADER = ["Customer", "Kept before", "Kept after", "Outcome", "Changed meanwhile"]


def facts(batch: Batch) -> list[tuple[str, str]]:
    """From which ladder to which."""
    return [
        (label, ladder(Ladder.of(batch.asked[name]), batch.store.money))
        for name, label in (("old", _("Tiers before")), ("new", _("Tiers after")))
        if name in batch.asked
    ]


def ladder(ladder: Ladder, money: Currency) -> str:
    """A ladder in one line."""
    said = [
        _("%(percent)s %% from %(spent)s")
        % {"percent": rung.discount, "spent": quote_words.tier(rung, money)}
        for rung in ladder.rungs
    ]
    if ladder.largest_wins and len(said) > 1:
        said.append(_("the largest discount wins"))
    return "; ".join(said) or _("none")


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Rows with what was and what shall be kept, in the order of `keys`."""
    rows = KeptRow.objects.select_related("customer").in_bulk(keys)
    return [_line(batch, rows[key]) for key in keys]


def _line(batch: Batch, row: KeptRow) -> Row:
    row.customer.store = batch.store
    return {
        "customer": row.customer,
        "was": row.discount_was,
        "to": row.discount_to,
        **came_of(row),
    }


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    return [
        line["customer"].username,
        str(line["was"]),
        str(line["to"]),
        *outcome_cells(line),
    ]
