"""Writing the sales of a file: customers, products and vendors are found or made."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers import figures, purchases
from customers.models import Purchase
from customers.purchases import PurchaseRow
from products.models import Product, Vendor
from sales.imports import people
from sales.imports.tallying import KEPT
from sales.models import Choice, NameKind, SaleName, SaleRow
from stores.batches import Step
from stores.bulk import pick, update
from stores.models import Batch, Outcome

MADE = {NameKind.PRODUCT.value: Product, NameKind.VENDOR.value: Vendor}
OUTCOME = ("outcome", "drifted", "reason")


class Line(NamedTuple):
    """A line as it was staged; see `SaleRow`."""

    pk: int
    line: int
    person_id: int
    product_name_id: int | None
    vendor_name_id: int | None
    at: Any
    quantity: int
    amount: int
    receipt: str
    import_key: str


class Applied:
    """One chunk of lines on the way into the store, within the caller's transaction."""

    def __init__(self, batch: Batch, lines: Sequence[Line]) -> None:
        self.batch = batch
        self.store = batch.store
        self.lines = lines
        self.left_out: list[tuple[Any, ...]] = []

    def run(self) -> dict[str, int]:
        """What was written. The window is locked first, customers before the counter."""
        figures.lock_window(self.store)
        lines = self._without_known()
        persons, made = people.settle(self.batch, sorted({line.person_id for line in lines}))
        names = self._names(lines)
        rows = []
        for line in lines:
            person = persons[line.person_id]
            if person.customer_id is None:
                self._leave_out(line, person.reason)
            else:
                rows.append(self._row(line, person.customer_id, names))
        added = purchases.record_many(store=self.store, rows=rows, batch=self.batch)
        update(SaleRow, OUTCOME, self.left_out)
        return {
            "added": len(added),
            "added_money": sum(row.money for row in added),
            "people_made": made,
        }

    def _without_known(self) -> list[Line]:
        keys = [line.import_key for line in self.lines]
        found = pick(Purchase, ["import_key"], store=self.store, field="import_key", values=keys)
        known = {key for (key,) in found}
        for line in self.lines:
            if line.import_key in known:
                self._leave_out(line, _("imported by another file meanwhile"))
        return [line for line in self.lines if line.import_key not in known]

    def _names(self, lines: Sequence[Line]) -> dict[int | None, int | None]:
        """The product or the vendor of each name, made where it is to be and is not there."""
        keys = {line.product_name_id for line in lines} | {line.vendor_name_id for line in lines}
        names = SaleName.objects.in_bulk([key for key in keys if key])
        for kind, model in MADE.items():
            new = [
                name
                for name in names.values()
                if name.kind == kind and name.choice == Choice.CREATE and not target(name)
            ]
            self._make(kind, model, new)
        return {None: None} | {key: target(name) for key, name in names.items()}

    def _make(self, kind: str, model: Any, new: list[SaleName]) -> None:
        written = [name.name for name in new]
        found = dict(pick(model, ["name", "id"], store=self.store, field="name", values=written))
        made = {
            name.name: model(store=self.store, name=name.name, **worth(name))
            for name in new
            if name.name not in found
        }
        model.objects.bulk_create(made.values())
        for name in new:
            name.made = name.name in made
            name.drifted = not name.made
            key = made[name.name].pk if name.made else found[name.name]
            setattr(name, f"{kind}_id", key)
        rows = [(name.pk, target(name), name.made, name.drifted) for name in new]
        update(SaleName, (kind, "made", "drifted"), rows)

    def _row(self, line: Line, customer: int, names: dict[int | None, int | None]) -> PurchaseRow:
        return PurchaseRow(
            customer,
            customer,
            names[line.product_name_id],
            names[line.vendor_name_id],
            line.quantity,
            line.at,
            self.store.day_of(line.at),
            line.receipt,
            line.amount,
            line.amount,
            line.import_key,
        )

    def _leave_out(self, line: Line, reason: str) -> None:
        self.left_out.append((line.pk, Outcome.LEFT_OUT.value, True, reason[:300]))


def waiting(batch: Batch, number: int) -> tuple[list[Line], int, int]:
    """The next lines of a batch that are to be written, among so many at most; the last line of
    those, and how many they were.
    """
    ahead = SaleRow.objects.filter(batch=batch, line__gt=batch.cursor).order_by("line")
    numbers = list(ahead.values_list("line", flat=True)[:number])
    if not numbers:
        return [], batch.cursor, 0
    written = ahead.filter(KEPT, line__lte=numbers[-1])
    lines = [Line(*values) for values in written.values_list(*Line._fields)]
    return lines, numbers[-1], len(numbers)


def apply(batch: Batch, number: int) -> Step:
    """Write a chunk of lines."""
    lines, last, rows = waiting(batch, number)
    if not lines:
        return Step(cursor=last, rows=rows)
    try:
        with transaction.atomic():
            counts = Applied(batch, lines).run()
    except IntegrityError:
        # Somebody took a name, or brought the same sale, just now: this time it is seen.
        counts = Applied(batch, lines).run()
    return Step(cursor=last, rows=rows, counts=counts)


def worth(name: SaleName) -> dict[str, int]:
    """What a product costs that is made: what one of it cost in the first line."""
    return {"price": name.price} if name.kind == NameKind.PRODUCT else {}


def target(name: SaleName) -> int | None:
    """The product or the vendor that a name is matched to."""
    return name.product_id if name.kind == NameKind.PRODUCT else name.vendor_id
