"""What the page of a bulk change of discounts says: what was asked, what the plan and the result
come to, and each row.
"""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from products.discounts import Discount
from stores.batches.kinds import outcome_cells
from stores.models import Batch
from stores.tables import Row

HEADER = [
    "Product",
    "Discount before",
    "From before",
    "Until before",
    "Discount after",
    "From after",
    "Until after",
    "Outcome",
    "Changed since the preview",
]


def asked_of(batch: Batch) -> Discount:
    """The discount that a change was asked to set."""
    asked = batch.asked
    first, last = (parse_date(asked[name]) if asked[name] else None for name in ("from", "until"))
    return Discount(asked["discount"], first, last)


def facts(batch: Batch) -> list[tuple[str, str]]:
    """What was asked for."""
    if not batch.asked:
        return []
    words = batch.asked["selection"]["words"]
    return [(_("Products"), words), (_("Discount"), asked_of(batch).words)]


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    before, after = (_values(line[name]) for name in ("was", "to"))
    return [line["target"].name, *before, *after, *outcome_cells(line)]


def _values(discount: Discount) -> list[str]:
    days = (value.isoformat() if value else "" for value in discount[1:])
    return [str(discount.percent), *days]
