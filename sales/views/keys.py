"""The key of a vendor: what is known of it, a new one, none any more. For owners."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.views.vendors import VendorView
from sales import keys
from sales.key_form import KeyForm
from sales.models import VendorKey
from stores.rights import Right
from stores.views import ConfirmPage, FormPage, StoreRequest, answer_saved


class KeyView(VendorView):
    """A page about the key of one vendor."""

    right = Right.RUN_STORE

    def cancel_url(self) -> str:
        return self.row.get_absolute_url()

    def current(self) -> VendorKey | None:
        return keys.current(self.row)


class Key(KeyView, FormPage):
    """The key as far as it is known, and a form that makes another."""

    template_name = "sales/key.html"
    form_class = KeyForm

    def form_options(self) -> dict[str, Any]:
        key = self.current()
        return {"store": self.request.store, "initial": {"pays_out": bool(key and key.pays_out)}}

    def valid(self, form: KeyForm) -> HttpResponse:
        issued = keys.issue(
            vendor=self.row, by=self.request.user, pays_out=form.cleaned_data["pays_out"]
        )
        never_again = _("Copy it into the script now: it is not shown again.")
        context = {**self.context(form), "secret": issued[1], "never_again": never_again}
        return self.render(self.template_name, context, part="body")

    def context(self, form: KeyForm) -> dict[str, Any]:
        key = self.current()
        return {
            **super().context(form),
            "title": _("Key of %(vendor)s") % {"vendor": self.row},
            "key": key,
            "retired": self.row.retired_at is not None,
            "submit_label": _("Replace the key") if key else _("Make a key"),
            "revocation_url": reverse(
                "sales:key_revocation", args=[self.request.store.slug, self.row.pk]
            ),
        }


class KeyRevocation(KeyView, ConfirmPage):
    """Takes the key away."""

    label = gettext_lazy("Revoke")
    danger = True

    def question(self) -> str:
        return _("Revoke the key of %(vendor)s?") % {"vendor": self.row}

    def words(self) -> str:
        return _("Its script is refused at once, until it is given another key.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        done = keys.revoke(vendor=self.row, by=request.user)
        text = _("The key of %(vendor)s was revoked.") if done else _("%(vendor)s has no key.")
        return answer_saved(request, text % {"vendor": self.row}, self.cancel_url())
