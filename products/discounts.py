"""A discount of a product as one value: whole per cent, and the days that it holds on."""

import datetime as dt
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _


class Discount(NamedTuple):
    """`first` and `last` may be open; the last day is one that it holds on."""

    percent: int
    first: dt.date | None = None
    last: dt.date | None = None

    @classmethod
    def of(cls, percent: int, first: dt.date | None, last: dt.date | None) -> "Discount":
        """The discount with those days; none has no days."""
        return cls(percent, first, last) if percent else cls(0)

    @property
    def words(self) -> str:
        if self.first and self.last:
            text = _("%(percent)s %% from %(first)s until %(last)s")
        elif self.first:
            text = _("%(percent)s %% from %(first)s")
        elif self.last:
            text = _("%(percent)s %% until %(last)s")
        else:
            return f"{self.percent} %"
        first, last = (value and day(value) for value in self[1:])
        return text % {"percent": self.percent, "first": first, "last": last}


def day(value: dt.date) -> str:
    """A day as lists show it."""
    return date_format(value, "j M Y")
