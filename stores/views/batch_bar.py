"""The bar of the batch at work, on every page of its store: how far it is, and at its end what was
done.
"""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from stores.batches import kind_of
from stores.models import Batch, State
from stores.views.base import StoreRequest
from stores.views.batches import BatchView, batch_url, may_undo
from stores.views.forms import say

TEMPLATE = "batches/bar.html"


def batch_of_bar(request: StoreRequest) -> Batch | None:
    """The batch that the page tells of; none on the page of that batch, which tells more."""
    if request.batch_at_work is None:
        return None
    batch = Batch.objects.get(pk=request.batch_at_work)
    batch.store = request.store
    return None if request.path == batch.get_absolute_url() else batch


class BatchBar(BatchView):
    """The bar alone, asked for again and again: nothing where the batch has ended, and then a toast
    once.
    """

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if self.batch.is_working:
            return TemplateResponse(request, TEMPLATE, {"batch": self.batch})
        answer = HttpResponse()
        if self.batch.has_ended:
            answer.headers["HX-Trigger"] = self.said()
        return answer

    def said(self) -> str:
        batch = self.batch
        undone = getattr(batch, "undone_by", None)
        undo = batch_url(batch, "undo") if may_undo(batch, self.request.member) else ""
        words = {
            State.FAILED: f"{batch.title}: {batch.failure}",
            State.CANCELLED: _("Stopped. %(said)s") % {"said": kind_of(batch).said(batch)},
        }
        return say(
            words.get(State(batch.state)) or kind_of(batch).said(batch),
            events={"results:refresh": {}},
            undo="" if undone else undo,
            level="error" if batch.state == State.FAILED else "success",
        )
