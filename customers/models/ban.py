"""Bans: a customer who may not buy, have goods delivered or use credit."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore
from stores.models import Store
from stores.models.keys import checked_key

from .customer import Customer

STANDING = Q(lifted_at=None)


class Ban(models.Model):
    """One ban, from `at` until somebody lifts it, or until the moment it was given for has come.
    Written only by `customers.bans`.
    """

    store = checked_key(Store, _("store"))
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="bans",
        db_constraint=False,
        db_index=False,
    )
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("banned at"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("banned by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=STANDING, name="ban_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("at")),
                name="ban_ends_after_it_began",
            ),
            SameStore(field="customer", name="ban_customer_same_store"),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], name="ban_by_customer"),
            models.Index(fields=["store", "customer"], condition=STANDING, name="ban_standing"),
        ]

    def __str__(self) -> str:
        return gettext("ban of %(customer)s") % {"customer": self.customer_id}

    @property
    def holds(self) -> bool:
        """Whether it keeps the customer out now."""
        over = self.until is not None and self.until <= timezone.now()
        return self.lifted_at is None and not over
