"""What a customer owns, paid for, and how their credit moved: pieces of the profile, and pages of
their own.
"""

from typing import Any

from django.http import HttpResponse

from customers import lists
from customers.models import Balance, CreditEntry, Customer
from customers.views.base import CustomerView
from stores.addresses import ListAddress, page_number
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.rights import Right
from stores.views import StoreRequest

OWNED_PER_PAGE = 50
LATEST = 10
CREDIT = Balance.CREDIT


class OwnedProducts(CustomerView):
    """The products that a customer owns, newest product first."""

    template_name = "customers/products.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        after = page_number(request.GET.get("after", ""))
        context = {
            "title": f"Products of {self.customer.username}",
            "customer": self.customer,
            "may_remove": self.may(Right.REMOVE_PRODUCTS),
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
    """Everything that a customer paid for."""

    template_name = "customers/purchases.html"

    def paginator(self) -> KeyPaginator:
        return purchase_pages(self.customer, ListAddress(self.request).per_page)

    def context(self, page: KeyPage) -> dict[str, Any]:
        return {
            "title": f"Purchases of {self.customer.username}",
            "noun": "purchases",
            "noun_one": "purchase",
            "lines": lists.lines(page.keys),
        }


class CreditEntries(PagedHistory):
    """Every movement of one of the two balances, newest first."""

    template_name = "customers/credit.html"

    @property
    def balance(self) -> Balance:
        wanted = self.request.GET.get("balance", "")
        return Balance(wanted) if wanted in Balance.values else CREDIT

    def paginator(self) -> KeyPaginator:
        moved = getattr(self.customer.account, f"{self.balance}_seq")
        return KeyPaginator(
            rows=CreditEntry.objects.filter(account=self.customer.pk, balance=self.balance),
            column="seq",
            descending=True,
            per_page=ListAddress(self.request).per_page,
            count=Count(moved),
            name=f"credit:{self.customer.pk}:{self.balance}",
        )

    def context(self, page: KeyPage) -> dict[str, Any]:
        entries = CreditEntry.objects.select_related("by", "purchase__product").in_bulk(page.keys)
        account = self.customer.account
        return {
            "title": f"Credit of {self.customer.username}",
            "noun": "entries",
            "noun_one": "entry",
            "entries": [entries[key] for key in page.keys],
            "balances": [
                {
                    "name": balance.value,
                    "label": balance.label,
                    "amount": getattr(account, balance),
                    "active": balance == self.balance,
                }
                for balance in Balance
            ],
        }


def purchase_pages(customer: Customer, per_page: int) -> KeyPaginator:
    """The purchases of a customer by time, latest first."""
    rows = lists.paid_for(customer)
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
    page = purchase_pages(customer, LATEST).page()
    return {"purchase_page": page, "lines": lists.lines(page.keys)}
