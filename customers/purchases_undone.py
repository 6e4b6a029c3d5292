"""Taking imported purchases out again, as if they had never been."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from customers import figures
from customers.models import Purchase
from stores import bulk, pointers
from stores.models import Batch, Store


class Gone(NamedTuple):
    """A purchase on its way out; fields as on `Purchase`."""

    pk: int
    import_key: str
    payer_id: int
    recipient_id: int
    product_id: int | None
    quantity: int
    money: int
    at: dt.datetime
    counts_on: dt.date
    removed_at: dt.datetime | None


def take_out(*, store: Store, batch: Batch, keys: Sequence[str]) -> tuple[list[Gone], list[Gone]]:
    """Delete purchases that a batch imported, by import key, and their figures. Those that
    something points at, such as a return, are kept.

    The ones deleted and the ones kept. Locks the window and the customers.
    """
    with transaction.atomic():
        window = figures.lock_window(store)
        rows = _rows(store, batch, keys)
        figures.lock_customers({row.payer_id for row in rows} | {row.recipient_id for row in rows})
        used = pointers.pointed_at(Purchase, [row.pk for row in rows])
        gone = [row for row in rows if row.pk not in used]
        bulk.delete(Purchase, "id", [row.pk for row in gone])
        figures.uncount(gone, window=window)
    return gone, [row for row in rows if row.pk in used]


def _rows(store: Store, batch: Batch, keys: Sequence[str]) -> list[Gone]:
    rows = []
    for some in bulk.parts(keys):
        found = Purchase.objects.filter(store=store, import_key__in=some)
        rows += [Gone(*values) for values in found.filter(batch=batch).values_list(*Gone._fields)]
    return rows
