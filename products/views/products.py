"""Pages of products: the list, one product, deleting and restoring it."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import FileResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, npgettext_lazy

from products import tables
from products.filters import ProductFilters
from products.forms import ProductForm
from products.models import Product
from products.models.product import SOLD
from products.views.base import AddRow, CatalogueList, EditRow, PuttingAway, TakingBack
from stores import pictures
from stores.rights import Right
from stores.tables import Row
from stores.views import RowView, Sort, StoreRequest
from stores.views.lists import Action, by_key

CELLS = (
    "image",
    "price",
    "discount",
    "discount_from",
    "discount_until",
    "copy",
    "blocks_credit",
)


class ProductList(CatalogueList):
    """Everything that is sold."""

    list_name = "products:list"
    title = gettext_lazy("Products")
    noun = npgettext_lazy("counted", "product", "products")
    table_class = tables.ProductTable
    filterset_class = ProductFilters
    default_sort = "name"
    search_hint = gettext_lazy("Search by name")
    add_name = "products:add"
    add_label = gettext_lazy("Add product")
    sorts = {
        "name": Sort("name_order"),
        "category": Sort("shelf_order", computed=Coalesce("category__name_order", Value(""))),
        "price": Sort("price"),
        "discount": Sort("discount"),
        "copy": Sort("copy"),
        "blocks_credit": Sort("blocks_credit"),
    }

    def listed(self) -> QuerySet[Product]:
        return Product.objects.filter(SOLD, store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows = Product.objects.filter(pk__in=keys).order_by()
        today = self.request.store.today()
        found = by_key(
            rows.annotate(shelf=F("category__name")).values("pk", "name", "shelf", *CELLS)
        )
        return {
            key: {**row, "category": row["shelf"], "today": today} for key, row in found.items()
        }

    def actions(self) -> list[Action]:
        return [
            *self.adding(),
            *self._discount(_("Bulk discount"), of_list=True),
            *self._export(),
            self.link(_("Categories"), "products:categories", "category"),
            self.link(_("Deleted"), "products:deleted", "archive"),
        ]

    def ticked_actions(self) -> list[Action]:
        return self._discount(_("Set discount"))

    def _discount(self, label: str, *, of_list: bool = False) -> list[Action]:
        """The button that sets a discount on many, for who may."""
        if not self.may(Right.SET_DISCOUNTS):
            return []
        url = reverse("products:bulk_discount", args=[self.request.store.slug])
        return [Action(label, url, "discount", of_list=of_list)]

    def _export(self) -> list[Action]:
        if not self.may(Right.EXPORT):
            return []
        url = reverse("products:export", args=[self.request.store.slug])
        return [Action(_("Export"), url, "download", of_list=True)]

    def empty_words(self) -> tuple[str, str]:
        return _("No products yet"), _(
            "What you sell stands here, with its price and its discount."
        )


class DeletedProducts(ProductList):
    """Products that are no longer sold."""

    list_name = "products:deleted"
    title = gettext_lazy("Deleted products")
    noun = ngettext_lazy("deleted product", "deleted products")

    def listed(self) -> QuerySet[Product]:
        return Product.objects.filter(~SOLD, store=self.request.store)

    def actions(self) -> list[Action]:
        return [self.link(_("Products"), "products:list", "tag")]

    def ticked_actions(self) -> list[Action]:
        return []

    def empty_words(self) -> tuple[str, str]:
        return _("No deleted products"), _("What you delete is kept here, and can be restored.")


class AddProduct(AddRow):
    """A new product."""

    title = gettext_lazy("Add product")
    submit_label = gettext_lazy("Add product")
    form_class = ProductForm
    list_name = "products:list"

    def added(self, form: ProductForm, row: Any) -> None:
        if picture := form.cleaned_data["picture"]:
            pictures.put(row=row, field="image", picture=picture, by=self.request.user)


class ProductView(RowView):
    """A product of the store."""

    model = Product
    slot = "pk"
    list_name = "products:list"


class EditProduct(ProductView, EditRow):
    """A product; deleted ones can be restored from here."""

    form_class = ProductForm

    def save(self, form: ProductForm) -> bool:
        saved = super().save(form)
        picture = form.cleaned_data["picture"]
        if picture or form.cleaned_data.get("clear_picture"):
            pictures.put(row=self.row, field="image", picture=picture, by=self.request.user)
            return True
        return saved

    def links(self) -> list[tuple[str, str]]:
        if self.row.deleted_at:
            return [(_("Restore"), self.address("products:restoration"))]
        return [(_("Delete"), self.address("products:deletion"))]

    def context(self, form: ProductForm) -> dict[str, Any]:
        image = self.row.image.name
        store = self.request.store
        return {
            **super().context(form),
            "image_url": tables.image_url(store, self.row.pk, image) if image else "",
            "sold": (_("Buyers"), urlencode({"product": self.row.name})),
        }


class ProductDeletion(ProductView, PuttingAway):
    """Takes a product out of the shop; can be undone."""

    asks = gettext_lazy("Delete %(name)s?")
    means = gettext_lazy(
        "It is no longer listed or sold. Who owns it keeps it, what was sold stays, and you can"
        " restore it."
    )
    label = gettext_lazy("Delete")
    danger = True
    done = gettext_lazy("%(name)s was deleted.")
    back_name = "products:restoration"


class ProductRestoration(ProductView, TakingBack):
    """Sells a deleted product again."""

    asks = gettext_lazy("Restore %(name)s?")
    means = gettext_lazy("It is listed and sold as before.")
    label = gettext_lazy("Restore")
    done = gettext_lazy("%(name)s was restored.")


class ProductImage(ProductView):
    """The picture of a product itself."""

    right = Right.SEE

    def get(self, request: StoreRequest, name: str, **kwargs: Any) -> FileResponse:
        return pictures.answer(self.row.image, name)
