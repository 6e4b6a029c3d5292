"""The customers before and after one, in the list that its profile was opened from."""

from django.urls import reverse

from customers.models import Customer
from customers.views.list import CustomerList
from stores.views import StoreRequest


def beside(request: StoreRequest, customer: Customer) -> dict[str, str | None]:
    """The addresses of the profiles before and after, None at the ends; nothing for a profile that
    was not opened from a list.
    """
    if "sort" not in request.GET:
        return {}
    store = request.store
    listing = CustomerList()
    listing.setup(request, slug=store.slug)
    if listing.filters.refused:
        return {}
    query = request.GET.urlencode()
    before, after = (
        f"{reverse('customers:profile', args=[store.slug, key])}?{query}" if key else None
        for key in listing.beside(customer)
    )
    return {"before": before, "after": after, "list": f"{store.get_absolute_url()}?{query}"}
