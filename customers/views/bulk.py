"""Changing the credit of many customers at once."""

from typing import Any

from django.http import HttpResponse

from customers import bulk_credit
from customers.bulk_form import BulkCreditForm
from stores.rights import Right
from stores.ticks import opened_with
from stores.views import FormPage
from stores.views.batches import show_preview


class BulkCredit(FormPage):
    """What to add or take, and for whom; leads to the preview."""

    right = Right.MOVE_CREDIT
    title = "Bulk credit"
    submit_label = "Preview"
    template_name = "customers/bulk_credit.html"
    form_class = BulkCreditForm

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), **opened_with(self.request)}

    def valid(self, form: BulkCreditForm) -> HttpResponse:
        batch = bulk_credit.draft(audience=form.audience, by=self.request.user, **form.change)
        return show_preview(self.request, batch)
