"""Credit in the Django admin: accounts, entries, and the rows of bulk changes."""

from django.contrib import admin

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
        "batch",
        "reverses",
        "token",
    )

    def customer(self, entry: CreditEntry) -> Customer:
        return entry.account.customer


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


@admin.register(CreditRow)
class CreditRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-account_id")
    list_display = (
        "id",
        "store",
        "batch",
        "customer",
        amount("credit_asked"),
        amount("credit_was"),
        amount("credit_to"),
        amount("restricted_asked"),
        amount("restricted_was"),
        amount("restricted_to"),
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "account__customer")
    fields = list_display[1:]

    def customer(self, row: CreditRow) -> Customer:
        return row.account.customer
