"""The Django admin of customers, purchases and credit: only verbs write."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from customers import profiles
from customers.admin_search import ALIKE, EXACT, alike, named
from customers.models import (
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerCount,
    OldName,
    Purchase,
    SearchText,
    YearWindow,
)
from stores.admin_base import (
    BY_STORE,
    Kept,
    NewestBoolean,
    NewestChoices,
    NewestEmpty,
    ReadOnly,
    StoreFilter,
    amount,
    by_key,
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
        amount("spent"),
        amount("spent_year"),
        "owns",
        amount("account.credit", "credit"),
        amount("account.restricted", "restricted"),
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
    search_help_text = f"{EXACT}; {ALIKE}."
    readonly_fields = (
        "store",
        "username",
        "uuid",
        amount("spent"),
        amount("spent_year"),
        "owns",
        amount("account.credit", "credit"),
        amount("account.restricted", "restricted"),
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
            now = ", ".join(f"{name} is now “{value}”" for name, value in conflict.present.items())
            self.message_user(request, f"{conflict} Nothing was saved: {now}.", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        profiles.edit(customer=obj, by=staff(request), opened=form.opened(), fields=form.wanted())


class CustomerRows(ReadOnly):
    """Rows that point at customers by `paths`; a search names a customer, or the row itself."""

    list_filter: ClassVar[Any] = (StoreFilter,)
    search_help_text = f"{EXACT}, or the row's number."
    paths: tuple[str, ...] = ("customer",)

    def matching(self, term: str, store: Store | None) -> Q:
        customers = self.customers(term, store)
        found = by_key(term)
        for path in self.paths:
            found |= Q(**{f"{path}__in": customers})
        return found

    def customers(self, term: str, store: Store | None) -> list[int]:
        return named(term, store)


@admin.register(OldName)
class OldNameAdmin(CustomerRows):
    list_display = ("id", "username", "customer", "store", "until")
    list_select_related = ("customer", "store")
    fields = ("store", "customer", "username", "until")


@admin.register(Purchase)
class PurchaseAdmin(CustomerRows):
    list_display = (
        "id",
        "store",
        "at",
        "payer",
        "recipient",
        "product",
        "quantity",
        amount("price"),
        amount("money"),
        "removed_at",
    )
    list_filter = (
        StoreFilter,
        ("returns", NewestEmpty),
        ("removed_at", NewestEmpty),
    )
    list_select_related = ("store", "payer", "recipient", "product")
    store_order = BY_STORE
    paths = ("payer", "recipient")
    fields = (
        "store",
        "payer",
        "recipient",
        "product",
        "vendor",
        "quantity",
        "at",
        "counts_on",
        "receipt",
        amount("list_price"),
        amount("price"),
        amount("money"),
        amount("credit"),
        amount("restricted"),
        "group_member",
        "returns",
        "by",
        "import_key",
        "removed_at",
    )


@admin.register(CreditEntry)
class CreditEntryAdmin(CustomerRows):
    list_display = (
        "id",
        "store",
        "at",
        "customer",
        "balance",
        amount("delta"),
        amount("after"),
        "kind",
        "reason",
        "by",
    )
    list_filter = (
        StoreFilter,
        ("balance", NewestChoices),
        ("kind", NewestChoices),
        ("reason", NewestChoices),
    )
    list_select_related = ("store", "account__customer", "by")
    store_order = BY_STORE
    paths = ("account",)
    fields = (
        "store",
        "customer",
        "account",
        "balance",
        "seq",
        amount("delta"),
        amount("after"),
        "kind",
        "reason",
        "note",
        "at",
        "by",
        "purchase",
        "reverses",
        "token",
    )

    def customer(self, entry: CreditEntry) -> Customer:
        return entry.account.customer


class CustomerParts(CustomerRows):
    """Rows that share the key of their customer."""

    search_help_text = f"{EXACT}; {ALIKE}."
    list_select_related: ClassVar[Any] = ("store", "customer")
    paths = ("pk",)

    def customers(self, term: str, store: Store | None) -> list[int]:
        return alike(term, store)


@admin.register(CreditAccount)
class CreditAccountAdmin(CustomerParts):
    list_display = ("customer", "store", amount("credit"), amount("restricted"), "listed")
    list_filter = (StoreFilter, ("listed", NewestBoolean))
    store_order = BY_STORE
    fields = (
        "customer",
        "store",
        amount("credit"),
        amount("restricted"),
        "credit_seq",
        "restricted_seq",
        "listed",
    )


@admin.register(SearchText)
class SearchTextAdmin(CustomerParts):
    list_display = ("customer", "store", "text")
    fields = ("customer", "store", "text")


@admin.register(YearWindow)
class YearWindowAdmin(ReadOnly):
    list_display = ("store", "through")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    search_help_text = "The store's number."
    fields = ("store", "through")


@admin.register(CustomerCount)
class CustomerCountAdmin(ReadOnly):
    list_display = ("store", "listed")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    search_help_text = "The store's number."
    fields = ("store", "listed")
