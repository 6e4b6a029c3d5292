"""The customers who were archived."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from customers.filters import ArchivedFilters
from customers.models import Customer
from customers.models.customer import ARCHIVED
from customers.tables import ArchivedTable
from stores.paging import Count
from stores.tables import Row
from stores.views import ListPage, Sort
from stores.views.lists import Action, by_key


class ArchivedCustomers(ListPage):
    """Customers who were added by mistake, latest archived first; a profile lists one again."""

    list_name = "customers:archived"
    title = gettext_lazy("Archived customers")
    noun = ngettext_lazy("archived customer", "archived customers")
    table_class = ArchivedTable
    filterset_class = ArchivedFilters
    default_sort = "-archived"
    search_hint = gettext_lazy("Search by name")
    sorts = {"archived": Sort("archived_at")}

    def listed(self) -> QuerySet[Customer]:
        return Customer.objects.filter(ARCHIVED, store=self.request.store)

    def total(self) -> Count:
        return Count.up_to_cap(self.listed())

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows: QuerySet[Any, Any] = Customer.objects.filter(pk__in=keys)
        return by_key(
            rows.values(
                "pk",
                "picture",
                "spent",
                "owns",
                customer=F("username"),
                archived=F("archived_at"),
                credit=F("account__credit"),
                restricted=F("account__restricted"),
            )
        )

    def actions(self) -> list[Action]:
        url = reverse("customers:list", args=[self.request.store.slug])
        return [Action(_("Customers"), url, "users", dialog=False)]

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No archived customers"),
            _("Whom you archive is kept here with all they bought, and can be listed again."),
        )
