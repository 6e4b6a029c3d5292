"""The rows of a bulk change of credit."""

from django.db import models

from stores.models import BatchRow
from stores.models.batch import row_indexes, row_rules
from stores.models.defaults import ZERO

from .account import CreditAccount


class CreditRow(BatchRow):
    """One account of a bulk change: what is asked for, what the balances were, and what they shall
    be.
    """

    account = models.ForeignKey(
        CreditAccount,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    credit_asked = models.BigIntegerField(**ZERO)
    credit_was = models.BigIntegerField(**ZERO)
    credit_to = models.BigIntegerField(**ZERO)
    restricted_asked = models.BigIntegerField(**ZERO)
    restricted_was = models.BigIntegerField(**ZERO)
    restricted_to = models.BigIntegerField(**ZERO)

    class Meta:
        constraints = row_rules("account", "creditrow")
        indexes = row_indexes("account", "creditrow")
