"""Forms of sales."""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.identity import Person
from loyalty.forms.quote import SoldField
from products.models import Product
from sales.returns import Wish
from stores.export_forms import DayExportForm
from stores.forms import DayField, PeriodForm, StoreForm, TokenField

MONEY, CREDIT = "money", "credit"
PACE, FASTEST = 30, 600
MOST_DAYS = 31
YEAR_DAYS = 366


class PiecesField(forms.Field):
    """How many pieces, of at most so many."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, *, most: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> int:
        typed = str(value or "").strip()
        if not re.fullmatch("[0-9]{1,9}", typed, re.ASCII) or not 0 < int(typed) <= self.most:
            text = _("Enter a whole number from 1 to %(most)s.")
            raise forms.ValidationError(text % {"most": f"{self.most:,}"})
        return int(typed)


class ReturnForm(StoreForm):
    """How a purchase of so many `pieces` is taken back, of which `left` can still be. More than
    that is refused by the verb: it may have been sent twice.
    """

    token = TokenField()

    def __init__(self, *args: Any, pieces: int, left: int, names_product: bool, **kwargs: Any):
        self.pieces, self.left = pieces, left
        self.names_product = names_product
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        if self.pieces > 1:
            self.fields["quantity"] = PiecesField(
                label=_("How many"), most=self.pieces, initial=self.left
            )
        self.fields["back"] = forms.ChoiceField(
            label=_("Give back"),
            choices=[(MONEY, _("Money")), (CREDIT, _("Store credit"))],
            widget=forms.RadioSelect,
            initial=MONEY,
        )
        if self.names_product:
            self.fields["removes"] = forms.BooleanField(
                label=_("Remove the product"), required=False, initial=True
            )
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=200, help_text=_("Optional.")
        )

    @property
    def wish(self) -> Wish | None:
        """What is asked for; None where it cannot be read."""
        if not self.is_bound:
            return Wish()
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        return Wish(
            quantity=asked.get("quantity"),
            as_credit=asked["back"] == CREDIT,
            keeps_product=not asked.get("removes", True),
            note=asked["note"],
        )


class SendForm(StoreForm):
    """What is given away, and to whom."""

    token = TokenField()

    def build(self) -> None:
        self.fields["product"] = SoldField(store=self.store, label=_("Product"))
        self.fields["product"].required = True
        self.fields["customer"] = forms.CharField(
            label=_("To"),
            max_length=128,
            widget=forms.TextInput(attrs={"list": "people-names", "autocomplete": "off"}),
            help_text=_("A username or a UUID. A name that is new becomes a customer."),
        )

    @property
    def person(self) -> Person:
        typed = self.cleaned_data["customer"]
        try:
            return Person("", uuid.UUID(typed))
        except ValueError:
            return Person(typed)


class CopyField(SoldField):
    """A product that is sold and delivered again."""

    def products(self) -> QuerySet[Product]:
        return super().products().filter(copy=True)

    def clean(self, value: Any) -> Product | None:
        try:
            return super().clean(value)
        except forms.ValidationError as refused:
            if self.required and not value:
                raise
            raise forms.ValidationError(
                _("There is no product of that name that is sold and marked copy.")
            ) from refused


class BulkRedeliveryForm(StoreForm):
    """What is delivered again, to which of its owners, and how fast."""

    def build(self) -> None:
        self.fields["product"] = CopyField(store=self.store, label=_("Product"))
        self.fields["product"].required = True
        self.fields["before"] = DayField(
            label=_("Bought before"), required=False, help_text=_("Blank: everyone who owns it.")
        )
        self.fields["per_minute"] = PiecesField(
            label=_("How many a minute"),
            most=FASTEST,
            initial=PACE,
            help_text=_("They are spaced evenly."),
        )


class PaidForm(StoreForm):
    """By which transaction a payout was paid, where that is known."""

    transaction = forms.CharField(
        label=gettext_lazy("Transaction id"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Optional. It is found by this in the history of your account."),
    )


def at_most(days: int) -> str:
    """What is wrong with a longer period."""
    text = ngettext("Choose at most %(days)s day.", "Choose at most %(days)s days.", days)
    return text % {"days": days}


class DaysForm(PeriodForm, StoreForm):
    """A period of `most` days: a month."""

    most = MOST_DAYS
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        days = super().clean()
        first, last = days.get("first"), days.get("last")
        if first and last and (last - first).days >= self.most:
            self.add_error("last", at_most(self.most))
        return days


class YearForm(DaysForm):
    """A period of a year at most."""

    most = YEAR_DAYS


class Period(TextChoices):
    """Which days a dashboard is of."""

    LAST_30 = "30", gettext_lazy("Last 30 days")
    MONTH = "month", gettext_lazy("Last month")
    LAST_90 = "90", gettext_lazy("Last 90 days")
    YEAR = "year", gettext_lazy("This year")
    DAYS = "days", gettext_lazy("From and to")

    def days(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """The first day and the last."""
        if self is Period.YEAR:
            return today.replace(month=1, day=1), today
        if self is Period.MONTH:
            last = today.replace(day=1) - dt.timedelta(days=1)
            return last.replace(day=1), last
        return today - dt.timedelta(days=int(self.value) - 1), today


class ChosenPeriodForm(YearForm):
    """A period by name, or its days, which count only if they are what is chosen."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=Period.choices)
    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("To"), required=False)
    field_order = ("period", "first", "last")

    def build(self) -> None:
        for name in ("first", "last"):
            self.fields[name].widget.attrs["data-picks"] = f"period:{Period.DAYS.value}"

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("period")
        for name in ("first", "last"):
            if chosen != Period.DAYS:
                self.errors.pop(name, None)
                self.cleaned_data[name] = None
            elif not self.data.get(name):
                self.add_error(name, _("Enter a day."))
        return super().clean()

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        asked = self.cleaned_data
        if asked["period"] == Period.DAYS:
            return asked["first"], asked["last"]
        return Period(asked["period"]).days(self.store.today())


class RankedExportForm(DayExportForm):
    """The columns, and the days of a year at most, both of which are needed."""

    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and (last - first).days >= YEAR_DAYS:
            self.add_error("last", at_most(YEAR_DAYS))
        return values
