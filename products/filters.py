"""What lists of the catalogue can be narrowed by."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.models import Category, Product, Vendor, VendorGroup
from products.models.product import SOLD
from products.models.vendor import SELLING
from stores.filters import Filter, FlagFilter, MoneyFilter, PercentFilter, SearchFilter
from stores.filterset import StoreFilterSet
from stores.models import Store

# xgettext:no-python-format
AT_LEAST = _("Discount of {} % or more")
# xgettext:no-python-format
MEMBERS_AT_LEAST = _("Members' rate of {} % or more")


def by_name(model: type[Model]) -> Any:
    """What finds rows of a store by any part of their name: they are thousands, not millions."""

    def matching(store: Store, term: str) -> QuerySet[Any]:
        rows = model._default_manager.filter(store=store, name__icontains=" ".join(term.split()))
        return rows.order_by().values("pk")

    return matching


class RowFilter(Filter):
    """A row of the store that the listed ones point at."""

    def __init__(self, *args: Any, model: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.model_of_rows = model

    @property
    def rows(self) -> QuerySet[Any]:
        return self.model_of_rows.objects.filter(store=self.parent.store)

    @cached_property
    def shown(self) -> list[tuple[int, str]]:  # type: ignore[override]
        ordered = self.rows.order_by("name_order", "pk")
        return list(ordered.values_list("pk", "name"))

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = forms.ModelChoiceField(self.rows, required=False, label=self.label)
            self._field.choices = lambda: [("", gettext("Any")), *self.shown]
        return self._field


class HoldsFilter(FlagFilter):
    """Products whose discount holds today, or the others."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return rows
        today = self.parent.store.today()
        holds = (
            Q(discount__gt=0)
            & (Q(discount_from=None) | Q(discount_from__lte=today))
            & (Q(discount_until=None) | Q(discount_until__gte=today))
        )
        return rows.filter(holds if value == "yes" else ~holds)


class FilledFilter(FlagFilter):
    """Rows that any row of `model` points at by `field`, or the others."""

    def __init__(self, *args: Any, inside: QuerySet[Any], **kwargs: Any):
        super().__init__("pk", *args, **kwargs)
        self.inside = inside

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return rows
        filled = Exists(self.inside)
        return rows.filter(filled if value == "yes" else ~filled)


class ProductFilters(StoreFilterSet):
    """The filters of the Products page."""

    q = SearchFilter(matching=by_name(Product))
    category = RowFilter("category_id", label=_("Category"), model=Category, says=_("In {}"))
    price_more = MoneyFilter(
        "price", "gt", label=_("Price more than"), says=_("Costs more than {}")
    )
    price_less = MoneyFilter(
        "price", "lt", label=_("Price less than"), says=_("Costs less than {}")
    )
    discount = PercentFilter("discount", "gte", label=_("Discount at least"), says=AT_LEAST)
    holds = HoldsFilter(
        "discount",
        label=_("Discount holds today"),
        yes=_("Reduced today"),
        no=_("Not reduced today"),
    )
    copy = FlagFilter(
        "copy", label=_("May be copied"), yes=_("May be copied"), no=_("May not be copied")
    )
    blocks_credit = FlagFilter(
        "blocks_credit", label=_("Blocks credit"), yes=_("Blocks credit"), no=_("Takes credit")
    )

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()


class CategoryFilters(StoreFilterSet):
    """The filters of the Categories page."""

    q = SearchFilter(matching=by_name(Category))
    filled = FilledFilter(
        inside=Product.objects.filter(SOLD, category=OuterRef("pk")),
        label=_("Has products"),
        yes=_("Has products"),
        no=_("Is empty"),
    )

    class Meta:
        model = Category
        fields: tuple[str, ...] = ()


class VendorFilters(StoreFilterSet):
    """The filters of the Vendors page."""

    q = SearchFilter(matching=by_name(Vendor))
    group = RowFilter("group_id", label=_("Vendor group"), model=VendorGroup, says=_("In {}"))
    discount = PercentFilter("discount", "gte", label=_("Discount at least"), says=AT_LEAST)
    members = PercentFilter(
        "group_discount",
        "gte",
        label=_("Members' rate at least"),
        says=MEMBERS_AT_LEAST,
    )

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()


class VendorGroupFilters(StoreFilterSet):
    """The filters of the Vendor groups page."""

    q = SearchFilter(matching=by_name(VendorGroup))
    discount = PercentFilter("discount", "gte", label=_("Discount at least"), says=AT_LEAST)
    filled = FilledFilter(
        inside=Vendor.objects.filter(SELLING, group=OuterRef("pk")),
        label=_("Has vendors"),
        yes=_("Has vendors"),
        no=_("Is empty"),
    )

    class Meta:
        model = VendorGroup
        fields: tuple[str, ...] = ()
