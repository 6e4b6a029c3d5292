"""Purchases in the Django admin."""

from django.contrib import admin

from customers.admin.rows import CustomerRows
from customers.models import Purchase
from stores.admin_base import BY_STORE, NewestEmpty, StoreFilter, amount


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
        amount(Purchase, "price"),
        amount(Purchase, "money"),
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
        amount(Purchase, "list_price"),
        amount(Purchase, "price"),
        amount(Purchase, "money"),
        amount(Purchase, "credit"),
        amount(Purchase, "restricted"),
        "group_member",
        "returns",
        "batch",
        "by",
        "import_key",
        "removed_at",
    )
