"""Banning a customer, and letting them in again."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import bans
from customers.ban_forms import BanForm
from customers.models import Customer
from customers.views.base import CustomerView
from stores.rights import Right
from stores.views import CONFLICT, ConfirmPage, FormPage, StoreRequest, answer_saved

SHOWN = 10


class BanCustomer(CustomerView, FormPage):
    """Keeps somebody from buying; can be undone."""

    right = Right.EDIT_CUSTOMERS
    submit_label = gettext_lazy("Ban")
    form_class = BanForm

    def valid(self, form: BanForm) -> HttpResponse:
        customer = self.customer
        try:
            bans.ban(customer=customer, by=self.request.user, **form.cleaned_data)
        except bans.BannedBefore as refused:
            form.add_error(None, str(refused))
            return self.show(form, status=CONFLICT)
        undo = reverse("customers:ban_end", args=[self.request.store.slug, customer.pk])
        return answer_saved(
            self.request,
            _("%(customer)s was banned.") % {"customer": customer.username},
            customer,
            undo=undo,
        )

    def context(self, form: BanForm) -> dict[str, Any]:
        return {
            **super().context(form),
            "title": _("Ban %(customer)s?") % {"customer": self.customer.username},
            "text": _(
                "They can no longer buy, have goods delivered or pay with credit."
                " What they bought and what they hold is kept."
            ),
            "danger": True,
        }


class LiftBan(CustomerView, ConfirmPage):
    """Lets somebody in again."""

    right = Right.EDIT_CUSTOMERS
    label = gettext_lazy("Lift the ban")

    def question(self) -> str:
        return _("Lift the ban of %(customer)s?") % {"customer": self.customer.username}

    def words(self) -> str:
        return _("They can buy, have goods delivered and pay with credit again.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        name = self.customer.username
        lifted = bans.lift(customer=self.customer, by=request.user)
        text = (
            _("The ban of %(name)s was lifted.") % {"name": name}
            if lifted
            else _("%(name)s is not banned.") % {"name": name}
        )
        return answer_saved(request, text, self.customer)


def bans_of(customer: Customer) -> dict[str, Any]:
    """The ban that holds and those before it, latest first, for the profile."""
    latest = bans.latest(customer, SHOWN)
    holding = next((ban for ban in latest if ban.holds), None)
    return {"ban": holding, "earlier_bans": [ban for ban in latest if ban is not holding]}
