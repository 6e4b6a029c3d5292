"""The exports of a store: one page that gathers those of all floors."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.nouns import Words
from stores.rights import Right
from stores.views import StoreRequest, StoreView


@dataclass(frozen=True)
class Entry:
    """An export: what it is called, what it is for, and its page."""

    title: Words
    words: Words
    page_name: str


ENTRIES = [
    Entry(
        gettext_lazy("Customers"),
        gettext_lazy(
            "Who they are, what they spent and own, their credit and discount. The same file can be"
            " imported again. The button on the Customers page exports what that list shows."
        ),
        "customers:export",
    ),
    Entry(
        gettext_lazy("Purchases"),
        gettext_lazy(
            "Everything that was bought, with payer, recipient, product, vendor and how it was"
            " paid; gifts and returns included."
        ),
        "exports:purchases",
    ),
    Entry(
        gettext_lazy("Credit entries"),
        gettext_lazy(
            "Every movement of both balances, with who moved it and why, and what was held after"
            " it."
        ),
        "exports:credit",
    ),
    Entry(
        gettext_lazy("Products"),
        gettext_lazy("What you sell, with prices, discounts and their dates."),
        "products:export",
    ),
    Entry(
        gettext_lazy("For the accountant"),
        gettext_lazy(
            "One line for each sale of a month or of any days: list price, discounts, how it was"
            " paid, refund and net, with their sums."
        ),
        "accountant:sales",
    ),
    Entry(
        gettext_lazy("Best customers"),
        gettext_lazy(
            "Those who spent most in a period, the best first, with how often they bought."
        ),
        "accountant:best_customers",
    ),
    Entry(
        gettext_lazy("Best products"),
        gettext_lazy(
            "What brought most in a period, the best first, with how often it was bought."
        ),
        "accountant:best_products",
    ),
]


class Exports(StoreView):
    """All exports, each with a word on it."""

    right = Right.EXPORT
    template_name = "storeadmin/exports.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        context = {
            "title": _("Exports"),
            "entries": [
                {"entry": entry, "url": reverse(entry.page_name, args=[request.store.slug])}
                for entry in ENTRIES
            ],
        }
        return self.render(self.template_name, context)
