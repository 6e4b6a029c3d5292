"""The forms of an import: the file, how it is written, and which column is which field."""

from typing import Any

from django import forms

from customers.imports import file
from customers.imports.file import Reading, Sheet
from customers.imports.headers import LABELS, contradictions
from customers.imports.judging import MODES, SET, Rules
from stores.forms import StoreForm
from stores.uploads import MOST_BYTES

SOURCES = (
    (file.AUTO, "Found out"),
    (file.ALLOMANCY, "Allomancy"),
    (file.CASPERVEND, "CasperVend"),
    (file.E2V, "E2V: no header line"),
)
ENCODINGS = (
    (file.AUTO, "Found out"),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252"),
)
DELIMITERS = (
    (file.AUTO, "Found out"),
    (",", "Comma"),
    (";", "Semicolon"),
    ("\\t", "Tab"),
    ("|", "Pipe"),
)
HEADERS = ((file.AUTO, "Found out"), ("yes", "The first line"), ("no", "None"))
DECIMALS = ((file.AUTO, "Found out"), ("point", "Point: 1,000.50"), ("comma", "Comma: 1.000,50"))


class FileForm(StoreForm):
    """The file that is sent, and where it comes from."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"empty": "The file is empty.", "required": "Choose a file."},
    )
    source = forms.ChoiceField(label="It comes from", choices=SOURCES)

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 512 MB: send it in parts.")
        return sent


class ReadingForm(forms.Form):
    """How the file is written."""

    source = forms.ChoiceField(label="It comes from", choices=SOURCES)
    encoding = forms.ChoiceField(label="Encoding", choices=ENCODINGS)
    delimiter = forms.ChoiceField(label="Between the cells", choices=DELIMITERS)
    header = forms.ChoiceField(label="Header", choices=HEADERS)
    decimal = forms.ChoiceField(label="Decimal sign", choices=DECIMALS)

    @property
    def reading(self) -> Reading:
        """What a valid form says; of another, all is found out."""
        return Reading.of(self.cleaned_data) if self.is_valid() else Reading()


class ColumnsForm(StoreForm):
    """Which column is which field, and what is done with customers who are known."""

    mode = forms.ChoiceField(
        label="Customers who are known already",
        widget=forms.RadioSelect,
        choices=list(MODES.items()),
        initial=SET,
    )
    lifts_opt_out = forms.BooleanField(
        label="Subscribe also those who opted out in-world", required=False
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any):
        self.sheet = sheet
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        choices = [("", "Ignore"), *LABELS.items()]
        for column in self.sheet.columns:
            self.fields[f"column_{column.place}"] = forms.ChoiceField(
                label=column.header or f"Column {column.place + 1}",
                choices=choices,
                required=False,
                initial=column.field,
            )

    @property
    def columns(self) -> list[tuple[Any, list[str]]]:
        """Each column's field of the form, with the first values of the column."""
        return [
            (
                self[f"column_{column.place}"],
                [row[column.place] for row in self.sheet.sample if column.place < len(row)],
            )
            for column in self.sheet.columns
        ]

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
