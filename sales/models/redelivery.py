"""The rows of a bulk redelivery."""

from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from stores.constraints import SameStore
from stores.models import BatchRow
from stores.models.batch import row_indexes, row_rules
from stores.models.keys import checked_key


class RedeliveryRow(BatchRow):
    """One owner of the product, and the purchase by whose right it is delivered again."""

    customer = checked_key(Customer, _("customer"))
    purchase = checked_key(Purchase, _("purchase"))

    class Meta:
        verbose_name = _("redelivery row")
        verbose_name_plural = _("redelivery rows")
        constraints = [
            *row_rules("customer", "redeliveryrow"),
            SameStore(field="purchase", name="redeliveryrow_purchase_same_store"),
        ]
        indexes = row_indexes("customer", "redeliveryrow")
