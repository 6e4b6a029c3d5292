"""Bulk changes of discounts, and their undo: each product gets the same one, with its days."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.dateparse import parse_date

from products import discount_words as words
from products.discounts import Discount
from products.models import DiscountRow, Product
from products.selection import Selection
from stores import batches
from stores.batches import BatchKind, Step
from stores.batches.kinds import CHUNK, PLANNED, RowList
from stores.edits import plain
from stores.models import Batch, Outcome, User
from stores.rights import Right
from stores.tables import Row

VALUES = ("discount", "discount_from", "discount_until")
SAME = (
    Q(discount_was=F("discount_to"))
    & (Q(from_was=F("from_to")) | Q(from_was=None, from_to=None))
    & (Q(until_was=F("until_to")) | Q(until_was=None, until_to=None))
)


def draft(*, selection: Selection, discount: Discount, by: User) -> Batch:
    """Plan to give each product of the selection that discount, replacing its own; 0 % clears.

    Raises BatchRefused for a filter that cannot be read.
    """
    chosen = selection.as_asked()
    asked = {
        "selection": chosen,
        "discount": discount.percent,
        "from": plain(discount.first),
        "until": plain(discount.last),
    }
    what = f"Discount {discount.words}" if discount.percent else "No discount"
    about = chosen["words"] if selection.category else ""
    return batches.draft(
        store=selection.store,
        kind=DISCOUNT_CHANGE,
        title=f"{what}, {about}" if about else what,
        asked=asked,
        by=by,
        targets=selection.count(),
    )


class DiscountWork(BatchKind):
    """What the change and its undo share: rows over products, and how they are applied."""

    noun = "products"
    noun_one = "product"
    right = Right.SET_DISCOUNTS
    rows = DiscountRow
    target = "product_id"
    row_template = "products/discount_rows.html"
    header = words.HEADER

    def apply(self, batch: Batch) -> Step:
        """Locks the products of the chunk by key, looks for those whose discount is not the one
        that was planned for, and writes.
        """
        rows = list(self._waiting(batch)[:CHUNK])
        if not rows:
            return Step(cursor=batch.cursor, rows=0)
        upper = rows[-1].product_id
        present = self._lock(rows)
        drifted = [row for row in rows if present[row.product_id] != row.was]
        for row in drifted:
            row.drifted = True
            self.meet_drift(row, present[row.product_id])
        DiscountRow.objects.bulk_update(
            drifted, ["drifted", "outcome", "discount_was", "from_was", "until_was"], batch_size=500
        )
        return Step(cursor=upper, rows=len(rows), counts={"set": self._write(batch, upper)})

    def meet_drift(self, row: DiscountRow, present: Discount) -> None:
        """Judge a row whose product has another discount by now."""
        raise TypeError(f"{type(self).__name__} does not know what to do")

    def totals(self, batch: Batch) -> dict[str, Any]:
        rows = DiscountRow.objects.filter(batch=batch)
        same = rows.filter(SAME).count()
        replaced = rows.filter(discount_was__gt=0).count()
        return {"same": same, "replaced": replaced - rows.filter(SAME, discount_was__gt=0).count()}

    def touched(self, batch: Batch) -> int:
        return batch.planned - batch.counts.get("same", 0)

    def lists(self, batch: Batch) -> list[RowList]:
        """A short preview shows the products whose discount changes."""
        if batch.has_ended or batch.planned > CHUNK or not self.touched(batch):
            return super().lists(batch)
        return [RowList(PLANNED, "Planned", ~SAME, self.touched(batch))]

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def warnings(self, batch: Batch) -> list[str]:
        return [] if batch.has_ended else words.warnings(batch)

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return words.figures(batch)

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return words.lines(batch, keys)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(line)

    def _waiting(self, batch: Batch) -> QuerySet[DiscountRow]:
        rows = DiscountRow.objects.filter(batch=batch, product_id__gt=batch.cursor)
        return rows.order_by("product_id")

    def _lock(self, rows: list[DiscountRow]) -> dict[int, Discount]:
        """The discounts of the products now."""
        span = {"pk__gte": rows[0].product_id, "pk__lte": rows[-1].product_id}
        chosen = DiscountRow.objects.filter(batch=rows[0].batch_id).values("product_id")
        products = Product.objects.filter(**span, pk__in=chosen).select_for_update().order_by("pk")
        return {key: Discount(*values) for key, *values in products.values_list("pk", *VALUES)}

    def _write(self, batch: Batch, upper: int) -> int:
        """Give the products of a chunk what their rows say; how many that is."""
        rows = DiscountRow.objects.filter(
            batch=batch, product_id__gt=batch.cursor, product_id__lte=upper
        ).exclude(outcome=Outcome.LEFT_OUT)
        mine = DiscountRow.objects.filter(batch=batch, product_id=OuterRef("pk"))
        return Product.objects.filter(pk__in=rows.values("product_id")).update(
            discount=Subquery(mine.values("discount_to")),
            discount_from=Subquery(mine.values("from_to")),
            discount_until=Subquery(mine.values("until_to")),
        )


class DiscountChange(DiscountWork):
    """The same discount for each product of a selection."""

    name = "discount"
    undo_kind = "discount.undo"
    can_do_again = True

    def again(self, batch: Batch, by: User) -> Batch:
        selection = Selection.of(batch.store, batch.asked["selection"])
        return draft(selection=selection, discount=asked_of(batch), by=by)

    def plan(self, batch: Batch) -> Step:
        selection = Selection.of(batch.store, batch.asked["selection"])
        found = selection.rows().filter(pk__gt=batch.cursor).order_by("pk")
        products = found.values_list("pk", *VALUES)[:CHUNK]
        to = asked_of(batch)
        rows = [new_row(batch, key, Discount(*was), to) for key, *was in products]
        return insert(batch, rows)

    def meet_drift(self, row: DiscountRow, present: Discount) -> None:
        row.was = present


class DiscountUndo(DiscountWork):
    """Gives back the discounts that a change replaced, where its own still stand."""

    name = "discount.undo"
    done = "Given back"
    left_out = "Left: changed since"

    def plan(self, batch: Batch) -> Step:
        done = DiscountRow.objects.filter(
            batch=batch.undoes_id, product_id__gt=batch.cursor, product_id__lte=F("batch__cursor")
        ).exclude(outcome=Outcome.LEFT_OUT)
        chosen = done.order_by("product_id")[:CHUNK]
        return insert(batch, [new_row(batch, row.product_id, row.to, row.was) for row in chosen])

    def meet_drift(self, row: DiscountRow, present: Discount) -> None:
        row.outcome = Outcome.LEFT_OUT


def asked_of(batch: Batch) -> Discount:
    """The discount that a change was asked to set."""
    first, last = (_day(batch.asked[name]) for name in ("from", "until"))
    return Discount(batch.asked["discount"], first, last)


def new_row(batch: Batch, product: int, was: Discount, to: Discount) -> DiscountRow:
    row = DiscountRow(store_id=batch.store_id, batch=batch, product_id=product)
    row.was = was
    row.discount_to, row.from_to, row.until_to = to
    return row


def insert(batch: Batch, rows: list[DiscountRow]) -> Step:
    """Write plan rows, which stand in the order of their products."""
    DiscountRow.objects.bulk_create(rows, batch_size=1_000)
    return Step(cursor=rows[-1].product_id if rows else batch.cursor, rows=len(rows))


def _day(text: str | None) -> dt.date | None:
    return parse_date(text) if text else None


DISCOUNT_CHANGE = DiscountChange()
DISCOUNT_UNDO = DiscountUndo()
