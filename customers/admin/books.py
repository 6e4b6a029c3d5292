"""The books in the Django admin: windows, counters, closed days and checks."""

import datetime as dt

from django.contrib import admin
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy

from customers.models import BookCheck, CreditDay, CustomerCount, PurchaseDay, YearWindow
from stores.admin_base import ReadOnly, StoreFilter, amount, by_key, store_keys
from stores.models import Store


@admin.register(YearWindow)
class YearWindowAdmin(ReadOnly):
    list_display = ("store", "through", "closed")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    search_help_text = gettext_lazy("The store's number.")
    fields = ("store", "through", "closed")


@admin.register(CustomerCount)
class CustomerCountAdmin(ReadOnly):
    list_display = ("store", "listed")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    search_help_text = gettext_lazy("The store's number.")
    fields = ("store", "listed")


@admin.register(CreditDay)
class CreditDayAdmin(ReadOnly):
    list_display = ("id", "store", "day", "balance", "kind", amount(CreditDay, "moved"), "entries")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    store_order = ("-store_id", "-day", "-balance", "-kind")
    search_help_text = gettext_lazy("A day, such as 2026-06-15, or the row's number.")
    fields = (
        "store",
        "day",
        "starts_at",
        "ends_at",
        "balance",
        "kind",
        amount(CreditDay, "moved"),
        "entries",
    )

    def matching(self, term: str, store: Store | None) -> Q:
        day = _as_day(term)
        return Q(store__in=store_keys(store), day=day) if day else by_key(term)


@admin.register(PurchaseDay)
class PurchaseDayAdmin(ReadOnly):
    list_display = (
        "id",
        "store",
        "day",
        amount(PurchaseDay, "money"),
        "sold",
        "returned",
        "first_time",
        "returning",
        "stale",
    )
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    store_order = ("-store_id", "-day")
    search_help_text = gettext_lazy("A day, such as 2026-06-15, or the row's number.")
    fields = list_display[1:]

    def matching(self, term: str, store: Store | None) -> Q:
        day = _as_day(term)
        return Q(store__in=store_keys(store), day=day) if day else by_key(term)


@admin.register(BookCheck)
class BookCheckAdmin(ReadOnly):
    list_display = ("id", "store", "at", "differences")
    list_filter = (StoreFilter,)
    list_select_related = ("store",)
    store_order = ("store_id", "-at")
    search_help_text = gettext_lazy("The check's number.")
    fields = ("store", "at", "differences", "lines")


def _as_day(term: str) -> dt.date | None:
    try:
        return parse_date(term)
    except ValueError:
        return None
