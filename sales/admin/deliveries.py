"""Deliveries in the Django admin: the boxes, what they were to hand over, each try."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.admin import CustomerRows
from sales.models import Attempt, Box, Delivery, RedeliveryRow
from stores.admin_base import (
    BY_STORE,
    BatchRowAdmin,
    NewestChoices,
    ReadOnly,
    StoreFilter,
    as_key,
    by_key,
)
from stores.models import Store


@admin.register(Box)
class BoxAdmin(ReadOnly):
    """Not its address: who knows that can speak to it."""

    list_display = ("id", "store", "name", "registered_at", "failures", "gone_at")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    store_order = BY_STORE
    fields = ("store", "object_key", "name", "registered_at", "failures", "gone_at")


@admin.register(Delivery)
class DeliveryAdmin(CustomerRows):
    list_display = (
        "id",
        "store",
        "made_at",
        "kind",
        "product",
        "recipient",
        "state",
        "attempts",
        "ended_at",
    )
    list_filter = (StoreFilter, ("kind", NewestChoices), ("state", NewestChoices))
    list_select_related = ("store", "product", "recipient")
    store_order = BY_STORE
    paths = ("recipient",)
    fields = (
        "store",
        "kind",
        "purchase",
        "product",
        "recipient",
        "quantity",
        "batch",
        "by",
        "made_at",
        "state",
        "next_at",
        "attempts",
        "ended_at",
        "note",
    )


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ("id", "store", "delivery", "number", "at", "box", "status", "note")
    list_select_related = ("store", "delivery", "box")
    search_help_text = _("The number of the delivery, or the try's own.")
    fields = list_display[1:]

    def matching(self, term: str, store: Store | None) -> Q:
        key = as_key(term)
        return by_key(term) if key is None else Q(pk=key) | Q(delivery=key)


@admin.register(RedeliveryRow)
class RedeliveryRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-customer_id")
    list_display = ("id", "store", "batch", "customer", "purchase", "outcome", "drifted")
    list_select_related = ("store", "batch", "customer", "purchase")
    fields = list_display[1:]
