"""Changing the credit of many customers at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers import bulk_credit, tasks
from customers.bulk_form import BulkCreditForm
from stores.models import Batch
from stores.rights import Right
from stores.views.bulk import BulkPage


class BulkCredit(BulkPage):
    """What to add or take, and for whom; leads to the preview."""

    right = Right.MOVE_CREDIT
    title = _("Bulk credit")
    fields_template = "customers/bulk_credit_fields.html"
    form_class = BulkCreditForm

    def form_options(self) -> dict[str, Any]:
        """Whom it is for may go by Spent -1Y: the year rolls before they are counted."""
        tasks.keep_year(self.request.store)
        return super().form_options()

    def draft(self, form: BulkCreditForm) -> Batch:
        return bulk_credit.draft(audience=form.audience, by=self.request.user, **form.change)
