"""Pages of categories."""

from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from products import tables
from products.filters import CategoryFilters
from products.forms import CategoryForm
from products.models import Category, Product
from products.models.product import SOLD
from products.views.base import AddRow, CatalogueList, Deletion, EditRow, of_each
from stores.tables import Row
from stores.views import RowView, Sort
from stores.views.lists import Action, by_key

SOLD_IN_IT = Product.objects.filter(SOLD)
HELD = of_each(SOLD_IN_IT, "category", Count("pk"))
LEAST = of_each(SOLD_IN_IT, "category", Min("discount"))
MOST = of_each(SOLD_IN_IT, "category", Max("discount"))
FOR_COLUMN: dict[str, dict[str, Any]] = {
    "products": {"held": HELD},
    "discounts": {"least": LEAST, "most": MOST},
}


class CategoryList(CatalogueList):
    """The shelves, and what stands on them."""

    list_name = "products:categories"
    title = gettext_lazy("Categories")
    noun = npgettext_lazy("counted", "category", "categories")
    table_class = tables.CategoryTable
    filterset_class = CategoryFilters
    default_sort = "name"
    search_hint = gettext_lazy("Search by name")
    add_name = "products:add_category"
    add_label = gettext_lazy("Add category")
    sorts = {
        "name": Sort("name_order"),
        "products": Sort("held", computed=HELD),
        "discounts": Sort("most", computed=MOST),
    }

    def listed(self) -> QuerySet[Category]:
        return Category.objects.filter(store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows: QuerySet[Any, Any] = Category.objects.filter(pk__in=keys).order_by()
        found = by_key(rows.values("pk", "name", **self.for_shown(FOR_COLUMN)))
        return {
            key: {
                **row,
                "products": row.get("held"),
                "discounts": (row.get("least"), row.get("most")),
            }
            for key, row in found.items()
        }

    def actions(self) -> list[Action]:
        return [*self.adding(), self.link(_("Products"), "products:list", "tag")]

    def empty_words(self) -> tuple[str, str]:
        return _("No categories yet"), _("Products that stand together can be reduced together.")


class AddCategory(AddRow):
    """A new category."""

    title = gettext_lazy("Add category")
    submit_label = gettext_lazy("Add category")
    form_class = CategoryForm
    list_name = "products:categories"


class CategoryView(RowView):
    """A category of the store."""

    model = Category
    slot = "category"
    list_name = "products:categories"


class EditCategory(CategoryView, EditRow):
    """A category and its name."""

    form_class = CategoryForm

    def links(self) -> list[tuple[str, str]]:
        return [
            (_("Set discount"), self.address("products:category_discount")),
            (_("Delete"), self.address("products:category_deletion")),
        ]


class CategoryDeletion(CategoryView, Deletion):
    """Deletes an empty category."""

    means = gettext_lazy("Only an empty category can be deleted.")
    kept = gettext_lazy(
        "%(name)s is not empty: products stand in it, maybe deleted ones. Put them into another"
        " category first. Nothing was deleted."
    )
