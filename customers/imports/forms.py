"""The forms of an import: the file, how it is written, and which column is which field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.imports import file
from customers.imports.file import Reading, Sheet
from customers.imports.headers import LABELS, contradictions
from customers.imports.judging import MODES, SET, Rules
from stores.forms import StoreForm
from stores.sheet_forms import SheetForm, WrittenForm, add_columns, shown_columns

SOURCES = (
    (file.AUTO, _("To be found out")),
    (file.ALLOMANCY, "Allomancy"),
    (file.CASPERVEND, "CasperVend"),
    (file.E2V, _("E2V: no header line")),
)


class FileForm(SheetForm):
    """The file that is sent, and where it comes from."""

    source = forms.ChoiceField(label=_("It comes from"), choices=SOURCES)


class ReadingForm(WrittenForm):
    """How the file is written."""

    source = forms.ChoiceField(label=_("It comes from"), choices=SOURCES)
    field_order = ("source",)

    @property
    def reading(self) -> Reading:
        """What a valid form says; of another, all is found out."""
        return Reading.of(self.cleaned_data) if self.is_valid() else Reading()


class ColumnsForm(StoreForm):
    """Which column is which field, and what is done with customers who are known."""

    mode = forms.ChoiceField(
        label=_("Customers who are known already"),
        widget=forms.RadioSelect,
        choices=list(MODES.items()),
        initial=SET,
    )
    lifts_opt_out = forms.BooleanField(
        label=_("Subscribe also those who opted out in-world"), required=False
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any):
        self.sheet = sheet
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        columns = self.sheet.columns
        add_columns(self, list(self.sheet.names), [one.field for one in columns], LABELS)

    @property
    def columns(self) -> list[tuple[Any, list[str]]]:
        """Each column's field of the form, with the first values of the column."""
        return shown_columns(self, len(self.sheet.columns), self.sheet.sample)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The field of each column, of a valid form."""
        places = (column.place for column in self.sheet.columns)
        return tuple(self.cleaned_data[f"column_{place}"] for place in places)

    @property
    def rules(self) -> Rules:
        return Rules(self.cleaned_data["mode"], self.cleaned_data["lifts_opt_out"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for problem in contradictions(self.chosen):
                self.add_error(None, problem)
        return cleaned
