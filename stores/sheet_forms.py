"""What the forms of every import ask: the file, and how it is written."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.forms import StoreForm
from stores.nouns import Words
from stores.sheet_files import AUTO
from stores.uploads import MOST_BYTES

FOUND_OUT = (AUTO, _("To be found out"))
ENCODINGS = (FOUND_OUT, ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", _("Windows-1252")))
DELIMITERS = (
    FOUND_OUT,
    (",", _("Comma")),
    (";", _("Semicolon")),
    ("\\t", _("Tab")),
    ("|", _("Pipe")),
)
HEADERS = (FOUND_OUT, ("yes", _("The first line")), ("no", _("None")))
DECIMALS = (FOUND_OUT, ("point", _("Point: 1,000.50")), ("comma", _("Comma: 1.000,50")))


class SheetForm(StoreForm):
    """The file that is sent."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 MB: send it in parts."))
        return sent


class WrittenForm(forms.Form):
    """How the file is written."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS)
    delimiter = forms.ChoiceField(label=_("Between the cells"), choices=DELIMITERS)
    header = forms.ChoiceField(label=_("Header"), choices=HEADERS)
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=DECIMALS)


def add_columns(
    form: Any, names: list[str], fields: list[str], labels: Mapping[str, Words]
) -> None:
    """Give a form a field for each column of the file: what it is read as."""
    choices = [("", _("Ignore")), *labels.items()]
    for place, (name, field) in enumerate(zip(names, fields, strict=True)):
        form.fields[f"column_{place}"] = forms.ChoiceField(
            label=name or _("Column %(place)s") % {"place": place + 1},
            choices=choices,
            required=False,
            initial=field,
        )


def shown_columns(form: Any, number: int, sample: list[list[str]]) -> list[tuple[Any, list[str]]]:
    """Each column's field of the form, with the first values of the column."""
    return [
        (form[f"column_{place}"], [row[place] for row in sample if place < len(row)])
        for place in range(number)
    ]
