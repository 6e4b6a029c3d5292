"""Writing the demo's plan into the database, in bulk.

The verbs write the present, one deed at a time; here years are written at once: entries in the
order of time, each with its place and what it left. Figures and the counter of customers are still
moved by their own verbs, and the books are checked after.
"""

import datetime as dt
from typing import TypeVar

from django.db import models

from customers import profiles, search
from customers.models import (
    CreditAccount,
    CreditEntry,
    Customer,
    OldName,
    SearchText,
)
from customers.names import name_key, normalise
from products.models import Category, Product, Vendor, VendorGroup
from storeadmin.demo import banning, coupons, handing, paying, purchases, quotes, trail
from storeadmin.demo.catalogue import Item, Stall, catalogue
from storeadmin.demo.plan import Plan
from storeadmin.demo.residents import Part, Resident
from storeadmin.demo.trail import Written
from stores.models import Store, User

Row = TypeVar("Row", bound=models.Model)
ROWS_AT_ONCE = 1000
ARCHIVED_AFTER = dt.timedelta(days=1, hours=3)


def write(plan: Plan, *, store: Store, users: dict[str, User]) -> None:
    """Write the whole plan; the caller's transaction holds it together."""
    products, vendors = write_catalogue(store, today=plan.today)
    customers = write_customers(plan, store)
    written = Written(products, vendors, customers)
    written.purchases = purchases.write(plan, written, store=store, users=users)
    write_credit(plan, written, store=store, users=users)
    quotes.write_ladder(plan, store=store, users=users)
    coupons.write(plan, written, store=store, users=users)
    quotes.write(plan, written, store=store)
    handing.write(plan, written, store=store, users=users)
    paying.write(plan, written, store=store)
    banning.write(plan, written, store=store, users=users)
    _insert(trail.entries(plan, written, store=store, users=users))


def write_catalogue(store: Store, *, today: dt.date) -> tuple[list[Product], list[Vendor]]:
    """What is sold, and where."""
    sold = catalogue()
    categories = {
        row.name: row
        for row in _insert([Category(store=store, name=name) for name in sold.categories])
    }
    groups = {
        row.name: row
        for row in _insert(
            [
                VendorGroup(store=store, name=name, discount=discount)
                for name, discount in sold.groups.items()
            ]
        )
    }
    return (
        _insert([_product(store, item, categories[item.category], today) for item in sold.items]),
        _insert([_vendor(store, stall, groups[stall.group]) for stall in sold.stalls]),
    )


def write_customers(plan: Plan, store: Store) -> list[Customer]:
    """Everybody, with what finds them; accounts are written with their credit."""
    customers = _insert([_customer(plan, resident, store) for resident in plan.residents])
    people = list(zip(customers, plan.residents, strict=True))
    _insert(
        [
            OldName(store=store, customer=customer, username=name, until=until)
            for customer, resident in people
            for name, until in plan.old_names(resident)
        ]
    )
    _insert(
        [
            SearchText(
                customer=customer,
                store=store,
                text=search.text_of(
                    rule=store.name_rule,
                    username=customer.username,
                    old_names=resident.old_names,
                    uuid=customer.uuid,
                    email=customer.email,
                ),
            )
            for customer, resident in people
        ]
    )
    profiles.count_listed(store, sum(customer.archived_at is None for customer in customers))
    return customers


def write_credit(plan: Plan, written: Written, *, store: Store, users: dict[str, User]) -> None:
    """Every account with what its entries left, and the entries."""
    accounts = [
        CreditAccount(store=store, customer=customer, listed=customer.archived_at is None)
        for customer in written.customers
    ]
    for (place, balance), held in plan.ledger.held.items():
        setattr(accounts[place], balance, held)
        setattr(accounts[place], f"{balance}_seq", plan.ledger.seqs[place, balance])
    _insert(accounts)
    _insert(
        [
            CreditEntry(
                store=store,
                account=accounts[entry.resident],
                purchase_id=None if entry.line is None else written.purchases[entry.line],
                by=users[entry.by] if entry.by else None,
                **{
                    name: getattr(entry, name)
                    for name in ("balance", "seq", "delta", "after", "kind", "at", "reason", "note")
                },
            )
            for entry in plan.ledger.entries
        ]
    )


def _insert(rows: list[Row]) -> list[Row]:
    """Insert rows of one table; each is given its key."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return rows


def _product(store: Store, item: Item, category: Category, today: dt.date) -> Product:
    first, last = item.sale.days(today) if item.sale else (None, None)
    return Product(
        store=store,
        name=item.name,
        category=category,
        price=item.price,
        discount=item.sale.percent if item.sale else 0,
        discount_from=first,
        discount_until=last,
        copy=item.copy,
        blocks_credit=item.blocks_credit,
    )


def _vendor(store: Store, stall: Stall, group: VendorGroup) -> Vendor:
    return Vendor(
        store=store,
        name=stall.name,
        group=group,
        discount=stall.discount,
        group_discount=stall.members,
    )


def _customer(plan: Plan, resident: Resident, store: Store) -> Customer:
    seen = plan.seen(resident)
    username = normalise(resident.username, store.name_rule)
    member = resident.is_member(plan.today - dt.timedelta(days=1))
    subscribed_at = plan.since(seen, share=resident.subscribed_after)
    return Customer(
        store=store,
        username=username,
        name_key=name_key(username),
        uuid=resident.uuid,
        email=resident.email,
        note=resident.note,
        discount=resident.discount,
        subscriber=bool(resident.subscribed),
        subscriber_source=resident.subscribed,
        subscriber_at=subscribed_at if resident.subscribed else None,
        group_member=member,
        group_confirmed_at=(resident.confirmed_at or seen) if member else None,
        archived_at=seen + ARCHIVED_AFTER if resident.part is Part.MISTAKE else None,
        created_at=seen,
    )
