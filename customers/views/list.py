"""The Customers page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from customers import bans
from customers.filters import CustomerFilters
from customers.models import Ban, CreditAccount, Customer
from customers.search import found_by
from customers.tables import CustomerTable
from customers.views.base import keep_year
from stores.models import Store
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row
from stores.views import ListPage, Sort
from stores.views.lists import Action, by_key

CELLS = ("spent", "spent_year", "owns", "discount", "subscriber")
OF_ACCOUNT = {
    "credit": {"credit": F("account__credit")},
    "restricted": {"restricted": F("account__restricted")},
}


def accounts(store: Store) -> QuerySet[CreditAccount]:
    """The accounts of listed customers: the table that owns the sorts by credit."""
    return CreditAccount.objects.filter(store=store, listed=True)


class CustomerList(ListPage):
    """Everyone who bought from the store, received a gift, or was added."""

    list_name = "customers:list"
    title = gettext_lazy("Customers")
    noun = npgettext_lazy("counted", "customer", "customers")
    table_class = CustomerTable
    filterset_class = CustomerFilters
    default_sort = "-spent"
    search_hint = gettext_lazy("Search by name, UUID or e-mail")
    template_name = "customers/list.html"
    store_related = ("year_window", "customer_count")
    sorts = {
        "customer": Sort("name_key"),
        "spent": Sort("spent"),
        "spent_year": Sort("spent_year"),
        "owns": Sort("owns"),
        "credit": Sort("credit", accounts),
        "restricted": Sort("restricted", accounts),
        "discount": Sort("discount"),
        "subscriber": Sort("subscriber"),
    }

    def listed(self) -> QuerySet[Customer]:
        return Customer.objects.filter(store=self.request.store, archived_at=None)

    def total(self) -> Count:
        counted = getattr(self.request.store, "customer_count", None)
        return Count(counted.listed if counted else 0)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        return by_key(
            Customer.objects.filter(pk__in=keys).values(
                "pk",
                "picture",
                *(name for name in CELLS if name not in self.hidden),
                **self.for_shown(OF_ACCOUNT),
                customer=F("username"),
                banned=Exists(Ban.objects.filter(bans.holding(), customer=OuterRef("pk"))),
            )
        )

    def actions(self) -> list[Action]:
        offered = [
            (
                Right.EDIT_CUSTOMERS,
                Action(_("Add customer"), self._url("customers:add"), "user-plus", primary=True),
            ),
            (
                Right.MOVE_CREDIT,
                Action(_("Bulk credit"), self._url("customers:bulk_credit"), "coins", of_list=True),
            ),
            (
                Right.IMPORT,
                Action(_("Import"), self._url("customers:import"), "upload", dialog=False),
            ),
            (
                Right.EXPORT,
                Action(_("Export"), self._url("customers:export"), "download", of_list=True),
            ),
            (Right.EDIT_TIERS, Action(_("Loyalty discounts"), self._url("loyalty:tiers"), "award")),
            (
                Right.SEE,
                Action(_("Archived"), self._url("customers:archived"), "archive", dialog=False),
            ),
        ]
        return [action for right, action in offered if self.may(right)]

    def ticked_actions(self) -> list[Action]:
        if not self.may(Right.MOVE_CREDIT):
            return []
        return [Action(_("Change credit"), self._url("customers:bulk_credit"), "coins")]

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.request.store.slug])

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No customers yet"),
            _(
                "Everyone who buys from your store appears here,"
                " with what they spent, own and hold in credit."
            ),
        )

    def row_query(self, order_by: str) -> str:
        """Profiles lead on to the customers before and after."""
        return self.address.of_rows(order_by)

    def beside(self, customer: Customer) -> tuple[int | None, int | None]:
        """The customers before and after one in this list."""
        sort = self.sorts[self.sort[0]]
        row = customer.account if sort.table else customer
        return self.paginator().beside(getattr(row, sort.column), customer.pk)

    def page_context(self) -> dict[str, Any]:
        as_of = keep_year(self.request.store)
        context = {**super().page_context(), "figures_as_of": as_of}
        if (typed := self.filters.values.get("q")) and not context["empty"]:
            self.say_found(typed, context["table"].data)
        return context

    def say_found(self, typed: str, rows: Iterable[Row]) -> None:
        """Say by what else than their names customers were found."""
        others = {row["pk"]: row for row in rows if typed.lower() not in row["customer"].lower()}
        found = found_by(self.request.store, typed, others) if others else {}
        for key, line in found.items():
            others[key]["found"] = line

    def first_deeds(self) -> list[Action]:
        """What a new store begins with: a first customer, or all that it had before."""
        urls = (self._url("customers:add"), self._url("customers:import"))
        return [action for action in self.actions() if action.url in urls]
