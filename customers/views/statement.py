"""The statement of a customer's credit over a period, as a page and as a file."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.credit_forms import StatementForm
from customers.models import CreditEntry
from customers.statements import HEADER, Chain, Statement
from customers.views.base import CustomerView
from stores import csv_out
from stores.views import StoreRequest

SHOWN = 200


class StatementView(CustomerView):
    """A period of days; this month where none is given."""

    def form(self) -> StatementForm:
        today = self.request.store.today()
        month = {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
        given = {name: self.request.GET.get(name, day) for name, day in month.items()}
        return StatementForm(given, store=self.request.store)

    def statement(self, form: StatementForm) -> Statement | None:
        """The statement that the form asks for; None where it cannot be read."""
        if not form.is_valid():
            return None
        days = form.cleaned_data
        return Statement(self.customer, days["first"], days["last"])


class CreditStatement(StatementView):
    """What was held, what moved, what is held."""

    template_name = "customers/statement.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        customer, form = self.customer, self.form()
        statement = self.statement(form)
        context = {
            "title": _("Statement for %(customer)s") % {"customer": customer.username},
            "customer": customer,
            "form": form,
            "parts": [self._part(chain) for chain in statement.chains] if statement else [],
            "query": request.GET.urlencode(),
        }
        return self.render(self.template_name, context, part="body")

    def _part(self, chain: Chain) -> dict[str, Any]:
        entries: list[CreditEntry] = list(
            chain.entries().select_related("by", "purchase__product").order_by("seq")[:SHOWN]
        )
        return {
            "label": chain.balance.label,
            "opening": chain.opening,
            "closing": chain.closing,
            "entries": entries,
            "more": chain.length - len(entries),
        }


class StatementFile(StatementView):
    """The whole statement as CSV."""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponseBase:
        customer = self.customer
        statement = self.statement(self.form())
        if statement is None:
            page = reverse("customers:statement", args=[request.store.slug, customer.pk])
            return redirect(f"{page}?{request.GET.urlencode()}")
        name = f"statement-{customer.username}-{statement.first}-{statement.last}"
        return csv_out.answer(name, HEADER, statement.lines())
