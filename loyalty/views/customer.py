"""What a customer gets and why: a piece of the profile, and a page of its own."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse

from customers.models import Customer
from customers.views.base import CustomerView
from loyalty import pricing, quotes, tiers
from stores.views import StoreRequest


class CustomerDiscount(CustomerView):
    """The discount that counts, those that do not, and what is missing to the next tier."""

    template_name = "loyalty/customer.html"

    @cached_property
    def customer(self) -> Customer:
        rows = Customer.objects.select_related("account", "kept_discount")
        customer = rows.filter(store=self.request.store, pk=self.kwargs["pk"]).first()
        if customer is None:
            raise Http404
        customer.store = self.request.store
        return customer

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store, customer = request.store, self.customer
        terms = quotes.terms_of(store)
        got, others = pricing.percentage(quotes.payer_of(terms, customer, store))
        ladder = terms.ladder
        context = {
            "title": f"What {customer.username} gets",
            "customer": customer,
            "got": got,
            "others": others,
            "house": terms.house,
            "next": tiers.following(
                ladder.rungs, quotes.held_by(customer), largest_wins=ladder.largest_wins
            ),
        }
        return self.render(self.template_name, context, part="piece")
