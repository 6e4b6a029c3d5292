"""Deeds of a shop: a sale through checkout, and by hand what no sale can do without."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from customers.identity import Person
from customers.models import Customer
from products.models import Product, Vendor
from sales import checkout
from sales.checkout import Order
from stores.models import Store

Deed = Callable[[], object]

INSERT = """
INSERT INTO customers_purchase (
    store_id, payer_id, recipient_id, product_id, vendor_id, quantity, at, counts_on, receipt,
    list_price, price, money, credit, restricted, import_key
) VALUES (%s, %s, %s, %s, %s, 1, %s, %s, '', %s, %s, %s, 0, 0, %s)
"""
COUNT = """
UPDATE customers_customer
SET spent = spent + %s, spent_year = spent_year + %s, last_purchase_at = %s
WHERE id = %s
"""


def checkouts(store: Store, seed: int) -> Iterator[Deed]:
    """Sales through checkout, each to any customer of any product at any vendor."""
    for customer, product, vendor in _wishes(store, seed):
        buyer = Person(customer.username, customer.uuid)
        order = Order(store=store, product=product, vendor=vendor, buyer=buyer, key=uuid4().hex)
        yield partial(checkout.buy, order=order)


def transactions(store: Store, seed: int) -> Iterator[Deed]:
    """The row of such a sale and the figures of its payer, in one transaction."""
    for wish in _wishes(store, seed):
        yield partial(_write, store, *wish, counted=True)


def inserts(store: Store, seed: int) -> Iterator[Deed]:
    """The row of such a sale alone."""
    for wish in _wishes(store, seed):
        yield partial(_write, store, *wish, counted=False)


WAYS: dict[str, Callable[[Store, int], Iterator[Deed]]] = {
    "checkouts": checkouts,
    "transactions": transactions,
    "inserts": inserts,
}


def timed(deeds: Sequence[Deed]) -> list[float]:
    """How long each took, in seconds."""
    seconds = []
    for deed in deeds:
        began = time.perf_counter()
        deed()
        seconds.append(time.perf_counter() - began)
    return seconds


def _write(
    store: Store, customer: Customer, product: Product, vendor: Vendor, *, counted: bool
) -> None:
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    day = connection.ops.adapt_datefield_value(store.today())
    who, price = (store.pk, customer.pk, customer.pk, product.pk, vendor.pk), product.price
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [*who, at, day, price, price, price, uuid4().hex])
        if counted:
            cursor.execute(COUNT, [price, price, at, customer.pk])


def _wishes(store: Store, seed: int) -> Iterator[tuple[Customer, Product, Vendor]]:
    """Who buys what where, without end."""
    dice = Random(seed)
    products = list(Product.objects.filter(store=store, deleted_at=None))
    vendors = list(Vendor.objects.filter(store=store).select_related("group"))
    customers = Customer.objects.filter(store=store).order_by("pk")
    ends = customers.aggregate(first=Min("pk"), last=Max("pk"))
    while True:
        customer = customers.filter(pk__gte=dice.randint(ends["first"], ends["last"]))[0]
        yield customer, dice.choice(products), dice.choice(vendors)
