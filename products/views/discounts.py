"""Setting one discount on many products: those of a list, or those of a category."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from products import bulk_discount
from products.discount_forms import BulkDiscountForm, CategoryDiscountForm
from products.models import Category
from products.selection import Selection
from products.views.base import RowView
from stores.rights import Right
from stores.ticks import opened_with
from stores.views import FormPage
from stores.views.batches import show_preview


class BulkDiscount(FormPage):
    """Asks which discount, and for which products; shows the preview."""

    title = "Bulk discount"
    submit_label = "Preview"
    template_name = "stores/targets_form.html"
    right = Right.SET_DISCOUNTS
    form_class = BulkDiscountForm

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), **opened_with(self.request)}

    def valid(self, form: BulkDiscountForm) -> HttpResponse:
        batch = bulk_discount.draft(
            selection=form.chosen, discount=form.discount, by=self.request.user
        )
        return show_preview(self.request, batch)

    def cancel_url(self) -> str:
        return reverse("products:list", args=[self.request.store.slug])


class CategoryDiscount(RowView, FormPage):
    """Asks which discount the products of a category get; shows how many are replaced."""

    model = Category
    slot = "category"
    list_name = "products:categories"
    title = "Discount of a category"
    submit_label = "Preview"
    right = Right.SET_DISCOUNTS
    form_class = CategoryDiscountForm

    def valid(self, form: CategoryDiscountForm) -> HttpResponse:
        batch = bulk_discount.draft(
            selection=Selection(self.request.store, category=self.row.pk),
            discount=form.discount,
            by=self.request.user,
            about=self.row.name,
        )
        return show_preview(self.request, batch)

    def context(self, form: Any) -> dict[str, Any]:
        text = (
            "It is written on each product that stands in the category now, in place of its own"
            " discount and its days. Products that join later do not get it."
        )
        return {**super().context(form), "title": f"Discount of {self.row}", "text": text}
