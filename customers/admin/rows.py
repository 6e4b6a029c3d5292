"""What the admin pages of rows that belong to customers share."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from customers.admin_search import EXACT, FOUND, alike, named
from stores.admin_base import ReadOnly, StoreFilter, by_key
from stores.models import Store
from stores.nouns import Words


class CustomerRows(ReadOnly):
    """Rows that point at customers by `paths`; a search names a customer, or the row itself."""

    list_filter: ClassVar[Any] = (StoreFilter,)
    search_help_text: ClassVar[Words] = format_lazy(
        gettext_lazy("{exact}, or the row's number."), exact=EXACT
    )
    paths: tuple[str, ...] = ("customer",)

    def matching(self, term: str, store: Store | None) -> Q:
        customers = self.customers(term, store)
        found = by_key(term)
        for path in self.paths:
            found |= Q(**{f"{path}__in": customers})
        return found

    def customers(self, term: str, store: Store | None) -> list[int]:
        return named(term, store)


class CustomerParts(CustomerRows):
    """Rows that share the key of their customer."""

    search_help_text = FOUND
    list_select_related: ClassVar[Any] = ("store", "customer")
    paths = ("pk",)

    def customers(self, term: str, store: Store | None) -> list[int]:
        return alike(term, store)
