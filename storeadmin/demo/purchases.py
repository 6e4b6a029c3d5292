"""Writing the purchases of the demo's plan, thousands of rows without an object for each."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection

from customers import figures
from customers.models import Customer, Purchase
from products.models import Product, Vendor
from storeadmin.demo.plan import Line, Plan
from storeadmin.demo.trail import Written
from stores.bulk import insert, tell_size
from stores.models import Store, User


class Row(NamedTuple):
    """A row of purchases, fields as on `Purchase`; last what each database writes its own way."""

    store_id: int
    payer_id: int
    recipient_id: int
    product_id: int | None
    vendor_id: int
    by_id: int | None
    returns_id: int | None
    receipt: str
    quantity: int
    list_price: int
    price: int
    money: int
    credit: int
    restricted: int
    group_member: bool
    at: dt.datetime
    counts_on: dt.date
    removed_at: dt.datetime | None


DATES = len(("at", "counts_on", "removed_at"))
# Those that stand in the plan by the same name.
FACTS = Row._fields[Row._fields.index("receipt") :]


def write(plan: Plan, written: Written, *, store: Store, users: dict[str, User]) -> list[int]:
    """Purchases, the returns that point at them, the figures of all; the keys by place."""
    window = figures.lock_window(store)
    keys: dict[int, int] = {}
    rows: list[Row] = []
    for is_return in (False, True):
        places = [
            place
            for place, line in enumerate(plan.lines)
            if (line.returns is not None) is is_return
        ]
        batch = [_row(plan.lines[place], keys, written, store, users) for place in places]
        keys |= zip(places, _insert(store, batch), strict=True)
        rows += batch
    tell_size(Product, Vendor, Customer, Purchase)
    figures.count(rows, window=window)
    return [keys[place] for place in range(len(plan.lines))]


def _row(
    line: Line, keys: dict[int, int], written: Written, store: Store, users: dict[str, User]
) -> Row:
    facts: dict[str, Any] = {name: getattr(line, name) for name in FACTS}
    return Row(
        store_id=store.pk,
        payer_id=written.customers[line.payer].pk,
        recipient_id=written.customers[line.recipient].pk,
        product_id=None if line.item is None else written.products[line.item].pk,
        vendor_id=written.vendors[line.stall].pk,
        by_id=users[line.by].pk if line.by else None,
        returns_id=None if line.returns is None else keys[line.returns],
        **facts,
    )


def _insert(store: Store, rows: list[Row]) -> list[int]:
    """Insert rows; their keys are read back, since they rise in the order of writing."""
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    insert(
        Purchase,
        Row._fields,
        [
            (*row[:-DATES], moment(row.at), day(row.counts_on), moment(row.removed_at))
            for row in rows
        ],
    )
    keys = Purchase.objects.filter(store=store).order_by("-pk").values_list("pk", flat=True)
    return list(keys[: len(rows)])[::-1]
