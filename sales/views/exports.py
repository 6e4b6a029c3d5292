"""The exports for the accountant, and of the best of a period."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Purchase
from sales import exports, rankings
from sales.forms import Period, RankedExportForm
from stores.export_forms import DayExportForm, periods
from stores.exports import Column
from stores.paging import Count
from stores.views.exports import DayExport


class SaleExport(DayExport):
    """The sales of some days, of last month to begin with, with the sums of the sheet."""

    title = gettext_lazy("Export for the accountant")
    export = exports.SALES
    page_name = "accountant:sales"
    file_name = "accountant:sales_file"
    sums: dict[str, int]

    def listed(self) -> QuerySet[Purchase]:
        return Purchase.objects.filter(store=self.request.store)

    def defaults(self) -> dict[str, list[str]]:
        if self.request.GET.keys() & {"first", "last"}:
            return super().defaults()
        _, first, last = periods(self.request.store.today())[1]
        return {**super().defaults(), "first": [str(first)], "last": [str(last)]}

    def count(self, form: DayExportForm) -> Count:
        return Count(self.sums["lines"])

    def totals(self, form: DayExportForm) -> list[tuple[str, int]]:
        return [(_(words), self.sums[name]) for name, words in exports.TOTALS.items()]

    def context(self, form: Any) -> dict[str, Any]:
        if not self.unclear(form):
            self.sums = exports.totals(self.rows(form))
        return super().context(form)


class BestExport(DayExport):
    """The best of some days as a sheet, the best first; of the last ones to begin with."""

    form_class = RankedExportForm
    back_name = "sales:dashboard"
    kind: rankings.Kind

    def defaults(self) -> dict[str, list[str]]:
        if self.request.GET.keys() & {"first", "last"}:
            return super().defaults()
        first, last = Period.LAST_30.days(self.request.store.today())
        return {**super().defaults(), "first": [str(first)], "last": [str(last)]}

    def ranking(self, form: DayExportForm) -> rankings.Ranking:
        first, last = form.days
        if first is None or last is None:
            raise ValueError("days that are unclear have no best")
        return rankings.best(self.request.store, self.kind, first, last)

    def count(self, form: DayExportForm) -> Count:
        return Count(len(self.ranking(form).rows))

    def lines(self, form: Any, columns: Sequence[Column]) -> Iterator[list[Any]]:
        writes = [(column.name, column.write(self.request.store)) for column in columns]
        for row in self.ranking(form).named():
            yield [write(row[name]) for name, write in writes]


class BestCustomerExport(BestExport):
    """Those who paid most."""

    title = gettext_lazy("Export best customers")
    export = exports.BEST_CUSTOMERS
    kind = rankings.CUSTOMERS
    page_name = "accountant:best_customers"
    file_name = "accountant:best_customers_file"


class BestProductExport(BestExport):
    """What brought most."""

    title = gettext_lazy("Export best products")
    export = exports.BEST_PRODUCTS
    kind = rankings.PRODUCTS
    page_name = "accountant:best_products"
    file_name = "accountant:best_products_file"
