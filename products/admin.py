"""The Django admin of products: categories, products, vendor groups, vendors."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from products.models import Category, DiscountRow, Product, RateRow, Vendor, VendorGroup
from stores.admin_base import (
    BY_STORE,
    BatchRowAdmin,
    FastAdmin,
    Kept,
    StoreFilter,
    WholeRowForm,
    amount,
    by_key,
    chosen_store,
    store_keys,
)
from stores.forms import MoneyField
from stores.models import Store


class AutocompleteInStore(AutocompleteSelect):
    """Proposes rows of one store."""

    store_key: int | None = None

    def get_url(self) -> str:
        return f"{super().get_url()}?{StoreFilter.parameter_name}={self.store_key}"


class StoreRowAdmin(FastAdmin):
    """A named row of a store, which is chosen first; what depends on the store comes after that."""

    form = WholeRowForm
    list_filter: ClassVar[Any] = (StoreFilter,)
    list_select_related: ClassVar[Any] = ("store",)
    store_order = BY_STORE
    search_help_text = _(
        "Part of the name if one store is chosen, else the whole name; or a number."
    )
    autocomplete_fields: ClassVar[Any] = ("store",)
    needs_store: tuple[str, ...] = ()

    def matching(self, term: str, store: Store | None) -> Q:
        if store:
            return Q(store=store, name__icontains=term) | by_key(term)
        return Q(store__in=store_keys(None), name=term) | by_key(term)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if store := chosen_store(request):
            queryset = queryset.filter(store=store)
        return super().get_search_results(request, queryset, search_term)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.fields or () if obj or name not in self.needs_store]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("store",) if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for name in self.needs_store:
            if obj and name in form.base_fields:
                self.fit_to_store(form, name, obj.store)
        return form

    def fit_to_store(self, form: Any, name: str, store: Store) -> None:
        """Let a field that points at rows of the store offer and take only those."""
        field = form.base_fields[name]
        field.queryset = field.queryset.filter(store=store)
        field.widget.widget = AutocompleteInStore(self.opts.get_field(name), self.admin_site)
        field.widget.widget.store_key = store.pk


class Shelf(StoreRowAdmin):
    """A row that others stand on: deleted only while `holds` is empty."""

    holds = ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = obj is not None and super().has_delete_permission(request, obj)
        return may and not getattr(obj, self.holds).exists()


@admin.register(Category)
class CategoryAdmin(Shelf):
    list_display = ("id", "name", "store")
    fields = ("store", "name")
    holds = "products"


@admin.register(Product)
class ProductAdmin(Kept, StoreRowAdmin):
    list_display = (
        "id",
        "name",
        "store",
        "category",
        amount(Product, "price"),
        "discount",
        "blocks_credit",
        "deleted_at",
    )
    list_filter = (StoreFilter, "copy", "blocks_credit", ("deleted_at", admin.EmptyFieldListFilter))
    list_select_related = ("store", "category")
    fields = (
        "store",
        "name",
        "category",
        "price",
        "discount",
        "discount_from",
        "discount_until",
        "copy",
        "blocks_credit",
        "deleted_at",
    )
    autocomplete_fields = ("store", "category")
    needs_store = ("category", "price")

    def fit_to_store(self, form: Any, name: str, store: Store) -> None:
        if name == "price":
            label = form.base_fields[name].label
            form.base_fields[name] = MoneyField(currency=store.money, required=True, label=label)
        else:
            super().fit_to_store(form, name, store)


@admin.register(VendorGroup)
class VendorGroupAdmin(Shelf):
    list_display = ("id", "name", "store", "discount")
    fields = ("store", "name", "discount")
    holds = "vendors"


@admin.register(Vendor)
class VendorAdmin(Kept, StoreRowAdmin):
    list_display = ("id", "name", "store", "group", "discount", "group_discount", "retired_at")
    list_select_related = ("store", "group")
    fields = ("store", "name", "group", "discount", "group_discount", "retired_at")
    autocomplete_fields = ("store", "group")
    needs_store = ("group",)


@admin.register(DiscountRow)
class DiscountRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-product_id")
    list_display = (
        "id",
        "store",
        "batch",
        "product",
        "discount_was",
        "from_was",
        "until_was",
        "discount_to",
        "from_to",
        "until_to",
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "product")
    fields = list_display[1:]


@admin.register(RateRow)
class RateRowAdmin(BatchRowAdmin):
    ordering = ("-batch_id", "-vendor_id")
    list_display = (
        "id",
        "store",
        "batch",
        "vendor",
        "discount_was",
        "members_was",
        "discount_to",
        "members_to",
        "outcome",
        "drifted",
    )
    list_select_related = ("store", "batch", "vendor")
    fields = list_display[1:]
