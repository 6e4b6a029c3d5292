"""What the page of a bulk change of vendors says: what was asked, and each row."""

from typing import Any

from products.models import RateRow
from products.rates import Asked
from stores.models import Batch, Outcome
from stores.tables import Row

HEADER = [
    "Vendor",
    "Discount before",
    "Members' rate before",
    "Discount after",
    "Members' rate after",
    "Outcome",
    "Changed since the preview",
]


def asked_of(batch: Batch) -> Asked:
    """What a change was asked to set."""
    return Asked(batch.asked["discount"], batch.asked["members"])


def facts(batch: Batch) -> list[tuple[str, str]]:
    """What was asked for."""
    if not batch.asked:
        return []
    asked = asked_of(batch)
    shown = (("Discount", asked.discount), ("Members' rate", asked.members))
    return [
        ("Vendors", batch.asked["selection"]["words"]),
        *((label, f"{value} %") for label, value in shown if value is not None),
    ]


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Rows with what was and what shall be, in the order of `keys`."""
    rows = RateRow.objects.select_related("vendor").in_bulk(keys)
    return [_line(batch, rows[key]) for key in keys]


def _line(batch: Batch, row: RateRow) -> Row:
    row.vendor.store = batch.store
    return {
        "vendor": row.vendor,
        "was": row.was,
        "to": row.to,
        "same": row.was == row.to,
        "left_out": row.outcome == Outcome.LEFT_OUT,
        "drifted": row.drifted,
    }


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    outcome = "left out" if line["left_out"] else "as asked"
    changed = "yes" if line["drifted"] else ""
    return [line["vendor"].name, *line["was"], *line["to"], outcome, changed]
