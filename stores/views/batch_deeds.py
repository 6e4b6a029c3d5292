"""What is done with a batch from its page: apply, undo, stop, go on."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from stores import batches
from stores.batches import BatchRefused, kind_of
from stores.models import Batch, State
from stores.nouns import Words
from stores.rights import Right
from stores.views.base import CONFLICT, StoreRequest
from stores.views.batches import BatchView, batch_url, may_undo, show_preview, to_page
from stores.views.confirm import ConfirmPage
from stores.views.forms import answer_saved


class BatchDeed(BatchView, ConfirmPage):
    """A deed on a batch: whoever may make such a change may do it. What it `asks`, and what it
    `means`.
    """

    asks: Words = ""
    means: Words = ""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self._ask_right()
        return self.ask()

    def question(self) -> str:
        return str(self.asks)

    def words(self) -> str:
        return f"{self.batch.title}: {self.means}"

    def cancel_url(self) -> str:
        return self.batch.get_absolute_url()

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self._ask_right()
        try:
            batch = self.do()
        except BatchRefused as refused:
            del self.batch  # it is not as it was when the page was opened
            return self.show(error=str(refused), status=CONFLICT)
        batch.store = request.store
        return self.answer(batch)

    def do(self) -> Batch:
        raise TypeError(f"{type(self).__name__} does nothing")

    def answer(self, batch: Batch) -> HttpResponse:
        return answer_done(self.request, batch)

    def asked_right(self) -> Right:
        return kind_of(self.batch).right

    def _ask_right(self) -> None:
        if not self.may(self.asked_right()):
            raise PermissionDenied


def answer_done(request: StoreRequest, batch: Batch) -> HttpResponse:
    """A small change is done by now and is said so; of a large one its page tells."""
    if batch.state != State.DONE:
        return to_page(request, batch)
    undo = batch_url(batch, "undo") if may_undo(batch, request.member) else ""
    return answer_saved(request, kind_of(batch).said(batch), batch, undo=undo)


class ApplyBatch(BatchDeed):
    """Applies a preview, once."""

    asks = _("Apply this change?")
    means = _("exactly what the preview shows is done.")
    label = _("Apply")

    def do(self) -> Batch:
        return batches.apply(batch=self.batch, by=self.request.user)


class UndoBatch(BatchDeed):
    """Gives back what a batch did."""

    asks = _("Undo this change?")
    means = _("what it moved is given back, as far as it is still there.")
    label = _("Undo")

    def asked_right(self) -> Right:
        return batches.undo_right(self.batch)

    def do(self) -> Batch:
        return batches.undo(batch=self.batch, by=self.request.user)


class RepeatBatch(BatchDeed):
    """Drafts the same change anew."""

    asks = _("Do this change again?")
    means = _("it is planned anew, for whoever it is for now; you see the preview first.")
    label = _("Do it again")

    def do(self) -> Batch:
        return batches.again(batch=self.batch, by=self.request.user)

    def answer(self, batch: Batch) -> HttpResponse:
        return show_preview(self.request, batch)


class CancelBatch(BatchDeed):
    """Stops a batch."""

    asks = _("Stop this change?")
    means = _("what is done until now stands, and can be undone.")
    label = _("Stop")

    def do(self) -> Batch:
        return batches.cancel(batch=self.batch, by=self.request.user)

    def answer(self, batch: Batch) -> HttpResponse:
        return to_page(self.request, batch)


class ResumeBatch(BatchDeed):
    """Lets a batch that stopped half-way go on."""

    asks = _("Go on with this change?")
    means = _("it goes on with the rows that are left.")
    label = _("Go on")

    def do(self) -> Batch:
        return batches.resume(batch=self.batch, by=self.request.user)
