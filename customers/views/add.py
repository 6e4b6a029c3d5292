"""Adding a customer by hand."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import profiles
from customers.credit import CreditRefused
from customers.forms import AddForm
from customers.models import Customer
from stores.rights import Right
from stores.views import CONFLICT, FormPage, answer_saved


class AddCustomer(FormPage):
    """A name, the uuid if known, and what the customer starts with."""

    right = Right.EDIT_CUSTOMERS
    title = gettext_lazy("Add customer")
    submit_label = gettext_lazy("Add customer")
    form_class = AddForm

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store, "member": self.request.member}

    def valid(self, form: AddForm) -> HttpResponse:
        try:
            customer = self._add(form)
        except profiles.Known as known:
            form.show_known(known)
            return self.show(form)
        except CreditRefused as refused:
            form.add_error(None, str(refused))
            return self.show(form, status=CONFLICT)
        return answer_saved(
            self.request, _("%(customer)s was added.") % {"customer": customer.username}, customer
        )

    def _add(self, form: AddForm) -> Customer:
        values = form.cleaned_data
        fields = {"discount": values["discount"]} if "discount" in values else {}
        return profiles.add(
            store=self.request.store,
            username=values["username"],
            uuid=values["uuid"],
            opening=form.opening,
            token=values["token"],
            by=self.request.user,
            **fields,
        )
