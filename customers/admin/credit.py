"""Credit in the Django admin: accounts, entries, and the rows of bulk changes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers.admin.rows import CustomerParts, CustomerRows
from customers.models import CreditAccount, CreditEntry, CreditRow, Customer
from stores.admin_base import (
    BY_STORE,
    BatchRowAdmin,
    NewestBoolean,
    NewestChoices,
    StoreFilter,
    amount,
)


@admin.register(CreditEntry)
class CreditEntryAdmin(CustomerRows):
    list_display = (
        "id",
        "store",
        "at",
        "customer",
        "balance",
        amount(CreditEntry, "delta"),
        amount(CreditEntry, "after"),
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
        amount(CreditEntry, "delta"),
        amount(CreditEntry, "after"),
        "kind",
        "reason",
        "note",
        "at",
        "by",
        "purchase",
        "batch",
        "reverses",
        "token",
    )

    @admin.display(description=_("customer"))
    def customer(self, entry: CreditEntry) -> Customer:
        return entry.account.customer


@admin.register(CreditAccount)
class CreditAccountAdmin(CustomerParts):
    list_display = (
        "customer",
        "store",
        amount(CreditAccount, "credit"),
        amount(CreditAccount, "restricted"),
        "listed",
    )
    list_filter = (StoreFilter, ("listed", NewestBoolean))
    store_order = BY_STORE
    fields = (
        "customer",
        "store",
        amount(CreditAccount, "credit"),
        amount(CreditAccount, "restricted"),
        "credit_seq",
        "restricted_seq",
        "listed",
    )


@admin.register(CreditRow)
class CreditRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-account_id")
    list_display = (
        "id",
        "store",
        "batch",
        "customer",
        amount(CreditRow, "credit_asked"),
        amount(CreditRow, "credit_was"),
        amount(CreditRow, "credit_to"),
        amount(CreditRow, "restricted_asked"),
        amount(CreditRow, "restricted_was"),
        amount(CreditRow, "restricted_to"),
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "account__customer")
    fields = list_display[1:]

    @admin.display(description=_("customer"))
    def customer(self, row: CreditRow) -> Customer:
        return row.account.customer
