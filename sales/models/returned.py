"""The terms of a return: what was given back, and what was taken back for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Purchase
from stores.constraints import Immutable, SameStore
from stores.models import Store
from stores.models.defaults import EMPTY, NO, ZERO
from stores.models.keys import checked_key
from stores.money import LIMIT

AMOUNTS = ("refund_kept", "coupon_taken", "coupon_missing", "bonus_taken", "bonus_missing")


class Return(models.Model):
    """What went with a return, whose amounts stand in `purchase`. The refund that was paid is kept
    of the money given back; share and bonus are taken as far as the credit goes, the rest is
    `missing`. Written once by `sales.returns`.
    """

    purchase = models.OneToOneField(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="return_terms",
        db_constraint=False,
    )
    store = checked_key(Store, _("store"))
    as_credit = models.BooleanField(_("as credit"), **NO)
    given = models.BigIntegerField(_("given back"), **ZERO)
    refund_kept = models.BigIntegerField(_("refund kept"), **ZERO)
    coupon_taken = models.BigIntegerField(_("coupon share taken"), **ZERO)
    coupon_missing = models.BigIntegerField(_("coupon share missing"), **ZERO)
    bonus_taken = models.BigIntegerField(_("bonus taken"), **ZERO)
    bonus_missing = models.BigIntegerField(_("bonus missing"), **ZERO)
    note = models.CharField(_("note"), max_length=200, blank=True, **EMPTY)
    token = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "token"],
                condition=Q(token__isnull=False),
                name="return_token_once",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": (0, LIMIT) for name in ("given", *AMOUNTS)}),
                name="return_amount_range",
            ),
            SameStore(field="purchase", name="return_purchase_same_store"),
            Immutable(name="return_is_as_made"),
        ]

    def __str__(self) -> str:
        return gettext("terms of return %(number)s") % {"number": self.pk}
