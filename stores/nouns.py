"""The form of a noun that goes with a number, in each language: 1 customer, 1,204 customers."""

from typing import Any

from django.utils.translation import gettext as _

# As `ngettext_lazy("customer", "customers")` makes it; or the form for many, with that for one
# beside it.
Noun = Any


def form(noun: Noun, number: int, one: Noun = "") -> str:
    """The noun alone, as it stands behind the number."""
    if one:
        return str(one if number == 1 else noun)
    return str(noun % number)


def counted(noun: Noun, number: int, one: Noun = "", *, text: str = "") -> str:
    """The number and its noun; `text` is how a number is written that is not known exactly."""
    things = form(noun, number, one)
    return _("%(number)s %(things)s") % {"number": text or f"{number:,}", "things": things}
