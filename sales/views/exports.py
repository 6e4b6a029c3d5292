"""The export for the accountant."""

from typing import Any

from django.db.models import QuerySet

from customers.models import Purchase
from sales import exports
from stores.export_forms import DayExportForm, periods
from stores.paging import Count
from stores.views.exports import DayExport


class SaleExport(DayExport):
    """The sales of some days, of last month to begin with, with the sums of the sheet."""

    title = "Export for the accountant"
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
        return [(words, self.sums[name]) for name, words in exports.TOTALS.items()]

    def context(self, form: Any) -> dict[str, Any]:
        if not self.unclear(form):
            self.sums = exports.totals(self.rows(form))
        return super().context(form)
