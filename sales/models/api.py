"""What the vendor API needs: keys of vendors, and the answers that were given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Purchase
from products.models import Vendor
from stores.constraints import Immutable, SameStore
from stores.models import Store
from stores.models.defaults import EMPTY, NO
from stores.models.keys import checked_key

VALID = Q(revoked_at=None)


class VendorKey(models.Model):
    """The key that a vendor's script shows: only its hash is kept, `shown` is how it begins. One a
    vendor; another one takes its place. Who `pays_out` holds the owner's permission to pay.
    Written only by `sales.keys`.
    """

    store = checked_key(Store, _("store"))
    vendor = models.ForeignKey(
        Vendor,
        verbose_name=_("vendor"),
        on_delete=models.PROTECT,
        related_name="keys",
        db_constraint=False,
        db_index=False,
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shown = models.CharField(_("begins with"), max_length=12)
    pays_out = models.BooleanField(_("pays out"), **NO)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("vendor key")
        verbose_name_plural = _("vendor keys")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor"], condition=VALID, name="vendorkey_valid_once"
            ),
            models.UniqueConstraint(fields=["store", "id"], name="vendorkey_in_store"),
            SameStore(field="vendor", name="vendorkey_vendor_same_store"),
        ]
        indexes = [models.Index(fields=["vendor", "id"], name="vendorkey_by_vendor")]

    def __str__(self) -> str:
        return f"{self.shown}..."


class Answer(models.Model):
    """A final answer of the vendor API under the key that the caller gave: the same question again
    gets it again. `fingerprint` tells whether it is the same question, of the same vendor.

    One that tells of a purchase is kept for good, others for a while.
    """

    store = checked_key(Store, _("store"))
    key = models.CharField(_("key"), max_length=80)
    vendor = checked_key(Vendor, _("vendor"))
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    body = models.TextField(_("body"), max_length=2048)
    at = models.DateTimeField(_("given at"), default=timezone.now)
    purchase = models.ForeignKey(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["store", "key"], name="answer_key_once"),
            SameStore(field="vendor", name="answer_vendor_same_store"),
            SameStore(field="purchase", name="answer_purchase_same_store"),
            Immutable(name="answer_is_as_given", deletable=True),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(purchase=None), name="answer_by_time"),
            models.Index(
                fields=["purchase"],
                condition=Q(purchase__isnull=False),
                name="answer_by_purchase",
            ),
        ]

    def __str__(self) -> str:
        return gettext("answer to %(key)s") % {"key": self.key}


class RateWindow(models.Model):
    """How often a key has asked since `starts_at`, seconds since 1970: all of it, or what it asked
    for one object in-world, which is that object's own word. Written only by `sales.rates`.
    """

    store = checked_key(Store, _("store"))
    key = checked_key(VendorKey, _("key"))
    object_key = models.CharField(_("object"), max_length=36, blank=True, **EMPTY)
    starts_at = models.BigIntegerField(_("counted since"))
    asked = models.IntegerField(_("requests"))

    class Meta:
        verbose_name = _("rate window")
        verbose_name_plural = _("rate windows")
        constraints = [
            models.UniqueConstraint(fields=["key", "object_key"], name="ratewindow_once"),
            SameStore(field="key", name="ratewindow_key_same_store"),
        ]

    def __str__(self) -> str:
        return gettext("%(number)s since %(moment)s") % {
            "number": self.asked,
            "moment": self.starts_at,
        }
