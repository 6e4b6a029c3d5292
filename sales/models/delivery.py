"""Deliveries: what is to be handed over in-world, each attempt at it, and the boxes that do it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from products.models import Product
from stores.constraints import Immutable, SameStore
from stores.models import Batch, Store
from stores.models.defaults import EMPTY, ZERO
from stores.models.keys import checked_key


class DeliveryKind(models.TextChoices):
    """What a delivery is for."""

    SALE = "sale", _("Sale")
    AGAIN = "again", _("Redelivery")
    SENT = "sent", _("Sent by the store")
    BULK = "bulk", _("Bulk redelivery")


class DeliveryState(models.TextChoices):
    """How far a delivery is: `sent` is in the hands of a box that has not reported yet."""

    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNDER_WAY = (DeliveryState.QUEUED, DeliveryState.SENT)
# One at a time for each customer and product.
ONE_AT_A_TIME = (DeliveryKind.AGAIN, DeliveryKind.BULK)


class Box(models.Model):
    """A delivery box in-world: where it can be reached, until it cannot. Its `object_key` is its
    own word for itself. Written only by `sales.boxes`.
    """

    store = checked_key(Store, _("store"))
    object_key = models.UUIDField(_("object"))
    name = models.CharField(_("name"), max_length=64, blank=True, **EMPTY)
    url = models.CharField(max_length=255)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    failures = models.IntegerField(_("failures"), **ZERO)
    gone_at = models.DateTimeField(_("gone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("box")
        verbose_name_plural = _("boxes")
        constraints = [
            models.UniqueConstraint(fields=["store", "object_key"], name="box_once"),
            models.UniqueConstraint(fields=["store", "id"], name="box_in_store"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.object_key)


class Delivery(models.Model):
    """One product to be handed to one resident, by right of a purchase. Written only by
    `sales.deliveries`.

    Until `next_at` nobody takes it up: it waits for its turn, for another try, or for the report
    of the box that has it. `attempts` is its fencing number too.
    """

    store = checked_key(Store, _("store"))
    kind = models.CharField(_("kind"), max_length=5, choices=DeliveryKind.choices)
    purchase = models.ForeignKey(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    product = checked_key(Product, _("product"))
    recipient = models.ForeignKey(
        Customer,
        verbose_name=_("recipient"),
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    quantity = models.IntegerField(_("quantity"), default=1)
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("batch"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    next_at = models.DateTimeField(_("next try at"), default=timezone.now)
    attempts = models.IntegerField(_("tries"), **ZERO)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="delivery_in_store"),
            models.UniqueConstraint(
                fields=["recipient", "product"],
                condition=Q(state__in=UNDER_WAY, kind__in=ONE_AT_A_TIME),
                name="delivery_again_once",
            ),
            models.UniqueConstraint(
                fields=["purchase"],
                condition=Q(kind__in=(DeliveryKind.SALE, DeliveryKind.SENT)),
                name="delivery_of_sale_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="delivery_hands_over_some"),
            SameStore(field="purchase", name="delivery_purchase_same_store"),
            SameStore(field="product", name="delivery_product_same_store"),
            SameStore(field="recipient", name="delivery_recipient_same_store"),
            SameStore(field="batch", name="delivery_batch_same_store"),
        ]
        indexes = [
            models.Index(fields=["store", "made_at", "id"], name="delivery_by_time"),
            models.Index(fields=["store", "state", "made_at", "id"], name="delivery_by_state"),
            models.Index(fields=["store", "kind", "made_at", "id"], name="delivery_by_kind"),
            models.Index(
                fields=["store", "next_at", "id"],
                condition=Q(state__in=UNDER_WAY),
                name="delivery_due",
            ),
            models.Index(fields=["recipient", "product", "id"], name="delivery_by_recipient"),
            models.Index(fields=["purchase", "id"], name="delivery_by_purchase"),
            models.Index(fields=["product", "made_at", "id"], name="delivery_by_product"),
            models.Index(
                fields=["batch", "state", "id"],
                condition=Q(batch__isnull=False),
                name="delivery_by_batch",
            ),
        ]

    def __str__(self) -> str:
        return gettext("delivery %(number)s") % {"number": self.pk}


class Attempt(models.Model):
    """One try to hand a delivery over: to which box, what it answered. Written once."""

    store = checked_key(Store, _("store"))
    delivery = models.ForeignKey(
        Delivery,
        verbose_name=_("delivery"),
        on_delete=models.PROTECT,
        related_name="tries",
        db_constraint=False,
        db_index=False,
    )
    number = models.IntegerField(_("number"))
    at = models.DateTimeField(_("tried at"), default=timezone.now)
    box = models.ForeignKey(
        Box,
        verbose_name=_("box"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            SameStore(field="delivery", name="attempt_delivery_same_store"),
            SameStore(field="box", name="attempt_box_same_store"),
            Immutable(name="attempt_is_as_it_was"),
        ]
        indexes = [models.Index(fields=["delivery", "id"], name="attempt_by_delivery")]

    def __str__(self) -> str:
        return gettext("try %(number)s of %(delivery)s") % {
            "number": self.number,
            "delivery": self.delivery_id,
        }
