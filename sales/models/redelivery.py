"""The rows of a bulk redelivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from stores.constraints import SameStore
from stores.models import BatchRow
from stores.models.batch import row_indexes, row_rules


class RedeliveryRow(BatchRow):
    """One owner of the product, and the purchase by whose right it is delivered again."""

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    purchase = models.ForeignKey(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("redelivery row")
        verbose_name_plural = _("redelivery rows")
        constraints = [
            *row_rules("customer", "redeliveryrow"),
            SameStore(field="purchase", name="redeliveryrow_purchase_same_store"),
        ]
        indexes = row_indexes("customer", "redeliveryrow")
