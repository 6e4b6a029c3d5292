"""What a customer gets and why: a piece of the profile, and a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from customers.views.base import FiguresView
from loyalty import pricing, quotes, tiers
from stores.views import StoreRequest


class CustomerDiscount(FiguresView):
    """The discount that counts, those that do not, and what is missing to the next tier."""

    template_name = "loyalty/customer.html"
    related = ("account", "kept_discount")

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store, customer = request.store, self.customer
        terms = quotes.terms_of(store)
        payer = quotes.payer_of(terms, customer, store)
        got, others = pricing.percentage(payer)
        ladder = terms.ladder
        following = tiers.following(
            ladder.rungs, quotes.held_by(customer), largest_wins=ladder.largest_wins
        )
        context = {
            "title": _("What %(name)s gets") % {"name": customer.username},
            "customer": customer,
            "figures_as_of": self.figures_as_of,
            "got": got,
            "others": others,
            "house": terms.house,
            "next": following,
            "then": following and max(following.rung.discount, payer.discount, payer.kept),
        }
        return self.render(self.template_name, context, part="piece")
