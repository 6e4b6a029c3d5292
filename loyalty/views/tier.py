"""The customers of a tier."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from customers.tables import CustomerTable
from customers.views.list import CustomerList
from loyalty import quote_words, quotes
from loyalty.models import LoyaltyTier
from loyalty.standing import on_tier
from loyalty.tiers import Rung, rung
from stores.paging import CAP, Count
from stores.tables import MoneyColumn
from stores.views.lists import Action


class TierTable(CustomerTable):
    """As all customers; the balances stand in another table, which does not know the tiers."""

    credit = MoneyColumn(verbose_name=gettext_lazy("Credit"), orderable=False)
    restricted = MoneyColumn(verbose_name=gettext_lazy("Restricted Credit"), orderable=False)


class TierCustomers(CustomerList):
    """Everybody for whom the tier counts today, found by ranges over the figures."""

    list_name = ""
    table_class = TierTable
    sorts = {name: sort for name, sort in CustomerList.sorts.items() if sort.table is None}

    @property
    def title(self) -> str:  # type: ignore[override]
        words = quote_words.tier(rung(self.tier), self.request.store.money)
        return f"{self.tier.discount} %: {words}"

    @property
    def rung(self) -> Rung | None:
        return rung(self.tier)

    @cached_property
    def tier(self) -> LoyaltyTier:
        store = self.request.store
        tier = LoyaltyTier.objects.filter(store=store, pk=self.kwargs["tier"]).first()
        if tier is None:
            raise Http404
        return tier

    @cached_property
    def standing(self) -> QuerySet[Customer]:
        ladder = quotes.terms_of(self.request.store).ladder
        return super().listed().filter(on_tier(ladder, self.rung))

    def listed(self) -> QuerySet[Customer]:
        """Few are gathered, whatever they are sorted by; many are met soon enough."""
        if not self.total().exact:
            return self.standing
        keys = self.standing.order_by().values("pk")[: CAP + 1]
        return super().listed().filter(pk__in=keys)

    def total(self) -> Count:
        return self._total

    @cached_property
    def _total(self) -> Count:
        return Count.up_to_cap(self.standing)

    @cached_property
    def count(self) -> Count:
        return Count.up_to_cap(self.filters.qs) if self.filters.active else self.total()

    def actions(self) -> list[Action]:
        url = reverse("loyalty:tiers", args=[self.request.store.slug])
        return [Action(_("Loyalty discounts"), url, "award")]

    def ticked_actions(self) -> list[Action]:
        """What is done to ticked rows goes by the filters of all customers."""
        return []

    def empty_words(self) -> tuple[str, str]:
        return _("Nobody stands on this tier"), _("A higher tier may count for all who reach it.")

    def page_context(self) -> dict[str, Any]:
        subtitle = _("Customers for whom this tier counts.")
        return {**super().page_context(), "subtitle": subtitle}


class TierlessCustomers(TierCustomers):
    """Everybody for whom no tier counts today."""

    title = gettext_lazy("No tier")  # type: ignore[assignment]
    rung = None

    def empty_words(self) -> tuple[str, str]:
        return _("Everybody stands on a tier"), _("Whoever reaches none of them is listed here.")

    def page_context(self) -> dict[str, Any]:
        subtitle = _("Customers for whom no tier counts.")
        return {**super().page_context(), "subtitle": subtitle}
