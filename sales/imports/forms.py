"""The forms of an import: how the file is written, which column is which field, and which product
each name means.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.models import Product
from sales.imports.choosing import Answer
from sales.imports.file import Reading, Sheet
from sales.imports.matching import Catalogue
from sales.mapping import LABELS, contradictions
from sales.models import Choice, SaleName
from stores.forms import StoreForm
from stores.sheet_forms import FOUND_OUT, SheetForm, WrittenForm, add_columns, shown_columns

DATES = (
    FOUND_OUT,
    ("day-first", gettext_lazy("Day first: 31.12.2025")),
    ("month-first", gettext_lazy("Month first: 12/31/2025")),
    ("iso", gettext_lazy("Year first: 2025-12-31")),
)


class FileForm(SheetForm):
    """The file that is sent."""


class ReadingForm(WrittenForm):
    """How the file is written."""

    dates = forms.ChoiceField(label=gettext_lazy("Dates"), choices=DATES)

    @property
    def reading(self) -> Reading:
        """What a valid form says; of another, all is found out."""
        return Reading(**self.cleaned_data) if self.is_valid() else Reading()


class ColumnsForm(StoreForm):
    """Which column is which field."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any):
        self.sheet = sheet
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        add_columns(self, list(self.sheet.names), list(self.sheet.fields), LABELS)

    @property
    def columns(self) -> list[tuple[Any, list[str]]]:
        """Each column's field of the form, with the first values of the column."""
        return shown_columns(self, len(self.sheet.names), self.sheet.sample)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The field of each column, of a valid form."""
        return tuple(self.cleaned_data[f"column_{place}"] for place in range(len(self.sheet.names)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for problem in contradictions(self.chosen):
                self.add_error(None, problem)
        return cleaned


class ProductsForm(StoreForm):
    """What is done with some names of products: one that is proposed, another one, a new one, or
    none.
    """

    def __init__(self, *args: Any, names: Sequence[SaleName], **kwargs: Any):
        self.names = names
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        rows = Product.objects.filter(store=self.store).values_list("pk", "name")
        self.catalogue = Catalogue(rows) if self.names else Catalogue(())
        for name in self.names:
            self.fields[f"choice_{name.pk}"] = forms.ChoiceField(
                choices=self._choices(name), required=False, initial=_initial(name)
            )
            self.fields[f"other_{name.pk}"] = forms.CharField(
                required=False,
                max_length=200,
                widget=forms.TextInput(
                    attrs={
                        "list": "product-names",
                        "autocomplete": "off",
                        "placeholder": _("Another"),
                    }
                ),
            )

    @property
    def lines(self) -> list[tuple[SaleName, Any, Any]]:
        """Each name with its two fields."""
        return [(name, self[f"choice_{name.pk}"], self[f"other_{name.pk}"]) for name in self.names]

    @property
    def answers(self) -> dict[int, Answer]:
        """What a valid form says of each name."""
        return {name.pk: self._answer(name) for name in self.names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = {name.pk: cleaned.get(f"other_{name.pk}", "") for name in self.names}
        wanted = {text for text in typed.values() if text}
        rows = Product.objects.filter(store=self.store, name__in=wanted)
        self.typed = dict(rows.values_list("name", "pk")) if wanted else {}
        for key, text in typed.items():
            if text and text not in self.typed:
                self.add_error(f"other_{key}", _("There is no product of that name."))
        return cleaned

    def _choices(self, name: SaleName) -> list[tuple[str, str]]:
        alike = self.catalogue.alike(name.name)
        there = name.product_id
        keys = dict.fromkeys([there, *alike] if there else alike)
        choices = [(str(key), self.catalogue.names[key]) for key in keys]
        if self.catalogue.exact(name.name) is None:
            choices.append((Choice.CREATE.value, _("Create it")))
        choices.append((Choice.SKIP.value, _("Leave out")))
        return choices if _initial(name) else [("", _("Choose…")), *choices]

    def _answer(self, name: SaleName) -> Answer:
        if typed := self.cleaned_data[f"other_{name.pk}"]:
            return Answer(Choice.MATCH.value, self.typed[typed])
        chosen = self.cleaned_data[f"choice_{name.pk}"]
        if chosen.isdigit():
            return Answer(Choice.MATCH.value, int(chosen))
        return Answer(chosen, name.product_id if chosen == Choice.OPEN else None)


def _initial(name: SaleName) -> str:
    """What is chosen, or proposed."""
    if name.choice in (Choice.CREATE, Choice.SKIP):
        return name.choice
    return str(name.product_id or "")
