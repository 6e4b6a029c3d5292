"""Prices that explain themselves: asked for, or as they were when something was sold."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from customers import bans, search, tasks
from customers.models import Customer, Purchase
from loyalty import quotes
from loyalty.forms import QuoteForm
from loyalty.models import StoredQuote
from loyalty.quotes import Question
from products.models import Vendor
from products.models.vendor import SELLING
from stores.views import StoreRequest, StoreView

SUGGESTED = 20
VENDORS_SUGGESTED = 200


class QuotePage(StoreView):
    """A price as of now; the question stands in the address, so that it can be sent."""

    template_name = "loyalty/quote.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store = request.store
        as_of = tasks.keep_year(store)
        form = self.form()
        asked = form.question if form.is_bound and form.is_valid() else None
        vendors = Vendor.objects.filter(SELLING, store=store).values_list("name", flat=True)
        context = {
            "title": _("What would it cost?"),
            "form": form,
            "asked": asked,
            "quote": quotes.quote(asked) if asked else None,
            "vendors": vendors[:VENDORS_SUGGESTED],
            "figures_as_of": as_of,
            "warnings": self.warnings(asked) if asked else [],
        }
        return self.render(self.template_name, context)

    def warnings(self, asked: Question) -> list[str]:
        """What would keep the sale from happening, whatever it costs."""
        people = {person.pk: person for person in (asked.payer, asked.owner) if person}
        banned = bans.banned(self.request.store, people) if people else set()
        return [
            (
                _("%(name)s is banned: cannot buy.")
                if person == asked.payer
                else _("%(name)s is banned: cannot receive.")
            )
            % {"name": person.username}
            for key, person in people.items()
            if key in banned
        ]

    def form(self) -> QuoteForm:
        """Without a product nothing is asked yet; what else stands in the address is filled in."""
        data, store = self.request.GET, self.request.store
        if "product" in data:
            return QuoteForm(data, store=store)
        return QuoteForm(initial=data.dict(), store=store)


class Stored(StoreView):
    """A quote as it was given."""

    template_name = "loyalty/stored.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        rows = StoredQuote.objects.filter(store=request.store)
        related = ("product", "vendor", "payer", "recipient", "purchase")
        stored = rows.select_related(*related).filter(pk=kwargs["quote"]).first()
        if stored is None:
            raise Http404
        context = {
            "title": _("The price as it was quoted"),
            "row": stored,
            "bought": stored.purchase,
            "stored": stored,
            "quote": stored.quote,
        }
        return self.render(self.template_name, context, part="body")


class Sold(StoreView):
    """How the price of a purchase came about: by its quote, if one was kept."""

    template_name = "loyalty/stored.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        rows = Purchase.objects.filter(store=request.store)
        related = ("product", "vendor", "payer", "recipient", "quote")
        purchase = rows.select_related(*related).filter(pk=kwargs["purchase"]).first()
        if purchase is None:
            raise Http404
        stored: StoredQuote | None = getattr(purchase, "quote", None)
        context = {
            "title": _("How this price came about"),
            "row": purchase,
            "bought": purchase,
            "stored": stored,
            "quote": stored.quote if stored else None,
        }
        return self.render(self.template_name, context, part="body")


class People(StoreView):
    """Names of customers that hold what was typed, for a field that takes one."""

    template_name = "loyalty/people.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        asked = (request.GET.get(name) for name in ("customer", "recipient", "owner"))
        typed = next(filter(None, asked), "")
        keys = search.matching(request.store, typed[:128]).values("pk")[:SUGGESTED]
        people = Customer.objects.filter(pk__in=keys) if typed.strip() else Customer.objects.none()
        return self.render(self.template_name, {"people": people})
