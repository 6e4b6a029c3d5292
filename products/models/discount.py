"""The rows of a bulk change of discounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from products.discounts import Discount
from stores.models import BatchRow
from stores.models.batch import row_indexes, row_rules
from stores.models.keys import checked_key

from .base import percentage
from .product import Product


class DiscountRow(BatchRow):
    """One product of a bulk change: the discount that it had, and the one that it shall have.

    What it had is written again where it had another one when its turn came, so that undo gives
    back what was really replaced.
    """

    product = checked_key(Product, _("product"))
    discount_was = models.PositiveSmallIntegerField(_("discount before"))
    from_was = models.DateField(_("first day before"), null=True)
    until_was = models.DateField(_("last day before"), null=True)
    discount_to = models.PositiveSmallIntegerField(_("discount after"))
    from_to = models.DateField(_("first day after"), null=True)
    until_to = models.DateField(_("last day after"), null=True)

    class Meta:
        verbose_name = _("discount row")
        verbose_name_plural = _("discount rows")
        constraints = [
            *row_rules("product", "discountrow"),
            percentage("discount_was", "discountrow_was_range"),
            percentage("discount_to", "discountrow_to_range"),
        ]
        indexes = row_indexes("product", "discountrow")

    @property
    def was(self) -> Discount:
        return Discount(self.discount_was, self.from_was, self.until_was)

    @was.setter
    def was(self, value: Discount) -> None:
        self.discount_was, self.from_was, self.until_was = value

    @property
    def to(self) -> Discount:
        return Discount(self.discount_to, self.from_to, self.until_to)

    @to.setter
    def to(self, value: Discount) -> None:
        self.discount_to, self.from_to, self.until_to = value
