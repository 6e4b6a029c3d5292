"""What is sold, and where: categories, products, vendor groups, vendors."""

from django.db import models
from django.db.models import Q

from stores.constraints import SameStore
from stores.models import Store
from stores.money import LIMIT


def percentage(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__range": (0, 100)}), name=name)


class StoreRow(models.Model):
    """A named row of one store."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Category(StoreRow):
    """A shelf. A discount set on it is written on its products; it has none of its own."""

    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="category_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="category_in_store"),
        ]

    def __str__(self) -> str:
        return self.name


class Product(StoreRow):
    """Something sold. `price` is the list price; the discount holds between its dates, each of
    which may be open.
    """

    name = models.CharField(max_length=200)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="products",
    )
    price = models.BigIntegerField(default=0)
    discount = models.PositiveSmallIntegerField(default=0)
    discount_from = models.DateField(null=True, blank=True)
    discount_until = models.DateField(null=True, blank=True)
    copy = models.BooleanField(
        default=False, help_text="The item may be copied, so it can be redelivered."
    )
    blocks_credit = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
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

    def __str__(self) -> str:
        return self.name


class VendorGroup(StoreRow):
    """Vendors that share a discount."""

    name = models.CharField(max_length=120)
    discount = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="vendorgroup_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="vendorgroup_in_store"),
            percentage("discount", "vendorgroup_discount_range"),
        ]

    def __str__(self) -> str:
        return self.name


class Vendor(StoreRow):
    """A place where things are sold. `group_discount` is the rate for members of the group."""

    name = models.CharField(max_length=120)
    group = models.ForeignKey(
        VendorGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="vendors",
    )
    discount = models.PositiveSmallIntegerField(default=0)
    group_discount = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="vendor_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="vendor_in_store"),
            percentage("discount", "vendor_discount_range"),
            percentage("group_discount", "vendor_group_discount_range"),
            SameStore(field="group", name="vendor_group_same_store"),
        ]

    def __str__(self) -> str:
        return self.name
