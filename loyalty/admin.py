"""The Django admin of loyalty: only verbs write."""

import uuid
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.admin import CustomerRows
from customers.admin_search import EXACT
from loyalty.models import (
    Coupon,
    CouponUse,
    KeptDiscount,
    KeptRow,
    LoyaltyTier,
    Settings,
    StoredQuote,
)
from stores.admin_base import (
    BatchRowAdmin,
    ReadOnly,
    StoreFilter,
    amount,
    as_key,
    by_key,
    store_keys,
)
from stores.models import Store


class StoreRows(ReadOnly):
    """Rows that belong to a store and to nothing else."""

    list_filter: ClassVar[Any] = (StoreFilter,)
    list_select_related: ClassVar[Any] = ("store",)


@admin.register(LoyaltyTier)
class LoyaltyTierAdmin(StoreRows):
    list_display = (
        "id",
        "store",
        amount(LoyaltyTier, "threshold"),
        "period",
        "discount",
        "group_only",
    )
    fields = ("store", amount(LoyaltyTier, "threshold"), "period", "discount", "group_only")


@admin.register(Settings)
class SettingsAdmin(StoreRows):
    search_help_text = _("The store's number.")
    list_display = (
        "store",
        "largest_wins",
        "keep_earned",
        "refund_as_credit",
        "bonus",
        "members_bonus",
    )
    fields = (*list_display, "version")


@admin.register(KeptDiscount)
class KeptDiscountAdmin(CustomerRows):
    search_help_text = format_lazy("{}.", EXACT)
    list_display = ("customer", "store", "discount", "kept_at")
    list_select_related = ("store", "customer")
    fields = ("customer", "store", "discount", "kept_at")
    paths = ("pk",)


@admin.register(KeptRow)
class KeptRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-customer_id")
    list_display = (
        "id",
        "store",
        "batch",
        "customer",
        "discount_was",
        "discount_to",
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "customer")
    fields = list_display[1:]


@admin.register(Coupon)
class CouponAdmin(CustomerRows):
    search_help_text = _("The code, whole; the owner as customers are found, or the row's number.")
    list_display = (
        "id",
        "store",
        "code",
        "owner",
        "commission",
        "share",
        "active",
        "uses",
        amount(Coupon, "earned"),
        amount(Coupon, "given"),
    )
    list_select_related = ("store", "owner")
    fields = (
        "store",
        "code",
        "owner",
        "product",
        "commission",
        "share",
        "first",
        "last",
        "active",
        "made_at",
        "uses",
        amount(Coupon, "earned"),
        amount(Coupon, "given"),
    )
    paths = ("owner",)

    def matching(self, term: str, store: Store | None) -> Q:
        code = Q(store__in=store_keys(store), code_key=term.upper())
        return code | super().matching(term, store)


@admin.register(CouponUse)
class CouponUseAdmin(StoreRows):
    search_help_text = _("The number of the row, or of the coupon.")
    list_display = (
        "id",
        "store",
        "coupon",
        "purchase",
        amount(CouponUse, "share"),
        amount(CouponUse, "commission"),
    )
    list_select_related = ("store", "coupon", "purchase")
    fields = list_display[1:]

    def matching(self, term: str, store: Store | None) -> Q:
        key = as_key(term)
        return by_key(term) if key is None else by_key(term) | Q(coupon=key)


@admin.register(StoredQuote)
class StoredQuoteAdmin(ReadOnly):
    search_help_text = _("The quote's whole number.")
    list_display = ("id", "store", "made_at", "product", "payer", "purchase")
    list_filter = (StoreFilter,)
    list_select_related = ("store", "product", "payer", "purchase")
    fields = (
        "id",
        "store",
        "product",
        "vendor",
        "payer",
        "recipient",
        "coupon",
        "asked_by",
        "asked_for",
        "body",
        "made_at",
        "valid_until",
        "purchase",
    )

    def matching(self, term: str, store: Store | None) -> Q:
        try:
            return Q(pk=uuid.UUID(term))
        except ValueError:
            return Q(pk__in=[])
