"""Bans in the Django admin."""

from django.contrib import admin

from customers.admin.rows import CustomerRows
from customers.models import Ban


@admin.register(Ban)
class BanAdmin(CustomerRows):
    list_display = ("id", "customer", "store", "reason", "at", "until", "by", "lifted_at")
    list_select_related = ("customer", "store", "by")
    fields = (
        "store",
        "customer",
        "reason",
        "at",
        "until",
        "by",
        "lifted_at",
        "lifted_by",
    )
