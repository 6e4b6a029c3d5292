"""Lines of sales files, and what they name, in the Django admin."""

from django.contrib import admin

from sales.models import SaleName, SalePerson, SaleRow
from stores.admin_base import BatchRowAdmin, amount


@admin.register(SaleRow)
class SaleRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-line")
    list_display = (
        "id",
        "store",
        "batch",
        "line",
        "state",
        "who",
        "what",
        "at",
        "quantity",
        amount(SaleRow, "amount"),
        "column",
        "reason",
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch")
    fields = (
        *list_display[1:],
        "person",
        "product_name",
        "vendor_name",
        "receipt",
        "import_key",
        "cells",
    )


@admin.register(SaleName)
class SaleNameAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-kind", "-choice", "-id")
    list_display = (
        "id",
        "store",
        "batch",
        "kind",
        "name",
        "choice",
        "product",
        "vendor",
        "made",
        "lines",
        amount(SaleName, "money"),
    )
    list_select_related = ("store", "batch", "product", "vendor")
    fields = (
        *list_display[1:],
        amount(SaleName, "price"),
        "returns",
        amount(SaleName, "returned"),
        "outcome",
        "drifted",
    )


@admin.register(SalePerson)
class SalePersonAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-name_key")
    list_display = ("id", "store", "batch", "username", "uuid", "customer", "made", "reason")
    list_select_related = ("store", "batch", "customer")
    fields = (*list_display[1:], "name_key", "changes", "settled", "outcome", "drifted")
