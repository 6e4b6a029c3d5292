"""The vendor API in the Django admin: keys without their secrets, answers, how often was asked."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sales.models import Answer, RateWindow, VendorKey
from stores.admin_base import ReadOnly, StoreFilter, by_key, store_keys
from stores.models import Store


@admin.register(VendorKey)
class VendorKeyAdmin(ReadOnly):
    list_display = (
        "id",
        "store",
        "vendor",
        "shown",
        "pays_out",
        "made_at",
        "used_at",
        "revoked_at",
    )
    list_filter = (StoreFilter,)
    list_select_related = ("store", "vendor")
    fields = (*list_display[1:], "by")


@admin.register(Answer)
class AnswerAdmin(ReadOnly):
    list_display = ("id", "store", "key", "vendor", "status", "at", "purchase")
    list_select_related = ("store", "vendor", "purchase")
    search_help_text = _("The key that the vendor gave, or the answer's number.")
    fields = (*list_display[1:], "body")

    def matching(self, term: str, store: Store | None) -> Q:
        return by_key(term) | Q(store__in=store_keys(store), key=term)


@admin.register(RateWindow)
class RateWindowAdmin(ReadOnly):
    list_display = ("id", "store", "key", "object_key", "starts_at", "asked")
    list_select_related = ("store", "key")
    fields = list_display[1:]
