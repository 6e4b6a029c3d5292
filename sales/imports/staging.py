"""Writing down what each line of a file comes to: nothing else is written."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.identity import Refusal
from customers.models import Purchase
from products.models import Product, Vendor
from sales.imports.file import Record
from sales.imports.matching import Catalogue
from sales.imports.people import One, People
from sales.lines import Nameless, SaleLine
from sales.models import Choice, NameKind, SaleName, SaleRow, SaleState
from stores.batches import BatchRefused
from stores.bulk import insert, moments, pick
from stores.mending import kept_cells
from stores.models import Batch
from stores.sheet_lines import BadLine
from stores.sheets import Row

MOST_NAMES = 20_000
TOO_MANY = {
    NameKind.PRODUCT: gettext_noop(
        "The file names more than %(most)s products: is the right column read as that?"
        " Nothing was changed."
    ),
    NameKind.VENDOR: gettext_noop(
        "The file names more than %(most)s vendors: is the right column read as that?"
        " Nothing was changed."
    ),
}
# What a line says of a sale, and what is kept of one that is refused.
SALE = (
    "store",
    "batch",
    "line",
    "state",
    "who",
    "what",
    "person",
    "product_name",
    "vendor_name",
    "at",
    "quantity",
    "amount",
    "receipt",
    "import_key",
)
FIELDS = (*SALE, "cells", "column", "reason")
NAMED = ("store", "batch", "kind", "name", "choice", "product", "vendor", "price")
Bad = tuple[Row, str, str, str]


class Stager:
    """Judges the lines of one chunk and writes them down, within the caller's transaction."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.headers = {
            field: name
            for field, name in zip(batch.asked["fields"], batch.asked["names"], strict=True)
            if field
        }
        self.bad: list[Bad] = []
        self.known: list[SaleLine] = []
        self.new: list[tuple[SaleLine, One]] = []

    def stage(self, read: Sequence[Record]) -> Counter[str]:
        """How many lines came to what."""
        self._judge(read)
        products = self._names(NameKind.PRODUCT, [(sale.product, sale) for sale, _ in self.new])
        vendors = self._names(NameKind.VENDOR, [(sale.vendor, sale) for sale, _ in self.new])
        at = moments(sale.at for sale in (*self.known, *(sale for sale, _ in self.new)))
        rows = [self._refused(*bad) for bad in self.bad]
        rows += [self._row(sale, SaleState.KNOWN, at) for sale in self.known]
        rows += [
            self._row(
                sale,
                SaleState.NEW,
                at,
                one.pk,
                products.get(sale.product),
                vendors.get(sale.vendor),
            )
            for sale, one in self.new
        ]
        rows.sort(key=lambda values: values[2])
        insert(SaleRow, FIELDS, rows)
        return Counter(row[3] for row in rows)

    def _judge(self, read: Sequence[Record]) -> None:
        sales = [(row, line) for row, line in read if isinstance(line, SaleLine)]
        keys = [sale.key for _, sale in sales]
        store = self.batch.store
        found = pick(Purchase, ["import_key"], store=store, field="import_key", values=keys)
        known = {key for (key,) in found}
        people = People(self.batch, (sale for _, sale in sales if sale.key not in known))
        nobody = _("the line does not say who bought")
        for row, line in read:
            if isinstance(line, BadLine):
                self.bad.append((row, SaleState.REFUSED, line.column, line.reason))
            elif isinstance(line, Nameless):
                self.bad.append((row, SaleState.NAMELESS, "", nobody))
            elif line.key in known:
                self.known.append(line)
            else:
                self._meet(row, line, people)
        people.write()

    def _meet(self, row: Row, sale: SaleLine, people: People) -> None:
        one = people.meet(sale)
        if isinstance(one, Refusal):
            column = self.headers.get(one.field, "")
            self.bad.append((row, SaleState.REFUSED, column, one.reason))
        else:
            self.new.append((sale, one))

    def _names(self, kind: NameKind, named: list[tuple[str, SaleLine]]) -> dict[str, int]:
        """The names of a chunk with their keys, written down where they are new."""
        first: dict[str, SaleLine] = {}
        for name, sale in named:
            if name:
                first.setdefault(name, sale)
        staged = self._staged(kind, list(first))
        new = {name: sale for name, sale in first.items() if name not in staged}
        if not new:
            return staged
        self._mind_number(kind, len(new))
        write = _products if kind == NameKind.PRODUCT else _vendors
        insert(SaleName, NAMED, write(self.batch, new))
        return staged | self._staged(kind, list(new))

    def _staged(self, kind: NameKind, names: list[str]) -> dict[str, int]:
        fixed: dict[str, Any] = {"batch": self.batch, "kind": kind.value}
        return dict(pick(SaleName, ["name", "id"], field="name", values=names, **fixed))

    def _mind_number(self, kind: NameKind, more: int) -> None:
        """Names by the ten thousand are none."""
        before = SaleName.objects.filter(batch=self.batch, kind=kind).count()
        if before + more > MOST_NAMES:
            raise BatchRefused(_(TOO_MANY[kind]) % {"most": f"{MOST_NAMES:,}"})

    def _row(
        self,
        sale: SaleLine,
        state: SaleState,
        at: dict[Any, Any],
        person: int | None = None,
        product: int | None = None,
        vendor: int | None = None,
    ) -> tuple[Any, ...]:
        """A row of `FIELDS`."""
        return (
            self.batch.store_id,
            self.batch.pk,
            sale.line,
            state.value,
            sale.customer or str(sale.uuid),
            sale.product,
            person,
            product,
            vendor,
            at[sale.at],
            sale.quantity,
            sale.amount,
            sale.receipt,
            sale.key,
            None,
            "",
            "",
        )

    def _refused(self, row: Row, state: str, column: str, reason: str) -> tuple[Any, ...]:
        """Keep the cells, so that the line can be mended and sent again."""
        cells = json.dumps(kept_cells(row.cells))
        start = (self.batch.store_id, self.batch.pk, row.line, str(state), "", "")
        nothing = (None, None, None, None, 0, 0, "", "")
        return (*start, *nothing, cells, column[:120], reason[:300])


def _products(batch: Batch, new: dict[str, SaleLine]) -> list[tuple[Any, ...]]:
    """Rows of `NAMED`: a product of that very name is matched, one of a like name proposed."""
    names = Product.objects.filter(store=batch.store_id).values_list("pk", "name")
    catalogue = Catalogue(names)
    rows = []
    for name, sale in new.items():
        same = catalogue.same(name)
        like = None if same else next(iter(catalogue.alike(name)), None)
        choice = Choice.MATCH if same else Choice.OPEN
        price = abs(sale.amount // sale.quantity)
        rows.append(_name(batch, NameKind.PRODUCT, name, choice, same or like, None, price))
    return rows


def _vendors(batch: Batch, new: dict[str, SaleLine]) -> list[tuple[Any, ...]]:
    """Rows of `NAMED`: who is not there is made."""
    names = list(new)
    found = dict(pick(Vendor, ["name", "id"], store=batch.store, field="name", values=names))
    return [
        _name(
            batch,
            NameKind.VENDOR,
            name,
            Choice.MATCH if name in found else Choice.CREATE,
            None,
            found.get(name),
            0,
        )
        for name in new
    ]


def _name(batch: Batch, kind: NameKind, name: str, choice: Choice, *rest: Any) -> tuple[Any, ...]:
    return (batch.store_id, batch.pk, kind.value, name, choice.value, *rest)
