"""What the pages of one customer share."""

from functools import cached_property

from django.http import Http404

from customers.models import Customer
from stores.views import StoreView


class CustomerView(StoreView):
    """A view of one customer of the store; of no other."""

    @cached_property
    def customer(self) -> Customer:
        rows = Customer.objects.select_related("account").filter(store=self.request.store)
        customer = rows.filter(pk=self.kwargs["pk"]).first()
        if customer is None:
            raise Http404
        customer.store = self.request.store
        return customer

    def cancel_url(self) -> str:
        return self.customer.get_absolute_url()
