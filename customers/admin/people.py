"""Customers in the Django admin: who they are, and how they are found."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from customers import profiles
from customers.admin.rows import CustomerParts, CustomerRows
from customers.admin_search import FOUND, alike
from customers.models import Customer, OldName, Portrait, SearchText
from stores.admin_base import (
    BY_STORE,
    Kept,
    NewestBoolean,
    NewestEmpty,
    StoreFilter,
    amount,
    staff,
)
from stores.models import Store


class CustomerForm(forms.ModelForm):
    """The fields that a verb writes, each with the value that the form was opened with."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def opened(self) -> dict[str, Any]:
        return {name: self._opened(self[name]) for name in self.fields}

    def wanted(self) -> dict[str, Any]:
        opened = self.opened()
        return {name: _same(value, opened[name]) for name, value in self.cleaned_data.items()}

    def _opened(self, bound: Any) -> Any:
        """What the browser sent back of it, and what is there now where it sent nothing."""
        sent = self.data.get(bound.html_initial_name)
        return bound.initial if sent is None else _same(bound.field.to_python(sent), bound.initial)


def _same(value: Any, before: Any) -> Any:
    """`before` where the two differ only in how a form sends the ends of lines."""
    as_sent = isinstance(value, str) and value.strip().splitlines() == before.strip().splitlines()
    return before if as_sent else value


@admin.register(Customer)
class CustomerAdmin(Kept):
    """Names, archiving and credit have pages of their own in the store."""

    form = CustomerForm
    list_display = (
        "id",
        "username",
        "store",
        "email",
        amount(Customer, "spent"),
        amount(Customer, "spent_year"),
        "owns",
        amount(Customer, "account.credit"),
        amount(Customer, "account.restricted"),
        "discount",
        "last_purchase_at",
    )
    list_filter = (
        StoreFilter,
        ("subscriber", NewestBoolean),
        ("group_member", NewestBoolean),
        ("archived_at", NewestEmpty),
    )
    list_select_related = ("store", "account")
    store_order = BY_STORE
    search_help_text = FOUND
    readonly_fields = (
        "store",
        "username",
        "uuid",
        amount(Customer, "spent"),
        amount(Customer, "spent_year"),
        "owns",
        amount(Customer, "account.credit"),
        amount(Customer, "account.restricted"),
        "first_purchase_at",
        "last_purchase_at",
        "subscriber_source",
        "subscriber_at",
        "group_confirmed_at",
        "archived_at",
        "created_at",
    )
    fields = (*readonly_fields[:3], *profiles.EDITABLE, *readonly_fields[3:])

    def matching(self, term: str, store: Store | None) -> Q:
        return Q(pk__in=alike(term, store))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except profiles.Changed as conflict:
            now = ", ".join(
                _("%(name)s is now “%(value)s”") % {"name": name, "value": value}
                for name, value in conflict.present.items()
            )
            text = _("%(conflict)s Nothing was saved: %(now)s.") % {
                "conflict": conflict,
                "now": now,
            }
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        profiles.edit(customer=obj, by=staff(request), opened=form.opened(), fields=form.wanted())


@admin.register(OldName)
class OldNameAdmin(CustomerRows):
    list_display = ("id", "username", "customer", "store", "until")
    list_select_related = ("customer", "store")
    fields = ("store", "customer", "username", "until")


@admin.register(SearchText)
class SearchTextAdmin(CustomerParts):
    list_display = ("customer", "store", "text")
    fields = ("customer", "store", "text")


@admin.register(Portrait)
class PortraitAdmin(CustomerParts):
    list_display = ("customer", "store", "state", "looked_at")
    list_filter = ("state",)
    fields = ("customer", "store", "state", "image", "file", "looked_at")
