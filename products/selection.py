"""Which products a bulk change touches: the ticked ones, those of a category, what a filter finds,
or all; frozen as plain data.
"""

import dataclasses
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from products.filters import ProductFilters
from products.models import Category, Product
from products.models.product import SOLD
from stores.models import Store
from stores.paging import Count


@dataclasses.dataclass(frozen=True)
class Selection:
    """Products of a store that are sold: those of `ticked`, else those of the category, else those
    that `query`, the filters of the list's address, finds.
    """

    store: Store
    ticked: tuple[int, ...] = ()
    query: str = ""
    category: int | None = None

    @classmethod
    def of(cls, store: Store, asked: dict[str, Any]) -> "Selection":
        """The selection that `as_asked` gave."""
        ticked, query = tuple(asked["ticked"]), asked["query"]
        return cls(store, ticked, query, asked["category"])

    def as_asked(self) -> dict[str, Any]:
        return {"ticked": list(self.ticked), "query": self.query, "category": self.category}

    @property
    def filters(self) -> ProductFilters:
        sold = Product.objects.filter(SOLD, store=self.store)
        return ProductFilters(QueryDict(self.query), queryset=sold, store=self.store)

    @property
    def is_everything(self) -> bool:
        return not self.ticked and self.category is None and not self.filters.active

    def products(self) -> QuerySet[Product]:
        """The products, in no order."""
        sold = Product.objects.filter(SOLD, store=self.store)
        if self.ticked:
            return sold.filter(pk__in=self.ticked)
        if self.category is not None:
            return sold.filter(category=self.category)
        return self.filters.qs

    def count(self) -> Count:
        """How many they are, to the cap of counting."""
        return Count.up_to_cap(self.products().order_by())

    def sentence(self) -> str:
        """Which ones, in words."""
        if self.ticked:
            return f"{len(self.ticked):,} ticked"
        if self.category is not None:
            category = Category.objects.filter(store=self.store, pk=self.category).first()
            return f"in {category.name}" if category else "in a category that is gone"
        return "; ".join(text for _, text in self.filters.sentences()) or "every product"
