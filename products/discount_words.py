"""What the page of a bulk change of discounts says: what was asked, what the plan and the result
come to, and each row.
"""

from typing import Any

from django.utils.dateparse import parse_date

from products.discounts import Discount
from products.models import DiscountRow
from stores.models import Batch, Outcome
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


def facts(batch: Batch) -> list[tuple[str, str]]:
    """What was asked for."""
    asked = batch.asked
    if not asked:
        return []
    first, last = (parse_date(asked[name]) if asked[name] else None for name in ("from", "until"))
    return [
        ("Products", asked["selection"]["words"]),
        ("Discount", Discount(asked["discount"], first, last).words),
    ]


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Rows with what was and what shall be, in the order of `keys`."""
    rows = DiscountRow.objects.select_related("product").in_bulk(keys)
    return [_line(batch, rows[key]) for key in keys]


def _line(batch: Batch, row: DiscountRow) -> Row:
    row.product.store = batch.store
    return {
        "product": row.product,
        "was": row.was,
        "to": row.to,
        "same": row.was == row.to,
        "left_out": row.outcome == Outcome.LEFT_OUT,
        "drifted": row.drifted,
    }


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    before, after = (_values(line[name]) for name in ("was", "to"))
    outcome = "left out" if line["left_out"] else "as asked"
    return [line["product"].name, *before, *after, outcome, "yes" if line["drifted"] else ""]


def _values(discount: Discount) -> list[str]:
    days = (value.isoformat() if value else "" for value in discount[1:])
    return [str(discount.percent), *days]
