"""Writing the sales of a file: customers, products and vendors are found or made, purchases written
once.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import models, transaction

from customers import identity, purchases
from customers.identity import Person
from customers.models import Customer, Purchase
from customers.purchases import PurchaseRow
from products.models import Product, Vendor
from sales.lines import Nameless, SaleLine
from stores import audit
from stores.bulk import tell_size
from stores.models import Store, User
from stores.sheet_lines import BadLine

CHUNK = 10_000
LISTED = 50
Line = SaleLine | BadLine | Nameless
Item = TypeVar("Item")


@dataclasses.dataclass
class Report:
    """What an import did, in lines: `bad` lists the first of the `refused` ones, `nameless` all
    those without a customer.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    amount: int = 0
    returns: int = 0
    customers_made: int = 0
    products_made: int = 0
    refused: int = 0
    bad: list[BadLine] = dataclasses.field(default_factory=list)
    nameless: list[int] = dataclasses.field(default_factory=list)

    def refuse(self, lines: Iterable[BadLine]) -> None:
        for line in lines:
            self.refused += 1
            if len(self.bad) < LISTED:
                self.bad.append(line)


def import_sales(*, store: Store, lines: Iterable[Line], by: User | None) -> Iterator[Report]:
    """Write the sales of a file in chunks, each whole or not at all; the report so far after each
    chunk.

    Lines imported before are known again and add nothing. A product that nobody knows is made with
    the unit price of its first line; a line without one is a purchase without product.
    """
    report = Report()
    for number, chunk in enumerate(_chunks(lines)):
        if number == 1:
            tell_size(Customer, Purchase)
        report.read += len(chunk)
        report.refuse(line for line in chunk if isinstance(line, BadLine))
        report.nameless += [line.line for line in chunk if isinstance(line, Nameless)]
        _write(
            [line for line in chunk if isinstance(line, SaleLine)],
            store=store,
            by=by,
            report=report,
        )
        yield report


def trace(*, store: Store, report: Report, file: str, by: User | None) -> None:
    """Leave in the trail what an import did, as far as it went."""
    changes = {
        "file": file,
        "read": report.read,
        "added": report.added,
        "known": report.known,
        "refused": report.refused,
        "customers_made": report.customers_made,
        "products_made": report.products_made,
    }
    audit.record(store=store, by=by, action="sales.import", subject=store, changes=changes)


@transaction.atomic
def _write(sales: list[SaleLine], *, store: Store, by: User | None, report: Report) -> None:
    people = [Person(sale.customer, sale.uuid) for sale in sales]
    found = identity.find_or_make(store=store, people=people, by=by)
    report.customers_made += found.made
    products, made = _products(store, sales)
    report.products_made += made
    vendors = _vendors(store, sales)
    rows = []
    for sale, person in zip(sales, people, strict=True):
        if person in found.refusals:
            report.refuse([_refused(sale, found.refusals[person])])
        else:
            rows.append(
                _row(sale, found.keys[person], products.get(sale.product), vendors.get(sale.vendor))
            )
    added = purchases.record_many(store=store, rows=rows)
    report.added += len(added)
    report.known += len(rows) - len(added)
    report.amount += sum(row.money for row in added)
    report.returns += sum(row.quantity < 0 for row in added)


def _row(sale: SaleLine, customer: int, product: int | None, vendor: int | None) -> PurchaseRow:
    amount = sale.amount
    return PurchaseRow(
        customer,
        customer,
        product,
        vendor,
        sale.quantity,
        sale.at,
        sale.day,
        sale.receipt,
        amount,
        amount,
        sale.key,
    )


def _refused(sale: SaleLine, refusal: identity.Refusal) -> BadLine:
    value = sale.customer if refusal.field == "customer" else str(sale.uuid)
    return BadLine(sale.line, refusal.field, value[:40], refusal.reason)


def _products(store: Store, sales: list[SaleLine]) -> tuple[dict[str, int], int]:
    """The products named, by name, and how many of them were made."""
    prices: dict[str, int] = {}
    for sale in sales:
        if sale.product:
            prices.setdefault(sale.product, abs(sale.amount // sale.quantity))
    known = _by_name(Product, store, prices)
    new = [
        Product(store=store, name=name, price=price)
        for name, price in prices.items()
        if name not in known
    ]
    Product.objects.bulk_create(new)
    return known | {product.name: product.pk for product in new}, len(new)


def _vendors(store: Store, sales: list[SaleLine]) -> dict[str, int]:
    """The vendors named, by name, made where nobody knows them."""
    names = dict.fromkeys(sale.vendor for sale in sales if sale.vendor)
    known = _by_name(Vendor, store, names)
    new = [Vendor(store=store, name=name) for name in names if name not in known]
    Vendor.objects.bulk_create(new)
    return known | {vendor.name: vendor.pk for vendor in new}


def _by_name(model: type[models.Model], store: Store, names: Iterable[str]) -> dict[str, int]:
    names = list(names)
    rows = model._default_manager.filter(store=store, name__in=names)
    return dict(rows.values_list("name", "pk")) if names else {}


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
