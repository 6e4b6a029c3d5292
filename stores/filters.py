"""Filters of lists: each says itself as a sentence, and which index answers it."""

import copy
import datetime as dt
from collections.abc import Sequence
from typing import Any, Self

import django_filters
from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from stores.forms import MoneyField, PercentField
from stores.models import Store
from stores.nouns import Words
from stores.paging import CAP, Count

# Nothing was bought before; in zones east of Greenwich the year 1 begins before the calendar does.
EARLIEST = dt.date(1900, 1, 1)
YES_NO = (("yes", _("Yes")), ("no", _("No")))


class Filter(django_filters.Filter):
    """A filter with a sentence: `says` holds `{}` for the value. Its column has an index. What an
    empty field shows of the store, such as rows to choose from, stands in `shown`.
    """

    shown: Sequence[Any] = ()

    def __init__(self, *args: Any, says: Words = "{}", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.says = says

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Each list has its own; what they were declared with never changes and is shared."""
        return copy.copy(self)

    def sentence(self, value: Any, store: Store) -> str:
        return self.says.format(self.text(value, store))

    def text(self, value: Any, store: Store) -> str:
        return str(value)


class MoneyFilter(Filter):
    """An amount of the store's currency, compared strictly. Less than nothing is nobody: below zero
    counts as zero.
    """

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = MoneyField(currency=self.parent.store.money, label=self.label)
        return self._field

    def filter(self, rows: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return rows
        if value == 0 and self.lookup_expr == "lt":
            return rows.none()
        return super().filter(rows, value)

    def text(self, value: int, store: Store) -> str:
        return store.money.format(value)


class PercentFilter(Filter):
    """A whole per cent."""

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = PercentField(empty=None, label=self.label)
        return self._field


class FlagFilter(Filter):
    """Yes or no; either way a sentence."""

    def __init__(self, *args: Any, yes: Words, no: Words, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.words = {"yes": yes, "no": no}

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            choices = [("", _("Any")), *YES_NO]
            self._field = forms.ChoiceField(choices=choices, required=False, label=self.label)
        return self._field

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{self.field_name: value == "yes"}) if value else rows

    def sentence(self, value: str, store: Store) -> str:
        return str(self.words[value])


class DayFilter(Filter):
    """A day of the store: `after` that day has ended, or `before` it begins."""

    field_class = forms.DateField

    def __init__(self, *args: Any, after: bool, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(*args, widget=widget, **kwargs)
        self.after = after

    def filter(self, rows: QuerySet[Any], value: dt.date | None) -> QuerySet[Any]:
        if value is None:
            return rows
        zone = self.parent.store.zone
        value = max(value, EARLIEST)
        begins = dt.datetime.combine(value, dt.time(), tzinfo=zone)
        if not self.after:
            return rows.filter(**{f"{self.field_name}__lt": begins})
        if value == dt.date.max:
            return rows.none()
        ends = dt.datetime.combine(value + dt.timedelta(days=1), dt.time(), tzinfo=zone)
        return rows.filter(**{f"{self.field_name}__gte": ends})

    def text(self, value: dt.date, store: Store) -> str:
        return date_format(value, "j M Y")


class SpanFilter(DayFilter):
    """A day of the store that is meant too: the first one, or with `after` false the last."""

    def filter(self, rows: QuerySet[Any], value: dt.date | None) -> QuerySet[Any]:
        if value is None or value == (dt.date.min if self.after else dt.date.max):
            return rows
        day = dt.timedelta(days=1)
        return super().filter(rows, value - day if self.after else value + day)


class DateSpanFilter(DayFilter):
    """A day as it is written in the row: the first one, or with `after` false the last."""

    def filter(self, rows: QuerySet[Any], value: dt.date | None) -> QuerySet[Any]:
        if value is None:
            return rows
        return rows.filter(**{f"{self.field_name}__{'gte' if self.after else 'lte'}": value})


class ChoiceFilter(Filter):
    """One of a few values, each said by its label."""

    def __init__(self, *args: Any, choices: type[TextChoices], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choices = choices

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            named = [(one.value, capfirst(one.label)) for one in self.choices]
            self._field = forms.ChoiceField(
                choices=[("", _("Any")), *named], required=False, label=self.label
            )
        return self._field

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{self.field_name: value}) if value else rows

    def text(self, value: str, store: Store) -> str:
        return str(self.choices(value).label).lower()


class KeysFilter(Filter):
    """A filter answered from another table. Few keys are gathered there; of many, the rows that the
    list walks past are asked one by one.
    """

    def keys(self, value: Any) -> QuerySet[Any]:
        """The primary keys of matching rows of the list, from an index that can stop early."""
        raise TypeError(f"{type(self).__name__} finds nothing")

    def walk(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """The matching rows, for a value that many match."""
        raise TypeError(f"{type(self).__name__} filters nothing")

    def whole(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """All matching rows, for a query that looks at each of them in no order."""
        return self.walk(rows, value)

    _found: Count | None = None

    def found(self, value: Any) -> Count:
        """How many match, to the cap; asked once."""
        if self._found is None:
            self._found = Count.up_to_cap(self.keys(value))
        return self._found

    def find(self, found: Count) -> None:
        """Take what another query has counted."""
        self._found = found

    def gather(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """The matching rows, for a value that few match."""
        return rows.filter(pk__in=self.keys(value)[: CAP + 1])

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return rows
        gathers = self.parent.gathers and self.found(value).exact
        return (self.gather if gathers else self.walk)(rows, value)


class SearchFilter(KeysFilter):
    """What is typed into the search field: `matching` gives the primary keys of what it finds. A
    list of more than thousands tells by `holds` whether it finds a row that is walked past.
    """

    def __init__(self, *args: Any, matching: Any, holds: Any = None, **kwargs: Any):
        super().__init__(*args, says="“{}”", **kwargs)
        self.matching = matching
        self.holds = holds

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = forms.CharField(required=False, max_length=200, label=_("Search"))
        return self._field

    def keys(self, value: str) -> QuerySet[Any]:
        return self.matching(self.parent.store, value).values("pk")

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if self.holds is None:
            return self.whole(rows, value)
        return rows.alias(found=self.holds(self.parent.store, value)).filter(found=True)

    def whole(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(pk__in=self.keys(value))
