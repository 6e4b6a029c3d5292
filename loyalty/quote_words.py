"""What a quote says, in the language of its reader: prices are reckoned and kept in English."""

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from loyalty.tiers import Rung
from stores.money import Currency

# What `loyalty.pricing`, `loyalty.tiers` and `loyalty.coupons` say, the first that fits.
SAYINGS = (
    _("Product discount"),
    _("Vendor discount"),
    _("Vendor group"),
    _("Vendor's rate for group members"),
    _("Personal discount"),
    _("Personal discount of the recipient"),
    _("Kept discount"),
    _("Purchase bonus"),
    _("Bonus for group members"),
    _("Restricted Credit"),
    _("Credit"),
    _("No product discount"),
    _("No vendor discount"),
    _("No credit"),
    _("No personal or loyalty discount"),
    _("No coupon"),
    _("No purchase bonus"),
    _("Vendor group %(group)s"),
    _("Coupon %(code)s"),
    _("Loyalty discount: %(words)s"),
    _("the buyer is not in the store's group"),
    _("it is the recipient's; only the payer's counts"),
    _("the product cannot be paid with credit"),
    _("it never pays for a gift to somebody else"),
    _("the buyer does not use credit"),
    _("nothing was left to pay"),
    _("it is for members of the store's group"),
    _("a higher threshold is met"),
    _("at an equal threshold the larger discount counts, then the global one"),
    _("a larger discount is met"),
    _("it is switched off"),
    _("it is for another product"),
    _("nobody uses their own coupon"),
    _("smaller than “%(words)s”"),
    _("as large as “%(words)s”, which is named"),
    _("it starts on %(day)s"),
    _("it ended on %(day)s"),
    _("%(amount)s more would have to be spent"),
    _("%(amount)s a year, group only"),
    _("%(amount)s in all, group only"),
    _("%(amount)s a year"),
    _("%(amount)s in all"),
)


def explained(english: str) -> str:
    """The label of a rule, or why it lost, for its reader; what nobody knows stays as it is."""
    for saying, pattern in _PATTERNS:
        if found := pattern.fullmatch(english):
            return gettext(saying) % _filled(found.groupdict())
    return english


def tier(rung: Rung | None, money: Currency) -> str:
    """A tier in words."""
    return explained(rung.label(money)) if rung else gettext("no tier")


def _filled(groups: Mapping[str, str]) -> dict[str, str]:
    return {name: _READ.get(name, str)(text) for name, text in groups.items()}


def _day(text: str) -> str:
    try:
        day = dt.datetime.strptime(text, "%d %b %Y").replace(tzinfo=dt.UTC)
    except ValueError:
        return text
    return date_format(day, "j M Y")


def _pattern(saying: str) -> re.Pattern[str]:
    pieces = re.split(r"%\((\w+)\)s", saying)
    return re.compile(
        "".join(
            f"(?P<{piece}>.+)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )


_PATTERNS = [(saying, _pattern(saying)) for saying in SAYINGS]
# How what stands within a saying is read; names and amounts are left alone.
_READ = {"words": explained, "day": _day}
