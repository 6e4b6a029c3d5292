"""Which products or vendors a bulk change touches: the ticked ones, those of a category, what a
filter finds, or all; frozen as plain data.
"""

import dataclasses
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.filters import ProductFilters, VendorFilters
from products.models import Category, Product, Vendor
from products.models.product import SOLD
from products.models.vendor import SELLING
from stores.models import Store
from stores.targets import Targets


@dataclasses.dataclass(frozen=True)
class Selection(Targets):
    """Products of a store that are sold; those of a `category`, where one is given."""

    filterset = ProductFilters
    all_words = gettext_lazy("every product")

    category: int | None = None

    @classmethod
    def of(cls, store: Store, asked: dict[str, Any]) -> "Selection":
        """The selection that `as_asked` gave."""
        ticked, query = tuple(asked["ticked"]), asked["query"]
        return cls(store=store, ticked=ticked, query=query, category=asked["category"])

    def as_asked(self) -> dict[str, Any]:
        return {**super().as_asked(), "category": self.category}

    def listed(self) -> QuerySet[Product]:
        sold = Product.objects.filter(SOLD, store=self.store)
        return sold if self.category is None else sold.filter(category=self.category)

    @property
    def is_everything(self) -> bool:
        return super().is_everything and self.category is None

    def said(self) -> list[str]:
        if self.category is None:
            return super().said()
        shelf = Category.objects.get(store=self.store, pk=self.category)
        return [_("in %(category)s") % {"category": shelf.name}, *super().said()]


@dataclasses.dataclass(frozen=True)
class VendorSelection(Targets):
    """Vendors of a store that sell."""

    filterset = VendorFilters
    all_words = gettext_lazy("every vendor")

    @classmethod
    def of(cls, store: Store, asked: dict[str, Any]) -> "VendorSelection":
        """The selection that `as_asked` gave."""
        return cls(store=store, ticked=tuple(asked["ticked"]), query=asked["query"])

    def listed(self) -> QuerySet[Vendor]:
        return Vendor.objects.filter(SELLING, store=self.store)
