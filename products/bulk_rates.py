"""Setting what many vendors take off, and its undo."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from products import rate_words as words
from products.bulk_values import ValueWork
from products.models import RateRow, Vendor
from products.rates import Asked, Rates
from products.selection import VendorSelection
from stores import batches
from stores.batches import Step
from stores.models import Batch, Outcome, User
from stores.tables import Row


def draft(*, selection: VendorSelection, asked: Asked, by: User) -> Batch:
    """Plan to give each vendor of the selection what is asked, in place of its own.

    Raises BatchRefused for a filter that cannot be read.
    """
    return batches.draft(
        store=selection.store,
        kind=RATE_CHANGE,
        title=_("Vendors: %(rates)s") % {"rates": asked.words},
        asked={"selection": selection.as_asked(), **asked._asdict()},
        by=by,
        targets=selection.count(),
    )


class RateWork(ValueWork):
    """What the change and its undo share: rows over vendors."""

    noun = npgettext_lazy("counted", "vendor", "vendors")
    touches_all = gettext_lazy(
        "With no filter set, this update touches every vendor in your store (%(number)s)."
    )
    rows = RateRow
    target = "vendor_id"
    model = Vendor
    columns = {"discount": "discount", "group_discount": "members"}
    value = Rates
    replaced = (Q(discount_was__gt=0) & ~Q(discount_was=F("discount_to"))) | (
        Q(members_was__gt=0) & ~Q(members_was=F("members_to"))
    )
    header = words.HEADER

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(line)


class RateChange(RateWork):
    """The same for each vendor of a selection; what is not asked for is left to each."""

    name = "rates"
    undo_kind = "rates.undo"
    can_do_again = True

    def again(self, batch: Batch, by: User) -> Batch:
        selection = VendorSelection.of(batch.store, batch.asked["selection"])
        return draft(selection=selection, asked=words.asked_of(batch), by=by)

    def plan(self, batch: Batch) -> Step:
        selection = VendorSelection.of(batch.store, batch.asked["selection"])
        return self.plan_rows(batch, selection.rows(), words.asked_of(batch).of)

    def meet_drift(self, batch: Batch, row: RateRow, present: Rates) -> None:
        row.was, row.to = present, words.asked_of(batch).of(present)


class RateUndo(RateWork):
    """Gives back what a change replaced, where its own still stands."""

    name = "rates.undo"
    done = gettext_lazy("Given back")
    left_out = gettext_lazy("Left: changed since")

    def plan(self, batch: Batch) -> Step:
        return self.plan_undo(batch)

    def meet_drift(self, batch: Batch, row: RateRow, present: Rates) -> None:
        row.outcome = Outcome.LEFT_OUT


RATE_CHANGE = RateChange()
RATE_UNDO = RateUndo()
