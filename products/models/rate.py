"""The rows of a bulk change of what vendors take off."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from products.rates import Rates
from stores.models import BatchRow
from stores.models.batch import row_indexes, row_rules
from stores.models.keys import checked_key

from .base import percentage
from .vendor import Vendor


class RateRow(BatchRow):
    """One vendor of a bulk change: the discounts that it had, and those that it shall have.

    Both are written again where it had others when its turn came, so that undo gives back what was
    really replaced.
    """

    vendor = checked_key(Vendor, _("vendor"))
    discount_was = models.PositiveSmallIntegerField(_("discount before"))
    members_was = models.PositiveSmallIntegerField(_("members' rate before"))
    discount_to = models.PositiveSmallIntegerField(_("discount after"))
    members_to = models.PositiveSmallIntegerField(_("members' rate after"))

    class Meta:
        verbose_name = _("rate row")
        verbose_name_plural = _("rate rows")
        constraints = [
            *row_rules("vendor", "raterow"),
            *(
                percentage(f"{name}_{end}", f"raterow_{name}_{end}_range")
                for name in ("discount", "members")
                for end in ("was", "to")
            ),
        ]
        indexes = row_indexes("vendor", "raterow")

    @property
    def was(self) -> Rates:
        return Rates(self.discount_was, self.members_was)

    @was.setter
    def was(self, value: Rates) -> None:
        self.discount_was, self.members_was = value

    @property
    def to(self) -> Rates:
        return Rates(self.discount_to, self.members_to)

    @to.setter
    def to(self, value: Rates) -> None:
        self.discount_to, self.members_to = value
