"""What is sold: products, and the categories they stand in."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from products.discounts import Discount
from stores.constraints import SameStore
from stores.models.defaults import EMPTY
from stores.money import LIMIT

from .base import StoreRow, name_order, percentage, sort_index

SOLD = Q(deleted_at=None)


class Category(StoreRow):
    """A shelf. A discount set on it is written on its products; it has none of its own."""

    name = models.CharField(_("name"), max_length=120)
    name_order = name_order()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="category_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="category_in_store"),
        ]
        indexes = [sort_index("name_order", "category_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:category", args=[self.store.slug, self.pk])


class Product(StoreRow):
    """Something sold. `price` is the list price; the discount holds between its dates, each of
    which may be open. A deleted one is neither listed nor sold, and kept for what was bought.
    """

    name = models.CharField(_("name"), max_length=200)
    name_order = name_order()
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="products",
    )
    price = models.BigIntegerField(_("price"), default=0)
    discount = models.PositiveSmallIntegerField(_("discount"), default=0)
    discount_from = models.DateField(_("discount from"), null=True, blank=True)
    discount_until = models.DateField(_("discount until"), null=True, blank=True)
    copy = models.BooleanField(
        _("copy"), default=False, help_text=_("The item may be copied, so it can be redelivered.")
    )
    blocks_credit = models.BooleanField(_("blocks credit"), default=False)
    image = models.ImageField(upload_to="products/", blank=True, **EMPTY)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="product_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="product_in_store"),
            models.CheckConstraint(
                condition=Q(price__range=(0, LIMIT)), name="product_price_range"
            ),
            percentage("discount", "product_discount_range"),
            SameStore(field="category", name="product_category_same_store"),
        ]
        indexes = [
            sort_index(field, f"product_by_{name}", SOLD)
            for field, name in (
                ("name_order", "name"),
                ("price", "price"),
                ("discount", "discount"),
                ("copy", "copy"),
                ("blocks_credit", "blocks_credit"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:product", args=[self.store.slug, self.pk])

    @property
    def own_discount(self) -> Discount:
        return Discount(self.discount, self.discount_from, self.discount_until)

    def discount_on(self, day: dt.date) -> int:
        """The per cent that the product is reduced by on that day of the store."""
        begun = self.discount_from is None or self.discount_from <= day
        ended = self.discount_until is not None and self.discount_until < day
        return self.discount if begun and not ended else 0
