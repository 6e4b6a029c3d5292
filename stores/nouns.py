"""Words as they are declared and looked up when they are shown, and the form of a noun that goes
with a number, in each language: 1 customer, 1,204 customers.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words: TypeAlias = str | _StrPromise
else:
    Words = str | Promise

# As `npgettext_lazy("counted", "customer", "customers")` makes it.
Noun: TypeAlias = Any


def form(noun: Noun, number: int) -> str:
    """The noun alone, as it stands behind the number."""
    return str(noun % number)


def counted(noun: Noun, number: int, *, text: str = "") -> str:
    """The number and its noun; `text` is how a number is written that is not known exactly."""
    things = form(noun, number)
    return _("%(number)s %(things)s") % {"number": text or f"{number:,}", "things": things}
