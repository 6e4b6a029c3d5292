"""What a customer owns and paid for: pieces of the profile, and pages of their own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from customers import lists
from customers.models import Customer, Purchase
from customers.views.base import CustomerView
from stores.addresses import ListAddress, page_number
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.rights import Right
from stores.views import StoreRequest

OWNED_PER_PAGE = 50
LATEST = 10


class OwnedProducts(CustomerView):
    """The products that a customer owns, newest product first."""

    template_name = "customers/products.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        after = page_number(request.GET.get("after", ""))
        context = {
            "title": _("Products of %(customer)s") % {"customer": self.customer.username},
            "customer": self.customer,
            "may_remove": self.may(Right.REMOVE_PRODUCTS),
            "may_redeliver": self.may(Right.EDIT_CUSTOMERS),
            "owned": lists.owned(self.customer, after=after, limit=OWNED_PER_PAGE),
        }
        return self.render(self.template_name, context, part="body")


class PagedHistory(CustomerView):
    """A list about one customer, paged by key."""

    template_name: str

    def paginator(self) -> KeyPaginator:
        raise TypeError(f"{type(self).__name__} lists nothing")

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        address = ListAddress(request)
        paginator = self.paginator()
        try:
            page = address.page(paginator)
        except PageBeyond:
            page = paginator.last()
        context = {
            "customer": self.customer,
            "page": page,
            **address.links(page),
            **self.context(page),
        }
        return self.render(self.template_name, context, part="body")

    def context(self, page: KeyPage) -> dict[str, Any]:
        return {}


class Purchases(PagedHistory):
    """Everything that a customer paid for, or one purchase of it."""

    template_name = "customers/purchases.html"

    def paginator(self) -> KeyPaginator:
        rows = lists.paid_for(self.customer)
        if self.only:
            rows = rows.filter(pk=self.only)
        return purchase_pages(self.customer, ListAddress(self.request).per_page, rows)

    @property
    def only(self) -> int | None:
        return page_number(self.request.GET.get("purchase", ""))

    def context(self, page: KeyPage) -> dict[str, Any]:
        return {
            "title": _("Purchases of %(customer)s") % {"customer": self.customer.username},
            "things": npgettext("counted", "purchase", "purchases", page.count.value),
            "only": self.only,
            "lines": lists.lines(page.keys),
        }


def purchase_pages(customer: Customer, per_page: int, rows: QuerySet[Purchase]) -> KeyPaginator:
    """Purchases of a customer by time, latest first."""
    return KeyPaginator(
        rows=rows,
        column="at",
        descending=True,
        per_page=per_page,
        count=Count.up_to_cap(rows),
        name=f"purchases:{customer.pk}",
    )


def latest_purchases(customer: Customer) -> dict[str, Any]:
    """The first few purchases, for the profile."""
    page = purchase_pages(customer, LATEST, lists.paid_for(customer)).page()
    return {"purchase_page": page, "lines": lists.lines(page.keys)}
