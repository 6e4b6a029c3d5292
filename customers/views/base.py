"""What the pages of one customer share."""

import datetime as dt
from functools import cached_property

from django.http import Http404

from customers import tasks
from customers.models import Customer
from stores.models import Store
from stores.views import StoreView


def keep_year(store: Store) -> dt.date | None:
    """`tasks.keep_year` of a store whose window was read along with it."""
    window = getattr(store, "year_window", None)
    return tasks.keep_year(store, through=window.through if window else store.today())


class CustomerView(StoreView):
    """A view of one customer of the store; of no other."""

    related: tuple[str, ...] = ("account",)

    @cached_property
    def customer(self) -> Customer:
        rows = Customer.objects.select_related(*self.related).filter(store=self.request.store)
        customer = rows.filter(pk=self.kwargs["pk"]).first()
        if customer is None:
            raise Http404
        customer.store = self.request.store
        return customer

    def cancel_url(self) -> str:
        return self.customer.get_absolute_url()


class FiguresView(CustomerView):
    """A view that shows what the customer spent: the year rolls before they are read."""

    store_related: tuple[str, ...] = ("year_window",)
    figures_as_of: dt.date | None = None

    @cached_property
    def customer(self) -> Customer:
        self.figures_as_of = keep_year(self.request.store)
        return super().customer
