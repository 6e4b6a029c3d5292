"""Giving a product to somebody, and to all its owners once more."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sales import bulk_redelivery, checkout
from sales.forms import BulkRedeliveryForm, SendForm
from sales.refused import Code, Refused
from stores.models import Batch
from stores.rights import Right
from stores.views import CONFLICT, FormPage, answer_saved
from stores.views.bulk import BulkPage


class SendProduct(FormPage):
    """A gift of the store to a resident, customer or not."""

    right = Right.EDIT_CUSTOMERS
    title = gettext_lazy("Send a product")
    submit_label = gettext_lazy("Send")
    template_name = "sales/form.html"
    form_class = SendForm

    def form_options(self) -> dict[str, Any]:
        asked = {name: self.request.GET.get(name, "") for name in ("product", "customer")}
        return {**super().form_options(), "initial": asked}

    def valid(self, form: SendForm) -> HttpResponse:
        asked = form.cleaned_data
        try:
            purchase = checkout.send(
                store=self.request.store,
                product=asked["product"],
                to=form.person,
                by=self.request.user,
                key=asked["token"].hex,
            )
        except Refused as refused:
            form.add_error("product" if refused.code == Code.NOT_SOLD else "customer", str(refused))
            return self.show(form, status=CONFLICT)
        text = _("%(product)s is on its way to %(name)s.") % {
            "product": asked["product"].name,
            "name": purchase.recipient.username,
        }
        page = reverse("sales:purchase", args=[self.request.store.slug, purchase.pk])
        return answer_saved(self.request, text, page, go=True)

    def context(self, form: Any) -> dict[str, Any]:
        text = _("Free of charge. It counts to what they own, not to what they spent.")
        return {**super().context(form), "text": text}

    def cancel_url(self) -> str:
        return reverse("sales:deliveries", args=[self.request.store.slug])


class BulkRedelivery(BulkPage):
    """What to deliver again, and to which of its owners; leads to the preview."""

    right = Right.REDELIVER_MANY
    title = gettext_lazy("Bulk redelivery")
    template_name = "sales/form.html"
    form_class = BulkRedeliveryForm

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "initial": {"product": self.request.GET.get("product")}}

    def draft(self, form: BulkRedeliveryForm) -> Batch:
        asked = form.cleaned_data
        asked["product"].store = self.request.store
        return bulk_redelivery.draft(
            product=asked["product"],
            before=asked["before"],
            per_minute=asked["per_minute"],
            by=self.request.user,
        )

    def cancel_url(self) -> str:
        return reverse("sales:deliveries", args=[self.request.store.slug])
