"""The audit trail of the demo store: what the staff's deeds over the years would have left."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from customers.models import Customer
from customers.names import name_key
from loyalty.models import Coupon
from products.models import Product, Vendor
from storeadmin.demo.plan import Plan
from storeadmin.demo.residents import Part
from stores.models import AuditEntry, Store, User

Deed = tuple[dt.datetime, str, str, Customer, dict[str, Any]]


@dataclass
class Written:
    """Rows by their place in the catalogue and the plan; of purchases the keys."""

    products: list[Product]
    vendors: list[Vendor]
    customers: list[Customer]
    purchases: list[int] = field(default_factory=list)
    coupons: list[Coupon] = field(default_factory=list)


def entries(
    plan: Plan, written: Written, *, store: Store, users: dict[str, User]
) -> list[AuditEntry]:
    """Every deed, in the order of time."""
    deeds = [*_deeds_on_people(plan, written), *_removals(plan, written)]
    return [
        AuditEntry(
            store=store,
            at=at,
            by=users[by],
            action=action,
            subject_type=str(Customer._meta.model_name),
            subject_id=customer.pk,
            changes=changes,
        )
        for at, by, action, customer, changes in sorted(deeds, key=lambda deed: deed[0])
    ]


def _deeds_on_people(plan: Plan, written: Written) -> Iterator[Deed]:
    for customer, resident in zip(written.customers, plan.residents, strict=True):
        if resident.part in (Part.BY_HAND, Part.MISTAKE):
            added = {"username": [None, customer.username]}
            yield customer.created_at, "clerk", "customer.add", customer, added
        if customer.archived_at:
            archived = {"archived_at": [None, str(customer.archived_at)]}
            yield customer.archived_at, "clerk", "customer.archive", customer, archived
        name = customer.username
        for old, until in plan.old_names(resident):
            changes = {"username": [old, name], "name_key": [name_key(old), name_key(name)]}
            yield until, "clerk", "customer.rename", customer, changes
            name = old


def _removals(plan: Plan, written: Written) -> Iterator[Deed]:
    for place, item, at in plan.removals:
        product = written.products[item]
        changes = {"product": [product.pk, product.name], "removed_at": at.isoformat()}
        yield at, "manager", "product.remove", written.customers[place], changes
