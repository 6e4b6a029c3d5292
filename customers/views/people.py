"""Correcting a name, archiving a mistake."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import profiles
from customers.forms import CorrectionForm
from customers.views.base import CustomerView
from stores.rights import Right
from stores.views import ConfirmPage, FormPage, StoreRequest, answer_saved


class EditName(CustomerView, FormPage):
    """The username and the uuid; the old name still finds the customer."""

    right = Right.EDIT_CUSTOMERS
    title = gettext_lazy("Correct the name")
    form_class = CorrectionForm

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store, "initial": CorrectionForm.opened_on(self.customer)}

    def valid(self, form: CorrectionForm) -> HttpResponse:
        values = form.cleaned_data
        try:
            changed = profiles.correct(
                customer=self.customer,
                username=values["username"],
                uuid=values["uuid"],
                forget=form.forgotten,
                by=self.request.user,
            )
        except profiles.Known as known:
            form.show_known(known)
            return self.show(form)
        text = (
            _("%(customer)s was saved.") % {"customer": self.customer.username}
            if changed
            else _("Nothing was changed.")
        )
        return answer_saved(self.request, text, self.customer)


class Archive(CustomerView, ConfirmPage):
    """Hides a customer who was added by mistake; can be undone."""

    right = Right.EDIT_CUSTOMERS
    label = gettext_lazy("Archive")

    def question(self) -> str:
        return _("Archive %(customer)s?") % {"customer": self.customer.username}

    def words(self) -> str:
        return _(
            "They are no longer listed or counted."
            " What they bought and every credit entry are kept."
        )

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        profiles.archive(customer=self.customer, by=request.user)
        undo = reverse("customers:unarchive", args=[request.store.slug, self.customer.pk])
        return answer_saved(
            request,
            _("%(customer)s was archived.") % {"customer": self.customer.username},
            request.store,
            undo=undo,
        )


class Unarchive(CustomerView, ConfirmPage):
    """Lists an archived customer again."""

    right = Right.EDIT_CUSTOMERS
    label = gettext_lazy("List again")

    def question(self) -> str:
        return _("List %(customer)s again?") % {"customer": self.customer.username}

    def words(self) -> str:
        return _("They are listed and counted as before.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        profiles.restore(customer=self.customer, by=request.user)
        return answer_saved(
            request,
            _("%(customer)s is listed again.") % {"customer": self.customer.username},
            self.customer,
        )
