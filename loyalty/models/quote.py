"""A quote as it was given: what it says, how long it holds, and what was sold under it."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from loyalty.explained import Quote
from products.models import Product, Vendor
from stores.constraints import FilledOnce, Immutable, SameStore
from stores.models import Store
from stores.models.keys import checked_key

from .coupon import Coupon

HOLDS = dt.timedelta(minutes=15)


class StoredQuote(models.Model):
    """Written once by `loyalty.quotes.keep`; only the purchase is filled in later. One that was
    never used is deleted some time after it ran out.
    """

    id = models.UUIDField("ID", primary_key=True, default=uuid.uuid4, editable=False)
    store = checked_key(Store, _("store"))
    product = checked_key(Product, _("product"))
    vendor = models.ForeignKey(
        Vendor,
        verbose_name=_("vendor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    payer = models.ForeignKey(
        Customer,
        verbose_name=_("payer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    recipient = models.ForeignKey(
        Customer,
        verbose_name=_("recipient"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    coupon = models.ForeignKey(
        Coupon,
        verbose_name=_("coupon"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    # Who asked, and for whom, as a vendor named them: they may be no customers yet.
    asked_by = models.UUIDField(_("asked by"), null=True, blank=True)
    asked_for = models.UUIDField(_("asked for"), null=True, blank=True)
    body = models.JSONField(_("body"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"))
    purchase = models.OneToOneField(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quote",
        db_constraint=False,
    )

    class Meta:
        verbose_name = _("stored quote")
        verbose_name_plural = _("stored quotes")
        constraints = [
            SameStore(field="product", name="quote_product_same_store"),
            SameStore(field="vendor", name="quote_vendor_same_store"),
            SameStore(field="payer", name="quote_payer_same_store"),
            SameStore(field="recipient", name="quote_recipient_same_store"),
            SameStore(field="purchase", name="quote_purchase_same_store"),
            SameStore(field="coupon", name="quote_coupon_same_store"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("made_at")), name="quote_holds_for_a_time"
            ),
            Immutable(name="quote_is_as_given", except_for=("purchase",), deletable=True),
            FilledOnce(field="purchase", name="quote_is_sold_once"),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"], condition=Q(purchase=None), name="quote_never_used"
            )
        ]

    def __str__(self) -> str:
        return gettext("quote %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("loyalty:stored", args=[self.store.slug, self.pk])

    @property
    def quote(self) -> Quote:
        """What was said, exactly."""
        return Quote.from_json(self.body)
