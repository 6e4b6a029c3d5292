"""Changing the credit of many customers at once."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from customers import bulk_credit
from customers.bulk_form import MOST_TICKED, BulkCreditForm
from stores.rights import Right
from stores.views import FormPage
from stores.views.batches import BatchPage


class BulkCredit(FormPage):
    """What to add or take, and for whom; leads to the preview."""

    right = Right.MOVE_CREDIT
    title = "Bulk credit"
    submit_label = "Preview"
    template_name = "customers/bulk_credit.html"
    form_class = BulkCreditForm

    def form_options(self) -> dict[str, Any]:
        query = self.request.GET.copy()
        ticked = query.pop("tick", [])[:MOST_TICKED]
        return {
            **super().form_options(),
            "ticked": tuple(int(key) for key in ticked if _is_key(key)),
            "query": query.urlencode(),
        }

    def valid(self, form: BulkCreditForm) -> HttpResponse:
        batch = bulk_credit.draft(audience=form.audience, by=self.request.user, **form.change)
        if not self.request.htmx:
            return HttpResponseRedirect(batch.get_absolute_url())
        preview = BatchPage()
        preview.setup(self.request, slug=self.request.store.slug, pk=batch.pk)
        return preview.show()


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
