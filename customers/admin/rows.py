"""What the admin pages of rows that belong to customers share."""

from typing import Any, ClassVar

from django.db.models import Q

from customers.admin_search import ALIKE, EXACT, alike, named
from stores.admin_base import ReadOnly, StoreFilter, by_key
from stores.models import Store


class CustomerRows(ReadOnly):
    """Rows that point at customers by `paths`; a search names a customer, or the row itself."""

    list_filter: ClassVar[Any] = (StoreFilter,)
    search_help_text = f"{EXACT}, or the row's number."
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

    search_help_text = f"{EXACT}; {ALIKE}."
    list_select_related: ClassVar[Any] = ("store", "customer")
    paths = ("pk",)

    def customers(self, term: str, store: Store | None) -> list[int]:
        return alike(term, store)
