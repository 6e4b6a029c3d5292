"""A quote as it was given: what it says, how long it holds, and what was sold under it."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Purchase
from loyalty.explained import Quote
from products.models import Product, Vendor
from stores.constraints import FilledOnce, Immutable, SameStore
from stores.models import Store

from .coupon import Coupon

HOLDS = dt.timedelta(minutes=15)


class StoredQuote(models.Model):
    """Written once by `loyalty.quotes.keep`; only the purchase is filled in later. One that was
    never used is deleted some time after it ran out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    vendor = models.ForeignKey(
        Vendor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    payer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    recipient = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    coupon = models.ForeignKey(
        Coupon,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    # Who asked, and for whom, as a vendor named them: they may be no customers yet.
    asked_by = models.UUIDField(null=True, blank=True)
    asked_for = models.UUIDField(null=True, blank=True)
    body = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField()
    purchase = models.OneToOneField(
        Purchase,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quote",
        db_constraint=False,
    )

    class Meta:
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
        return f"quote {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("loyalty:stored", args=[self.store.slug, self.pk])

    @property
    def quote(self) -> Quote:
        """What was said, exactly."""
        return Quote.from_json(self.body)
