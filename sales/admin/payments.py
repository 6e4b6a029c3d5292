"""Money out in the Django admin: payouts, and the terms of returns."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers.admin import CustomerRows
from sales.models import Payout, Return
from sales.models.payout import PROGRESS
from stores.admin_base import BY_STORE, NewestChoices, ReadOnly, StoreFilter, amount


@admin.register(Payout)
class PayoutAdmin(CustomerRows):
    list_display = (
        "id",
        "store",
        "made_at",
        "kind",
        "name",
        amount(Payout, "amount"),
        "state",
        "vendor",
        "transaction",
        "ended_at",
    )
    list_filter = (StoreFilter, ("kind", NewestChoices), ("state", NewestChoices))
    list_select_related = ("store", "vendor")
    store_order = BY_STORE
    paths = ("payee",)
    fields = (
        "store",
        "kind",
        "payee",
        "name",
        "uuid",
        amount(Payout, "amount"),
        "purchase",
        "made_at",
        *PROGRESS,
    )


@admin.register(Return)
class ReturnAdmin(ReadOnly):
    list_display = (
        "purchase",
        "store",
        "as_credit",
        amount(Return, "given"),
        amount(Return, "refund_kept"),
        amount(Return, "coupon_taken"),
        amount(Return, "coupon_missing"),
        amount(Return, "bonus_taken"),
        amount(Return, "bonus_missing"),
    )
    list_select_related = ("purchase", "store")
    search_help_text = _("The number of the return.")
    fields = (*list_display, "note")
