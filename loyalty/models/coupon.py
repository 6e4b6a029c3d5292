"""Coupons of bloggers, and what was sold under them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from products.models import Product
from stores.constraints import SameStore
from stores.models import Store
from stores.models.defaults import YES, ZERO
from stores.models.keys import checked_key
from stores.money import LIMIT

from .tier import percentage

CODE_FROM, CODE_TO = 3, 40


class Coupon(models.Model):
    """A code that gives its `owner` a commission of the price paid at the vendor, and the customer
    who uses it a share of it as credit. For one product, or for the whole store. Written only by
    `loyalty.coupons`.
    """

    store = checked_key(Store, _("store"))
    code = models.CharField(_("code"), max_length=CODE_TO)
    code_key = models.GeneratedField(
        expression=Upper("code"), output_field=models.CharField(max_length=CODE_TO), db_persist=True
    )
    owner = models.ForeignKey(
        Customer,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="coupons",
        db_constraint=False,
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    commission = models.PositiveSmallIntegerField(_("commission"), **ZERO)
    share = models.PositiveSmallIntegerField(_("customer's share"), **ZERO)
    first = models.DateField(_("from"), null=True, blank=True)
    last = models.DateField(_("until"), null=True, blank=True)
    active = models.BooleanField(_("active"), **YES)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    uses = models.BigIntegerField(_("uses"), editable=False, **ZERO)
    earned = models.BigIntegerField(_("earned"), editable=False, **ZERO)
    given = models.BigIntegerField(_("given"), editable=False, **ZERO)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code_key"], name="coupon_code_once"),
            models.UniqueConstraint(fields=["store", "id"], name="coupon_in_store"),
            percentage("commission", "coupon_commission_range"),
            percentage("share", "coupon_share_range"),
            models.CheckConstraint(
                condition=Q(first=None) | Q(last=None) | Q(last__gte=models.F("first")),
                name="coupon_ends_after_it_began",
            ),
            SameStore(field="owner", name="coupon_owner_same_store"),
            SameStore(field="product", name="coupon_product_same_store"),
        ]
        indexes = [
            models.Index(fields=["store", "code_key", "id"], name="coupon_by_code"),
            models.Index(fields=["store", "uses", "id"], name="coupon_by_uses"),
            models.Index(fields=["store", "earned", "id"], name="coupon_by_earned"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("loyalty:coupon", args=[self.store.slug, self.pk])


class CouponUse(models.Model):
    """One sale under a coupon: what it gave the customer, and what it earned its owner."""

    store = checked_key(Store, _("store"))
    coupon = models.ForeignKey(
        Coupon,
        verbose_name=_("coupon"),
        on_delete=models.PROTECT,
        related_name="used",
        db_constraint=False,
        db_index=False,
    )
    purchase = models.OneToOneField(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        related_name="coupon_use",
        db_constraint=False,
    )
    share = models.BigIntegerField(_("customer's share"))
    commission = models.BigIntegerField(_("commission"))

    class Meta:
        verbose_name = _("coupon use")
        verbose_name_plural = _("coupon uses")
        constraints = [
            models.CheckConstraint(
                condition=Q(share__range=(0, LIMIT), commission__range=(0, LIMIT)),
                name="couponuse_amount_range",
            ),
            SameStore(field="coupon", name="couponuse_coupon_same_store"),
            SameStore(field="purchase", name="couponuse_purchase_same_store"),
        ]
        indexes = [models.Index(fields=["coupon", "id"], name="couponuse_by_coupon")]

    def __str__(self) -> str:
        return gettext("use of coupon %(number)s") % {"number": self.coupon_id}
