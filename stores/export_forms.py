"""What is asked before an export: which columns, and of which days."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.exports import Export
from stores.forms import DayField, PeriodForm, StoreForm

NO_COLUMN = gettext_lazy("Tick at least one column.")
DAYS = ("first", "last")


class ExportForm(StoreForm):
    """The columns of a sheet."""

    def __init__(self, *args: Any, export: Export, **kwargs: Any):
        self.export = export
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        self.fields["column"] = forms.MultipleChoiceField(
            label=_("Columns"),
            choices=[(column.name, column.header) for column in self.export.columns],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": NO_COLUMN},
        )

    @property
    def unclear(self) -> str:
        """Why it cannot be said which rows are meant; nothing if it can."""
        return ""


class DayExportForm(PeriodForm, ExportForm):
    """The columns, and the days of the store from one to another, both included."""

    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("To"), required=False)

    @property
    def unclear(self) -> str:
        return " ".join(str(text) for name in DAYS for text in self.errors.get(name, ()))

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """The days that are meant, where they are not unclear; None is open."""
        first, last = (self.cleaned_data.get(name) for name in DAYS)
        return first, last


def periods(today: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    """The months and years that are asked for most, with their first and last days."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    before = month - dt.timedelta(days=1)
    return [
        (_("This month"), month, today),
        (_("Last month"), before.replace(day=1), before),
        (_("This year"), year, today),
        (_("Last year"), year.replace(year=year.year - 1), year - dt.timedelta(days=1)),
    ]
