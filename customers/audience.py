"""Whom a bulk change touches: the ticked customers, what a filter finds, or everyone; frozen as
plain data.
"""

import dataclasses
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from customers.filters import CustomerFilters
from customers.models import Customer, CustomerCount
from stores.models import Store
from stores.paging import Count

MORE = "more"
LESS = "less"


@dataclasses.dataclass(frozen=True)
class Audience:
    """Customers of a store: those of `ticked`, else those that `query`, the filters of the list's
    address, finds; narrowed to who `spent` more or less than an amount, where one is given.
    """

    store: Store
    ticked: tuple[int, ...] = ()
    query: str = ""
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
        return {
            "ticked": list(self.ticked),
            "query": self.query,
            "spent": list(self.spent) if self.spent else None,
        }

    @property
    def filters(self) -> CustomerFilters:
        listed = Customer.objects.filter(store=self.store, archived_at=None)
        return CustomerFilters(QueryDict(self.query), queryset=listed, store=self.store)

    @property
    def is_everyone(self) -> bool:
        return not self.ticked and self.spent is None and not self.filters.active

    def customers(self) -> QuerySet[Customer]:
        """The customers, in no order."""
        if self.ticked:
            rows = Customer.objects.filter(store=self.store, archived_at=None, pk__in=self.ticked)
        else:
            rows = self.filters.qs
        if self.spent is None:
            return rows
        side, amount = self.spent
        if side == MORE:
            return rows.filter(spent__gt=amount)
        # Below zero counts as zero, so nobody spent less than nothing.
        return rows.filter(spent__lt=amount) if amount > 0 else rows.none()

    def count(self) -> Count:
        """How many they are, to the cap of counting."""
        if self.is_everyone:
            counted = CustomerCount.objects.filter(store=self.store).values_list("listed")
            return Count(sum(number for (number,) in counted))
        return Count.up_to_cap(self.customers())

    def sentence(self) -> str:
        """Whom it touches, in words."""
        if self.ticked:
            said = [f"{len(self.ticked):,} ticked"]
        else:
            said = [text for _, text in self.filters.sentences()]
        if self.spent:
            side, amount = self.spent
            said.append(f"spent {side} than {self.store.money.format(amount)}")
        return "; ".join(said) or "every customer"
