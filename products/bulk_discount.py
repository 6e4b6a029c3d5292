"""Setting one discount on many products, and its undo: each gets the same one, with its days."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from products import discount_words as words
from products.bulk_values import ValueWork
from products.discounts import Discount
from products.models import DiscountRow, Product
from products.selection import Selection
from stores import batches
from stores.batches import Step
from stores.edits import plain
from stores.models import Batch, Outcome, User
from stores.tables import Row


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
    what = _("No discount")
    if discount.percent:
        what = _("Discount %(discount)s") % {"discount": discount.words}
    about = chosen["words"] if selection.category else ""
    return batches.draft(
        store=selection.store,
        kind=DISCOUNT_CHANGE,
        title=f"{what}, {about}" if about else what,
        asked=asked,
        by=by,
        targets=selection.count(),
    )


class DiscountWork(ValueWork):
    """What the change and its undo share: rows over products."""

    noun = npgettext_lazy("counted", "product", "products")
    touches_all = gettext_lazy(
        "With no filter set, this update touches every product in your store (%(number)s)."
    )
    rows = DiscountRow
    target = "product_id"
    model = Product
    columns = {"discount": "discount", "discount_from": "from", "discount_until": "until"}
    value = Discount
    replaced = Q(discount_was__gt=0)
    header = words.HEADER

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(line)


class DiscountChange(DiscountWork):
    """The same discount for each product of a selection."""

    name = "discount"
    undo_kind = "discount.undo"
    can_do_again = True

    def again(self, batch: Batch, by: User) -> Batch:
        selection = Selection.of(batch.store, batch.asked["selection"])
        return draft(selection=selection, discount=words.asked_of(batch), by=by)

    def plan(self, batch: Batch) -> Step:
        selection, to = Selection.of(batch.store, batch.asked["selection"]), words.asked_of(batch)
        return self.plan_rows(batch, selection.rows(), lambda was: to)

    def meet_drift(self, batch: Batch, row: DiscountRow, present: Discount) -> None:
        row.was = present


class DiscountUndo(DiscountWork):
    """Gives back the discounts that a change replaced, where its own still stand."""

    name = "discount.undo"
    done = gettext_lazy("Given back")
    left_out = gettext_lazy("Left: changed since")

    def plan(self, batch: Batch) -> Step:
        return self.plan_undo(batch)

    def meet_drift(self, batch: Batch, row: DiscountRow, present: Discount) -> None:
        row.outcome = Outcome.LEFT_OUT


DISCOUNT_CHANGE = DiscountChange()
DISCOUNT_UNDO = DiscountUndo()
