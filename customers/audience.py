"""Whom a bulk change touches: the ticked customers, what a filter finds, or everyone; frozen as
plain data.
"""

import dataclasses
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.filters import CustomerFilters
from customers.models import Customer, CustomerCount
from stores.models import Store
from stores.paging import Count
from stores.targets import Targets

MORE = "more"
LESS = "less"


@dataclasses.dataclass(frozen=True)
class Audience(Targets):
    """Customers of a store, narrowed to who `spent` more or less than an amount, where one is
    given.
    """

    filterset = CustomerFilters
    all_words = gettext_lazy("every customer")

    spent: tuple[str, int] | None = None

    @classmethod
    def of(cls, store: Store, asked: dict[str, Any]) -> "Audience":
        """The audience that `as_asked` gave."""
        spent = asked["spent"]
        return cls(
            store=store,
            ticked=tuple(asked["ticked"]),
            query=asked["query"],
            spent=(spent[0], spent[1]) if spent else None,
        )

    def as_asked(self) -> dict[str, Any]:
        return {**super().as_asked(), "spent": list(self.spent) if self.spent else None}

    def listed(self) -> QuerySet[Customer]:
        return Customer.objects.filter(store=self.store, archived_at=None)

    @property
    def is_everything(self) -> bool:
        return super().is_everything and self.spent is None

    def rows(self) -> QuerySet[Customer]:
        rows = super().rows()
        if self.spent is None:
            return rows
        side, amount = self.spent
        if side == MORE:
            return rows.filter(spent__gt=amount)
        # Below zero counts as zero, so nobody spent less than nothing.
        return rows.filter(spent__lt=amount) if amount > 0 else rows.none()

    def count(self) -> Count:
        if self.is_everything:
            counted = CustomerCount.objects.filter(store=self.store).values_list("listed")
            return Count(sum(number for (number,) in counted))
        return super().count()

    def said(self) -> list[str]:
        if not self.spent:
            return super().said()
        side, amount = self.spent
        text = _("spent more than %(amount)s") if side == MORE else _("spent less than %(amount)s")
        return [*super().said(), text % {"amount": self.store.money.format(amount)}]
