"""Fields that people type into: amounts, percentages, one-time tokens. Strict digits, errors that
say how to mend.
"""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from stores.money import Currency

FIRST_YEAR, LAST_YEAR = 1970, 2999


class MoneyField(forms.Field):
    """An amount in the smallest unit of `currency`, as people write it. A blank is `empty`."""

    def __init__(
        self, *, currency: Currency, empty: int | None = None, least: int | None = 0, **kwargs: Any
    ):
        self.currency = currency
        self.empty = empty
        self.least = least
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal" if currency.digits else "numeric"}),
        )
        super().__init__(**{"required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return self.currency.plain(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value is None or not value.strip():
            return self.empty
        try:
            amount = self.currency.parse(value)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if self.least is not None and amount < self.least:
            raise forms.ValidationError(
                _("Enter %(amount)s or more.") % {"amount": self.currency.format(self.least)}
            )
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True


class PercentField(forms.Field):
    """A whole per cent, 0 to 100; `5 %` is read too. A blank is `empty`."""

    def __init__(self, *, empty: int | None = 0, **kwargs: Any):
        self.empty = empty
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**{"required": False, **kwargs})

    def to_python(self, value: Any) -> int | None:
        text = (value or "").strip().removesuffix("%").strip()
        if not text:
            return self.empty
        if not re.fullmatch("[0-9]{1,3}", text, re.ASCII) or int(text) > 100:
            raise forms.ValidationError(_("Enter a whole number from 0 to 100."))
        return int(text)


class DayField(forms.DateField):
    """A day that the calendar of every zone knows."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **kwargs})

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Enter a day from %(first)s to %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day


class MonthField(forms.Field):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"type": "month"})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        text = (value or "").strip()
        if not text:
            return None
        found = re.fullmatch("([0-9]{4})-(0[1-9]|1[0-2])", text, re.ASCII)
        if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise forms.ValidationError(_("Enter a month such as 2026-03."))
        return dt.date(int(found[1]), int(found[2]), 1)


class PeriodForm(forms.Form):
    """Two days in their order."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("Enter a day that is not before the first."))
        return values


class TokenField(forms.UUIDField):
    """A hidden value, new each time a form is opened: posted twice, the deed is done once."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4)


class StoreForm(forms.Form):
    """A form of one store; fields that need its currency or rows are made in `build`."""

    def __init__(self, *args: Any, store: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.store = store
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the store."""
