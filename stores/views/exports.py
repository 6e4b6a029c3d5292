"""Exports: the page that says what a sheet will hold, and the sheet at an address of its own."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import csv_out
from stores.addresses import PLACE
from stores.export_forms import DayExportForm, ExportForm, periods
from stores.exports import PIECE, UNCOUNTED, Column, Export, in_days
from stores.nouns import Words
from stores.paging import Count, KeyPaginator
from stores.rights import Right
from stores.ticks import opened_with
from stores.views.base import StoreRequest, StoreView
from stores.views.lists import ListPage

# Says that the form was sent, so that nothing ticked means nothing.
SENT = "sent"
COUNT = "export-count"
MEND_FILTER = gettext_lazy("A filter of the list cannot be read. Mend it there, or clear it.")


class ExportView(StoreView):
    """The page of an export, or, `as_file`, the sheet itself: subclasses declare what is exported
    and which rows are walked.
    """

    right = Right.EXPORT
    title: Words = ""
    export: Export
    form_class: type[ExportForm] = ExportForm
    template_name = "stores/export.html"
    page_name = ""
    file_name = ""
    back_name = "exports"
    as_file = False

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponseBase:
        self.prepare()
        form = self.form_class(self.asked(), store=request.store, export=self.export)
        return self.sheet(form) if self.as_file else self.page(form)

    def prepare(self) -> None:
        """Do what comes before the rows are read."""

    def walk(self, form: Any) -> KeyPaginator:
        """The rows that are meant, in their order."""
        raise TypeError(f"{type(self).__name__} exports nothing")

    def count(self, form: Any) -> Count:
        """How many they are."""
        raise TypeError(f"{type(self).__name__} counts nothing")

    def unclear(self, form: Any) -> str:
        """Why it cannot be said which rows are meant; nothing if it can."""
        return form.unclear

    def said(self, form: Any) -> list[str]:
        """What narrows the rows down, in words."""
        return []

    def totals(self, form: Any) -> list[tuple[str, int]]:
        """Sums of the sheet, with their words."""
        return []

    def notes(self) -> list[str]:
        """What else is to be known of the rows."""
        return []

    def carried(self) -> list[tuple[str, str]]:
        """What the address says besides the form."""
        return []

    def defaults(self) -> dict[str, list[str]]:
        """What is asked for where the form was not sent yet."""
        return {"column": [column.name for column in self.export.columns]}

    def asked(self) -> Any:
        """What the address says, and where the form was not sent yet what is asked for to begin
        with.
        """
        data = self.request.GET.copy()
        if SENT not in data:
            for name, values in self.defaults().items():
                data.setlistdefault(name, values)
        return data

    def sheet(self, form: Any) -> HttpResponseBase:
        """The file; what cannot be taken is said on the page."""
        if not form.is_valid() or self.unclear(form):
            return redirect(f"{self.url(self.page_name)}?{self.request.GET.urlencode()}")
        columns = self.export.chosen(form.cleaned_data["column"])
        headers = [column.header for column in columns]
        return csv_out.answer(self.sheet_name(form), headers, self.lines(form, columns))

    def lines(self, form: Any, columns: Sequence[Column]) -> Iterator[list[Any]]:
        """The cells of the sheet, line by line."""
        return self.export.lines(self.request.store, self.walk(form), columns)

    def sheet_name(self, form: Any) -> str:
        store = self.request.store
        return f"{store.slug}-{self.export.name}-{store.today()}"

    def page(self, form: Any) -> HttpResponse:
        form.is_valid()
        part = "count" if self.request.htmx and self.request.htmx.target == COUNT else "body"
        return self.render(self.template_name, self.context(form), part=part)

    def context(self, form: Any) -> dict[str, Any]:
        unclear = self.unclear(form)
        return {
            "title": self.title,
            "form": form,
            "file_url": self.url(self.file_name),
            "cancel_url": self.url(self.back_name),
            "carried": self.carried(),
            "unclear": unclear,
            "counted": "" if unclear else self.export.counted(self.count(form)),
            "said": [] if unclear else self.said(form),
            "totals": [] if unclear else self.totals(form),
            "notes": self.notes(),
        }

    def url(self, name: str) -> str:
        return reverse(name, args=[self.request.store.slug])


class ListExport(ExportView):
    """What a list shows: its ticked rows, else all that its filters find, as it sorts them."""

    list_page: type[ListPage]

    @cached_property
    def shown(self) -> ListPage:
        """The list, as the address asks for it."""
        page = self.list_page()
        page.setup(self.request, **self.kwargs)
        return page

    @cached_property
    def ticked(self) -> tuple[int, ...]:
        return opened_with(self.request)["ticked"]

    def walk(self, form: Any) -> KeyPaginator:
        walk = self.shown.paginator()
        if not self.ticked:
            return walk
        return dataclasses.replace(walk, rows=walk.rows.filter(pk__in=self.ticked))

    def count(self, form: Any) -> Count:
        return Count(self.walk(form).rows.count()) if self.ticked else self.shown.count

    def unclear(self, form: Any) -> str:
        return str(MEND_FILTER) if self.shown.filters.refused else ""

    def said(self, form: Any) -> list[str]:
        found = [text for _name, text in self.shown.filters.sentences()]
        return [*found, _("Only the ticked ones")] if self.ticked else found

    def carried(self) -> list[tuple[str, str]]:
        own = {SENT, "column", "per_page", *PLACE}
        asked = self.request.GET.lists()
        return [(name, one) for name, values in asked for one in values if one and name not in own]


class DayExport(ExportView):
    """What happened on some days of the store, oldest first; the field `moment` says when."""

    form_class = DayExportForm
    moment = "at"

    def listed(self) -> QuerySet[Any]:
        """All rows that could be exported."""
        raise TypeError(f"{type(self).__name__} lists nothing")

    def rows(self, form: DayExportForm) -> QuerySet[Any]:
        return in_days(self.listed(), self.moment, self.request.store, *form.days)

    def walk(self, form: DayExportForm) -> KeyPaginator:
        return KeyPaginator(
            rows=self.rows(form),
            column=self.moment,
            descending=False,
            per_page=PIECE,
            count=UNCOUNTED,
            name=f"{self.export.name}:{self.request.store.pk}",
        )

    def count(self, form: DayExportForm) -> Count:
        return Count.up_to_cap(self.rows(form))

    def sheet_name(self, form: DayExportForm) -> str:
        first, last = form.days
        if not first and not last:
            return super().sheet_name(form)
        days = f"{first or 'begin'}-{last or self.request.store.today()}"
        return f"{self.request.store.slug}-{self.export.name}-{days}"

    def context(self, form: DayExportForm) -> dict[str, Any]:
        shortcuts = periods(self.request.store.today())
        return {
            **super().context(form),
            "shortcuts": [(text, self._of_days(first, last)) for text, first, last in shortcuts],
        }

    def _of_days(self, first: dt.date, last: dt.date) -> str:
        return f"{self.request.path}?first={first}&last={last}"
