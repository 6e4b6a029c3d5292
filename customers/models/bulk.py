"""The rows of a bulk change of credit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    credit_asked = models.BigIntegerField(_("credit asked"), **ZERO)
    credit_was = models.BigIntegerField(_("credit before"), **ZERO)
    credit_to = models.BigIntegerField(_("credit planned"), **ZERO)
    restricted_asked = models.BigIntegerField(_("restricted credit asked"), **ZERO)
    restricted_was = models.BigIntegerField(_("restricted credit before"), **ZERO)
    restricted_to = models.BigIntegerField(_("restricted credit planned"), **ZERO)

    class Meta:
        verbose_name = _("credit row")
        verbose_name_plural = _("credit rows")
        constraints = row_rules("account", "creditrow")
        indexes = row_indexes("account", "creditrow")
