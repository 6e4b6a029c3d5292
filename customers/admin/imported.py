"""Lines of customer files in the Django admin."""

from django.contrib import admin

from customers.models import CustomerLine
from stores.admin_base import BatchRowAdmin, amount


@admin.register(CustomerLine)
class CustomerLineAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-line")
    list_display = (
        "id",
        "store",
        "batch",
        "line",
        "state",
        "customer",
        "username",
        amount(CustomerLine, "credit_asked"),
        amount(CustomerLine, "restricted_asked"),
        "column",
        "reason",
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "customer")
    fields = (
        *list_display[1:],
        amount(CustomerLine, "credit_was"),
        amount(CustomerLine, "restricted_was"),
        "name_key",
        "uuid",
        "changes",
        "cells",
    )
