"""Forms that carry, signed, what they were opened with, so that no change of somebody else is
overwritten unseen.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core import signing
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores import edits
from stores.edits import Changed
from stores.forms import MoneyField, PercentField, StoreForm

DAMAGED = _("The form is damaged; close it and open it again.")


class OpenedForm(StoreForm):
    """A form about one thing: `present` says what it is now, `about` which one it is."""

    opened = forms.CharField(widget=forms.HiddenInput)

    def present(self) -> dict[str, Any]:
        """The values that can be edited, as they are now, plain."""
        raise TypeError(f"{type(self).__name__} knows no values")

    def about(self) -> str:
        """What is edited: a form opened for another thing is refused."""
        raise TypeError(f"{type(self).__name__} is about nothing")

    def shown(self, name: str, value: Any) -> str:
        """A plain value for people."""
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        return f"“{value}”" if isinstance(value, str) and value else str(value or _("empty"))

    def fill(self) -> None:
        """Show the present values, and remember them; for the end of `build`."""
        present = self.present()
        for name, value in present.items():
            self.fields[name].initial = value
        self.fields["opened"].initial = self._signed(present)

    def clean_opened(self) -> dict[str, Any]:
        try:
            return signing.loads(self.cleaned_data["opened"], salt=self.about())
        except signing.BadSignature:
            raise forms.ValidationError(DAMAGED) from None

    def show_conflict(self, changed: Changed) -> None:
        """Say at each field what it is now; saving again then replaces that."""
        opened = self.cleaned_data["opened"] | changed.present
        self.data = {**dict(self.data.items()), "opened": self._signed(opened)}
        for name, value in changed.present.items():
            self.add_error(
                name,
                _("Now %(value)s, changed meanwhile. Nothing was saved; save again to replace it.")
                % {"value": self.shown(name, value)},
            )

    def _signed(self, values: dict[str, Any]) -> str:
        return signing.dumps(values, salt=self.about())


class RowForm(OpenedForm):
    """A row of the store: a new one where `row` is None, else as it was opened. `editable` are the
    columns that its fields stand for, the one that names the row first.
    """

    model: Any
    editable: tuple[str, ...]

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any):
        self.row = row
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        self.add_fields()
        if self.row is None:
            del self.fields["opened"]
        else:
            self.fill()

    def add_fields(self) -> None:
        """Add a field for each of the columns."""
        raise TypeError(f"{type(self).__name__} has no fields")

    def present(self) -> dict[str, Any]:
        return edits.present(self.row, self.editable)

    def about(self) -> str:
        return f"{self.model._meta.model_name}:{self.row.pk}"

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the verbs."""
        return {name: self.cleaned_data[name] for name in self.editable}

    def facts(self) -> list[tuple[str, str]]:
        """The row for those who may not edit it."""
        present = self.present()
        return [
            (str(self.fields[name].label), self.shown(name, present[name]))
            for name in self.editable[1:]
        ]

    def shown(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if value is None:
            return gettext("none")
        if isinstance(field, MoneyField):
            return self.store.money.format(value)
        if isinstance(field, PercentField):
            return f"{value} %"
        if isinstance(field, forms.DateField):
            return date_format(dt.date.fromisoformat(value), "j M Y")
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            return str(field.queryset.filter(pk=value).first() or _("none"))
        return super().shown(name, value)
