"""What the pages of sales share."""

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from stores.paging import Count
from stores.rights import Right
from stores.views import ListPage, StoreView
from stores.views.lists import Action

# What was asked for does not fit what is there.
CONFLICT = 409


class SaleList(ListPage):
    """A list of sales by time, counted to the cap."""

    template_name = "sales/list.html"
    default_sort = "-at"

    def total(self) -> Count:
        """By the index of keys alone, which holds nothing but store and key."""
        return Count.up_to_cap(self.listed().order_by("pk"))

    def url(self, name: str) -> str:
        return reverse(name, args=[self.request.store.slug])

    def offered(self, *actions: tuple[Right, Action]) -> list[Action]:
        """Those that the member may do."""
        return [action for right, action in actions if self.may(right)]


class RowView(StoreView):
    """A view of one row of the store; of no other. `slot` holds its key."""

    model: ClassVar[type[Model]]
    slot: ClassVar[str]
    related: ClassVar[tuple[str, ...]] = ()
    list_name: ClassVar[str]

    def rows(self) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(store=self.request.store)
        return rows.select_related(*self.related) if self.related else rows

    @cached_property
    def row(self) -> Any:
        row = self.rows().filter(pk=self.kwargs[self.slot]).first()
        if row is None:
            raise Http404
        row.store = self.request.store
        return row

    def cancel_url(self) -> str:
        return reverse(self.list_name, args=[self.request.store.slug])

    def address(self, name: str) -> str:
        """A page of this row."""
        return reverse(name, args=[self.request.store.slug, self.row.pk])
