"""Changing the credit of many customers at once."""

from customers import bulk_credit
from customers.bulk_form import BulkCreditForm
from stores.models import Batch
from stores.rights import Right
from stores.views.bulk import BulkPage


class BulkCredit(BulkPage):
    """What to add or take, and for whom; leads to the preview."""

    right = Right.MOVE_CREDIT
    title = "Bulk credit"
    template_name = "customers/bulk_credit.html"
    form_class = BulkCreditForm

    def draft(self, form: BulkCreditForm) -> Batch:
        return bulk_credit.draft(audience=form.audience, by=self.request.user, **form.change)
