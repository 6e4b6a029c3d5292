"""The books of a store: what it owes in credit, how that moved, and whether the numbers agree."""

import datetime as dt
from collections import Counter
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import book_checks, liability, tasks
from customers.models import Balance, Kind
from customers.turnover import last_months
from stores.charts import BarChart, Part, bar_chart
from stores.forms import DayField, StoreForm
from stores.models import Store
from stores.money import Currency
from stores.rights import Right
from stores.views import StoreRequest, StoreView, answer_saved

MONTHS = 12


class DayForm(StoreForm):
    """A day that is over, or today."""

    at = DayField(label=gettext_lazy("At the end of"), required=False)

    def clean_at(self) -> dt.date | None:
        day = self.cleaned_data["at"]
        if day and day > self.store.today():
            raise forms.ValidationError(_("Choose a day that has begun."))
        return day


class Books(StoreView):
    """What is owed now and was owed at the end of a day, movements by month, the last check."""

    right = Right.RUN_STORE
    template_name = "customers/books.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store = request.store
        form = DayForm(request.GET or None, store=store)
        day = form.cleaned_data["at"] if form.is_valid() else None
        months = by_month(store)
        context = {
            "title": _("Books"),
            "form": form,
            "day": day,
            "balances": Balance,
            **owed(store, day),
            "chart": chart_of(months, store.money),
            "months": months,
            "check": book_checks.last(store),
        }
        return self.render(self.template_name, context)


class BooksCheck(StoreView):
    """Checks the books: at once where that is quick, else by the worker."""

    right = Right.RUN_STORE

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if not tasks.keep_books(request.store):
            text = _("The books are being checked; the result stands here in a while.")
        else:
            check = book_checks.last(request.store)
            clean = check is not None and not check.differences
            text = _("Checked: no difference.") if clean else _("Checked: the books differ.")
        return answer_saved(request, text, reverse("books:books", args=[request.store.slug]))


def owed(store: Store, day: dt.date | None) -> dict[str, Any]:
    """What is owed by balance, and the kinds of movements that it comes from; now, and at the end
    of a day where one is given.
    """
    moments: list[dt.datetime | None] = [None]
    if day is not None:
        moments.append(liability.midnight(store, day + liability.DAY) - liability.MOMENT)
    sums = [liability.owed_by_kind(store, moment) for moment in moments]
    kinds = [
        (kind.label, [part[balance, kind] for part in sums for balance in Balance]) for kind in Kind
    ]
    return {
        "totals": [_total(part, balance) for part in sums for balance in Balance],
        "kinds": [(label, amounts) for label, amounts in kinds if any(amounts)],
    }


def by_month(store: Store) -> list[tuple[str, int, int]]:
    """The last months by name, with what was added and, below zero, what was taken; kind by kind,
    the movements of a month are one sum.
    """
    months = last_months(store.today(), MONTHS)
    up: Counter[dt.date] = Counter()
    down: Counter[dt.date] = Counter()
    for part in liability.moved_by_month(store, months[0]):
        (up if part.moved > 0 else down)[part.month] += part.moved
    return [(date_format(month, "M y"), up[month], down[month]) for month in months]


def chart_of(months: list[tuple[str, int, int]], money: Currency) -> BarChart:
    """What was added above the line, what was taken below."""
    groups = [
        (
            label,
            [
                Part(up, "up", _("%(amount)s added") % {"amount": money.format(up)}),
                Part(down, "down", _("%(amount)s taken") % {"amount": money.format(down)}),
            ],
        )
        for label, up, down in months
    ]
    return bar_chart(groups, write=money.format)


def _total(sums: Counter[tuple[str, str]], balance: str) -> int:
    return sum(moved for (of, _kind), moved in sums.items() if of == balance)
