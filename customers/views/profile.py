"""The profile of a customer."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from customers import lists, profiles, tasks
from customers.credit import CreditRefused
from customers.forms import ProfileForm
from customers.models import Balance
from customers.views.bans import bans_of
from customers.views.base import CustomerView, FiguresView
from customers.views.beside import beside
from customers.views.history import latest_purchases
from stores import pictures
from stores.rights import Right
from stores.views import CONFLICT, FormPage, StoreRequest, answer_saved

OWNED_SHOWN = 10


class Profile(FiguresView, FormPage):
    """Who it is, what they own and bought, and a form for what can be edited."""

    change_right = Right.EDIT_CUSTOMERS
    template_name = "customers/profile.html"
    form_class = ProfileForm
    related = ("account", "portrait")
    store_related = ("year_window", "customer_count")

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        tasks.keep_portrait(self.customer)
        return super().get(request, **kwargs)

    def form_options(self) -> dict[str, Any]:
        return {
            "store": self.request.store,
            "customer": self.customer,
            "member": self.request.member,
        }

    def valid(self, form: ProfileForm) -> HttpResponse:
        try:
            changed = self._save(form)
        except profiles.Changed as conflict:
            form.show_conflict(conflict)
            return self.show(form, status=CONFLICT)
        except CreditRefused as refused:
            form.add_error(None, str(refused))
            return self.show(form, status=CONFLICT)
        text = (
            _("%(customer)s was saved.") % {"customer": self.customer.username}
            if changed
            else _("Nothing was changed.")
        )
        return answer_saved(self.request, text, self.customer)

    def _save(self, form: ProfileForm) -> list[str]:
        values = form.cleaned_data
        return profiles.edit_with_picture(
            customer=self.customer,
            by=self.request.user,
            opened=values["opened"],
            fields=form.edited,
            balances=form.balances,
            picture=values["picture"],
            clear_picture=values.get("clear_picture", False),
            token=values["token"],
            reason=values.get("reason", ""),
            note=values.get("reason_note", ""),
        )

    def context(self, form: ProfileForm) -> dict[str, Any]:
        return {
            **super().context(form),
            "title": self.customer.username,
            "customer": self.customer,
            "beside": beside(self.request, self.customer),
            "figures_as_of": self.figures_as_of,
            "may_edit": self.may(Right.EDIT_CUSTOMERS),
            "facts": self._facts(form),
            "formerly": self._old_names(),
            "may_remove": self.may(Right.REMOVE_PRODUCTS),
            "may_redeliver": self.may(Right.EDIT_CUSTOMERS),
            "owned": lists.owned(self.customer, after=None, limit=OWNED_SHOWN),
            **latest_purchases(self.customer),
            **bans_of(self.customer),
        }

    def _old_names(self) -> list[str]:
        """The names they had, each once, latest first."""
        names = self.customer.old_names.values_list("username", flat=True)
        return [name for name in dict.fromkeys(names) if name != self.customer.username]

    def _facts(self, form: ProfileForm) -> list[tuple[str, str]]:
        """What this member sees and does not edit."""
        customer, account = self.customer, self.customer.account
        money, said = self.request.store.money, {True: _("Yes"), False: _("No")}
        facts = {
            "credit": (str(Balance.CREDIT.label), money.format(account.credit)),
            "restricted": (str(Balance.RESTRICTED.label), money.format(account.restricted)),
            "discount": (_("Discount"), f"{customer.discount} %"),
            "subscriber": (_("News subscriber"), said[customer.subscriber]),
            "group_member": (_("Group member"), said[customer.group_member]),
        }
        edited = form.fields if self.may(Right.EDIT_CUSTOMERS) else {}
        return [fact for name, fact in facts.items() if name not in edited]


class Picture(CustomerView):
    """The picture itself."""

    def get(self, request: StoreRequest, name: str, **kwargs: Any) -> FileResponse:
        return pictures.answer(self.customer.picture, name)
