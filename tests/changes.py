"""Bulk changes for tests, made by the verbs that make them in the program, and the size of a chunk."""

import datetime as dt
from typing import Any

import pytest

from customers import bulk_credit
from customers.audience import Audience
from customers.models import Customer
from products import bulk_discount
from products.discounts import Discount
from products.models import Product
from products.selection import Selection
from stores import batches
from stores.models import Batch, Store, User


def credit_change(
    *customers: Customer,
    by: User,
    credit: int = 0,
    restricted: int = 0,
    store: Store | None = None,
    query: str = "",
    spent: tuple[str, int] | None = None,
    **fields: Any,
) -> Batch:
    """A change of credit as its preview shows it: of these customers, else of what is found in the store."""
    audience = Audience(
        store=store or customers[0].store,
        ticked=tuple(customer.pk for customer in customers),
        query=query,
        spent=spent,
    )
    return bulk_credit.draft(
        audience=audience, credit=credit, restricted=restricted, by=by, **fields
    )


def discount_change(
    *products: Product,
    by: User,
    percent: int,
    first: dt.date | None = None,
    last: dt.date | None = None,
    store: Store | None = None,
    **narrowed: Any,
) -> Batch:
    """A change of discounts as its preview shows it: of these products, else of what is found in the store."""
    selection = Selection(
        store=store or products[0].store,
        ticked=tuple(product.pk for product in products),
        **narrowed,
    )
    discount = Discount.of(percent, first, last)
    return bulk_discount.draft(selection=selection, discount=discount, by=by)


def applied(batch: Batch, by: User | None = None) -> Batch:
    """The change, applied to its end."""
    batches.apply(batch=batch, by=by or batch.by)
    return ended(batch)


def undone(batch: Batch, by: User | None = None) -> Batch:
    """The undo of the change, at its end."""
    return ended(batches.undo(batch=batch, by=by or batch.by))


def ended(batch: Batch) -> Batch:
    """The batch after a worker has done all there is to do."""
    while batches.run(batch.pk, seconds=60):
        continue
    batch.refresh_from_db()
    return batch


def chunks_of(patch: pytest.MonkeyPatch, rows: int) -> None:
    """Chunks are that small, and more than that is left to the worker."""
    for module in ("stores.batches.deeds", "customers.bulk_credit", "products.bulk_values"):
        patch.setattr(f"{module}.CHUNK", rows)
