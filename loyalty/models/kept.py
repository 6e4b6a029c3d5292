"""Discounts that customers keep from an earlier ladder, and the rows of the bulk changes that write
them.
"""

from django.db import models
from django.utils import timezone

from customers.models import Customer
from stores.constraints import SameStore
from stores.models import BatchRow, Store
from stores.models.batch import row_indexes, row_rules

from .tier import percentage


class KeptDiscount(models.Model):
    """A loyalty discount that a customer had earned before the ladder was changed. Written only by
    `loyalty.kept`.
    """

    customer = models.OneToOneField(
        Customer,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="kept_discount",
        db_constraint=False,
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    discount = models.PositiveSmallIntegerField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            percentage("discount", "kept_discount_range", least=1),
            SameStore(field="customer", name="kept_customer_same_store"),
        ]

    def __str__(self) -> str:
        return f"{self.discount} % kept"


class KeptRow(BatchRow):
    """One customer of such a change: what they kept, and what they shall keep; 0 is nothing.

    What they kept is written again where that was another one when their turn came, so that undo
    gives back what was really replaced.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    discount_was = models.PositiveSmallIntegerField()
    discount_to = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            *row_rules("customer", "keptrow"),
            percentage("discount_was", "keptrow_was_range"),
            percentage("discount_to", "keptrow_to_range"),
        ]
        indexes = row_indexes("customer", "keptrow")
