"""Discounts that customers keep from an earlier ladder, and the rows of the bulk changes that write
them.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from stores.constraints import SameStore
from stores.models import BatchRow, Store
from stores.models.batch import row_indexes, row_rules
from stores.models.keys import checked_key

from .tier import percentage


class KeptDiscount(models.Model):
    """A loyalty discount that a customer had earned before the ladder was changed. Written only by
    `loyalty.kept`.
    """

    customer = models.OneToOneField(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="kept_discount",
        db_constraint=False,
    )
    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    discount = models.PositiveSmallIntegerField(_("discount"))
    kept_at = models.DateTimeField(_("kept since"), default=timezone.now)

    class Meta:
        verbose_name = _("kept discount")
        verbose_name_plural = _("kept discounts")
        constraints = [
            percentage("discount", "kept_discount_range", least=1),
            SameStore(field="customer", name="kept_customer_same_store"),
        ]

    def __str__(self) -> str:
        return gettext("%(percent)s %% kept") % {"percent": self.discount}


class KeptRow(BatchRow):
    """One customer of such a change: what they kept, and what they shall keep; 0 is nothing.

    What they kept is written again where that was another one when their turn came, so that undo
    gives back what was really replaced.
    """

    customer = checked_key(Customer, _("customer"))
    discount_was = models.PositiveSmallIntegerField(_("discount before"))
    discount_to = models.PositiveSmallIntegerField(_("discount after"))

    class Meta:
        verbose_name = _("kept row")
        verbose_name_plural = _("kept rows")
        constraints = [
            *row_rules("customer", "keptrow"),
            percentage("discount_was", "keptrow_was_range"),
            percentage("discount_to", "keptrow_to_range"),
        ]
        indexes = row_indexes("customer", "keptrow")
