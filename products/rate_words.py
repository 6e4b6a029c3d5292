"""What the page of a bulk change of vendors says: what was asked, and each row."""

from typing import Any

from django.utils.translation import gettext as _

from products.rates import Asked
from stores.batches.kinds import outcome_cells
from stores.models import Batch
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
    shown = ((_("Discount"), asked.discount), (_("Members' rate"), asked.members))
    return [
        (_("Vendors"), batch.asked["selection"]["words"]),
        *((label, f"{value} %") for label, value in shown if value is not None),
    ]


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    return [line["target"].name, *line["was"], *line["to"], *outcome_cells(line)]
