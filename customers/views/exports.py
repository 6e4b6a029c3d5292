"""Exports of customers, of what they bought, and of how their credit moved."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import exports, tasks
from customers.models import CreditEntry, Purchase
from customers.views.list import CustomerList
from stores.views.exports import DayExport, ListExport


class CustomerExport(ListExport):
    """The customers of the list; the year rolls before their figures are read."""

    title = gettext_lazy("Export customers")
    export = exports.CUSTOMERS
    list_page = CustomerList
    page_name = "customers:export"
    file_name = "customers:export_file"
    back_name = "customers:list"
    figures_as_of: dt.date | None = None

    def prepare(self) -> None:
        self.figures_as_of = tasks.keep_year(self.request.store)

    def notes(self) -> list[str]:
        if self.figures_as_of is None:
            return []
        day = date_format(self.figures_as_of, "j F Y")
        return [_("Spent -1Y as of %(day)s; the newer days are being added up.") % {"day": day}]


class PurchaseExport(DayExport):
    """Everything that was bought, gifts and returns included."""

    title = gettext_lazy("Export purchases")
    export = exports.PURCHASES
    page_name = "exports:purchases"
    file_name = "exports:purchases_file"

    def listed(self) -> QuerySet[Purchase]:
        return Purchase.objects.filter(store=self.request.store)


class EntryExport(DayExport):
    """Every movement of credit."""

    title = gettext_lazy("Export credit entries")
    export = exports.ENTRIES
    page_name = "exports:credit"
    file_name = "exports:credit_file"

    def listed(self) -> QuerySet[CreditEntry]:
        return CreditEntry.objects.filter(store=self.request.store)
