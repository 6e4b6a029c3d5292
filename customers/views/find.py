"""The customers that are meant by a few letters, wherever one is in the store."""

import dataclasses
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from customers.models import Customer
from customers.tables import avatar
from customers.views.list import CustomerList
from stores.views import StoreRequest, StoreView

FOUND = 8


class FindCustomers(StoreView):
    """The first that the search of the list finds, who spent most before."""

    template_name = "customers/found.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        typed = request.GET.get("q", "")
        return self.render(self.template_name, {"typed": typed, "people": self.people()})

    def people(self) -> list[dict[str, Any]]:
        store = self.request.store
        rows = Customer.objects.filter(pk__in=self.keys()).order_by("-spent", "-pk")
        return [
            {
                "name": name,
                "url": reverse("customers:profile", args=[store.slug, key]),
                "avatar": mark_safe(avatar(store, key, name, picture)),  # noqa: S308  it escapes
            }
            for key, name, picture in rows.values_list("pk", "username", "picture")
        ]

    def keys(self) -> list[int]:
        """None where nothing is typed, or nothing that can be sought."""
        listing = CustomerList()
        listing.setup(self.request, slug=self.request.store.slug)
        if not listing.filters.active:
            return []
        return dataclasses.replace(listing.paginator(), per_page=FOUND).numbered(1).keys
