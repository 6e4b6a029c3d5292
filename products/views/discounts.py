"""Setting one discount on many products, those of a list or of a category, or on many vendors."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products import bulk_discount, bulk_rates
from products.discount_forms import BulkDiscountForm, BulkRatesForm, CategoryDiscountForm
from products.models import Category
from products.selection import Selection
from stores.models import Batch
from stores.rights import Right
from stores.views import RowView
from stores.views.bulk import BulkPage


class BulkDiscount(BulkPage):
    """Which discount, and for which products."""

    title = gettext_lazy("Bulk discount")
    fields_template = "products/bulk_discount_fields.html"
    right = Right.SET_DISCOUNTS
    form_class = BulkDiscountForm

    def draft(self, form: BulkDiscountForm) -> Batch:
        return bulk_discount.draft(
            selection=form.chosen, discount=form.discount, by=self.request.user
        )

    def cancel_url(self) -> str:
        return reverse("products:list", args=[self.request.store.slug])


class BulkRates(BulkPage):
    """What is taken off, and at which vendors."""

    title = gettext_lazy("Bulk discount")
    fields_template = "products/bulk_rates_fields.html"
    right = Right.SET_DISCOUNTS
    form_class = BulkRatesForm

    def draft(self, form: BulkRatesForm) -> Batch:
        return bulk_rates.draft(selection=form.chosen, asked=form.asked, by=self.request.user)

    def cancel_url(self) -> str:
        return reverse("products:vendors", args=[self.request.store.slug])


class CategoryDiscount(RowView, BulkPage):
    """Which discount the products of a category get."""

    model = Category
    slot = "category"
    list_name = "products:categories"
    template_name = "stores/form.html"
    right = Right.SET_DISCOUNTS
    form_class = CategoryDiscountForm

    def draft(self, form: CategoryDiscountForm) -> Batch:
        return bulk_discount.draft(
            selection=Selection(self.request.store, category=self.row.pk),
            discount=form.discount,
            by=self.request.user,
        )

    def context(self, form: Any) -> dict[str, Any]:
        text = _(
            "It is written on each product that stands in the category now, in place of its own"
            " discount and its days. Products that join later do not get it."
        )
        title = _("Discount of %(name)s") % {"name": self.row}
        return {**super().context(form), "title": title, "text": text}
