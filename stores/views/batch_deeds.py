"""What is done with a batch from its page: apply, undo, stop, go on."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from stores import batches
from stores.batches import BatchRefused, kind_of
from stores.models import Batch, State
from stores.rights import Right
from stores.views.base import StoreRequest
from stores.views.batches import BatchView, batch_url, may_undo, show_preview, to_page
from stores.views.forms import answer_saved

CONFLICT = 409


class BatchDeed(BatchView):
    """A deed on a batch: whoever may make such a change may do it."""

    question = ""
    text = ""
    label = ""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self._ask_right()
        context = {
            "title": self.question,
            "text": f"{self.batch.title}: {self.text}",
            "submit_label": self.label,
            "cancel_url": self.batch.get_absolute_url(),
        }
        return self.render("stores/confirm.html", context, part="body")

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

    question = "Apply this change?"
    text = "exactly what the preview shows is done."
    label = "Apply"

    def do(self) -> Batch:
        return batches.apply(batch=self.batch, by=self.request.user)


class UndoBatch(BatchDeed):
    """Gives back what a batch did."""

    question = "Undo this change?"
    text = "what it moved is given back, as far as it is still there."
    label = "Undo"

    def asked_right(self) -> Right:
        return batches.undo_right(self.batch)

    def do(self) -> Batch:
        return batches.undo(batch=self.batch, by=self.request.user)


class RepeatBatch(BatchDeed):
    """Drafts the same change anew."""

    question = "Do this change again?"
    text = "it is planned anew, for whoever it is for now; you see the preview first."
    label = "Do it again"

    def do(self) -> Batch:
        return batches.again(batch=self.batch, by=self.request.user)

    def answer(self, batch: Batch) -> HttpResponse:
        return show_preview(self.request, batch)


class CancelBatch(BatchDeed):
    """Stops a batch."""

    question = "Stop this change?"
    text = "what is done until now stands, and can be undone."
    label = "Stop"

    def do(self) -> Batch:
        return batches.cancel(batch=self.batch, by=self.request.user)

    def answer(self, batch: Batch) -> HttpResponse:
        return to_page(self.request, batch)


class ResumeBatch(BatchDeed):
    """Lets a batch that stopped half-way go on."""

    question = "Go on with this change?"
    text = "it goes on with the rows that are left."
    label = "Go on"

    def do(self) -> Batch:
        return batches.resume(batch=self.batch, by=self.request.user)
