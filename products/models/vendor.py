"""Where things are sold: vendors, and the groups they share a discount in."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore

from .base import StoreRow, name_order, percentage, sort_index

SELLING = Q(retired_at=None)


class VendorGroup(StoreRow):
    """Vendors that share a discount."""

    name = models.CharField(_("name"), max_length=120)
    name_order = name_order()
    discount = models.PositiveSmallIntegerField(_("discount"), default=0)

    class Meta:
        verbose_name = _("vendor group")
        verbose_name_plural = _("vendor groups")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="vendorgroup_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="vendorgroup_in_store"),
            percentage("discount", "vendorgroup_discount_range"),
        ]
        indexes = [
            sort_index("name_order", "vendorgroup_by_name"),
            sort_index("discount", "vendorgroup_by_discount"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:group", args=[self.store.slug, self.pk])


class Vendor(StoreRow):
    """A place where things are sold. `group_discount` is the rate for members of the store's
    group. A retired one sells no more, and is kept for what it sold.
    """

    name = models.CharField(_("name"), max_length=120)
    name_order = name_order()
    group = models.ForeignKey(
        VendorGroup,
        verbose_name=_("vendor group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="vendors",
    )
    discount = models.PositiveSmallIntegerField(_("discount"), default=0)
    group_discount = models.PositiveSmallIntegerField(_("members' rate"), default=0)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="vendor_name_once"),
            models.UniqueConstraint(fields=["store", "id"], name="vendor_in_store"),
            percentage("discount", "vendor_discount_range"),
            percentage("group_discount", "vendor_group_discount_range"),
            SameStore(field="group", name="vendor_group_same_store"),
        ]
        indexes = [
            sort_index("name_order", "vendor_by_name", SELLING),
            sort_index("discount", "vendor_by_discount", SELLING),
            sort_index("group_discount", "vendor_by_group_discount", SELLING),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:vendor", args=[self.store.slug, self.pk])
