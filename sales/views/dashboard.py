"""The dashboard of the store with the pieces that it loads, and what a customer bought by
month.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import liability, tasks
from customers.models import CustomerCount
from customers.turnover import last_months, month_end
from customers.views.base import CustomerView, keep_year
from sales import dashboard, rankings
from sales.forms import ChosenPeriodForm, Period, YearForm
from stores.nouns import Words
from stores.paging import CAP
from stores.rights import Right
from stores.views import StoreRequest, StoreView

SHOWN = 10


class Dashboard(StoreView):
    """What was bought by month, a period in figures, what is owed; rankings and tiers come after
    it.
    """

    template_name = "sales/dashboard.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store, today = request.store, request.store.today()
        first, last = last_months(today, dashboard.MONTHS)[0], month_end(today)
        days = tasks.keep_turnover(store, first, last)
        months = dashboard.months_of(store, days.by_month())
        context = {
            "title": _("Dashboard"),
            "months": months,
            "spent_chart": dashboard.spent_chart(store, months),
            "customers_chart": dashboard.customers_chart(months),
            "behind": days.behind,
            "due": dashboard.due(store),
            "may_export": self.may(Right.EXPORT),
            **self.owed(),
            **self.period(),
        }
        return self.render(self.template_name, context)

    def owed(self) -> dict[str, Any]:
        """The credit that customers hold, for those who may see the books."""
        if not self.may(Right.RUN_STORE):
            return {}
        return {"owed": sum(liability.owed(self.request.store).values())}

    def period(self) -> dict[str, Any]:
        """The figures of the chosen period."""
        form = ChosenPeriodForm(self.asked(), store=self.request.store)
        if not form.is_valid():
            return {"form": form}
        store, (first, last) = self.request.store, form.days
        sums = tasks.keep_turnover(store, first, last).total(first, last)
        rows = dashboard.purchases_url(store, first, last)
        return {
            "form": form,
            "sums": sums,
            "first": first,
            "last": last,
            "rows": rows,
            "new_customers": dashboard.new_customers_url(store, first, last),
            "days": urlencode({"first": str(first), "last": str(last)}),
        }

    def asked(self) -> dict[str, Any]:
        """What the address says, days without a period being one; a named period with its days."""
        named = self.request.GET
        days = {name: named.get(name, "") for name in ("first", "last")}
        otherwise = Period.DAYS if named.keys() & days.keys() else Period.LAST_30
        period = named.get("period", otherwise.value)
        if period in Period.values and period != Period.DAYS:
            days = dict(
                zip(days, map(str, Period(period).days(self.request.store.today())), strict=True)
            )
        return {"period": period, **days}


class BestPage(StoreView):
    """The best of a period: a piece of the dashboard, and a page of its own."""

    template_name = "sales/best.html"
    title: Words
    heading: Words
    kind: rankings.Kind
    export_name: str

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store = request.store
        form = YearForm(self._asked(), store=store)
        context: dict[str, Any] = {"title": self.title, "heading": self.heading, "form": form}
        if form.is_valid():
            first, last = form.cleaned_data["first"], form.cleaned_data["last"]
            ranking = rankings.best(store, self.kind, first, last)
            context |= {
                "first": first,
                "last": last,
                "counted_at": ranking.counted_at,
                "lines": [
                    {**row, **self.links(row, form.cleaned_data)} for row in ranking.named(SHOWN)
                ],
                "more": len(ranking.rows) > SHOWN,
            }
            if self.may(Right.EXPORT):
                days = urlencode({"first": str(first), "last": str(last)})
                context["export_url"] = f"{self._url(self.export_name)}?{days}"
        return self.render(self.template_name, context, part="piece")

    def links(self, row: dict[str, Any], days: dict[str, Any]) -> dict[str, str]:
        """Where the name and the figures lead."""
        raise TypeError(f"{type(self).__name__} leads nowhere")

    def _asked(self) -> dict[str, Any]:
        named = self.request.GET
        if named.keys() & {"first", "last"}:
            return {"first": named.get("first", ""), "last": named.get("last", "")}
        first, last = Period.LAST_30.days(self.request.store.today())
        return {"first": str(first), "last": str(last)}

    def _url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.request.store.slug, *args])


class BestCustomers(BestPage):
    """Those who paid most."""

    title = gettext_lazy("Best customers")
    heading = gettext_lazy("Customer")
    kind = rankings.CUSTOMERS
    export_name = "accountant:best_customers"

    def links(self, row: dict[str, Any], days: dict[str, Any]) -> dict[str, str]:
        store = self.request.store
        rows = dashboard.purchases_url(store, days["first"], days["last"], payer=row["name"])
        return {"url": self._url("customers:profile", row["key"]), "rows": rows, "dialog": "yes"}


class BestProducts(BestPage):
    """What brought most; the name leads to who bought it then."""

    title = gettext_lazy("Best products")
    heading = gettext_lazy("Product")
    kind = rankings.PRODUCTS
    export_name = "accountant:best_products"

    def links(self, row: dict[str, Any], days: dict[str, Any]) -> dict[str, str]:
        store = self.request.store
        rows = dashboard.purchases_url(store, days["first"], days["last"], product=row["name"])
        return {"url": rows, "rows": rows}


class CustomerTiers(StoreView):
    """How many customers stand on each tier: a piece of the dashboard, and a page of its own."""

    template_name = "sales/tiers.html"
    store_related = ("year_window", "customer_count")

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store = request.store
        as_of = keep_year(store)
        listed: CustomerCount | None = getattr(store, "customer_count", None)
        many = listed is not None and listed.listed > CAP
        counts, counted_at = dashboard.tiers(store, many=many)
        context = {
            "title": _("Customers by tier"),
            "counts": counts,
            "chart": dashboard.tiers_chart(counts),
            "counted_at": counted_at,
            "figures_as_of": as_of,
        }
        return self.render(self.template_name, context, part="piece")


class CustomerMonths(CustomerView):
    """What a customer bought by month: a piece of the profile, and a page of its own."""

    template_name = "sales/customer_months.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        months = dashboard.bought_by(self.customer)
        context = {
            "title": _("Purchases of %(name)s by month") % {"name": self.customer.username},
            "customer": self.customer,
            "months": months,
            "any": any(sums.sold or sums.money for _, sums, _ in months),
            "chart": dashboard.bought_chart(request.store, months),
        }
        return self.render(self.template_name, context, part="piece")
