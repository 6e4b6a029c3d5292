"""Amounts and whole numbers in the cells of a sheet, in integers only, and their decimal sign."""

import re
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from stores.cells import CellError, excerpt
from stores.sheet_dialects import SheetError

# 'none' is a file that has not shown any decimal sign yet: then a separator is not guessed at.
Decimal = Literal["point", "comma", "none"]

AMOUNT_LIMIT = 10**12
_LONGEST = 64

_SIGN = r"([-\u2212]?)"
_CURRENCY = r"(?:L\$|[$€£])?"
_MONEY = re.compile(rf"{_SIGN}\s*{_CURRENCY}\s*{_SIGN}([0-9.,]+)\s*{_CURRENCY}")
_WHOLE = re.compile(rf"{_SIGN}()([0-9.,]+)")
_BODIES = {
    "point": re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|(?=\.))(?:\.([0-9]+))?"),
    "comma": re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|(?=,))(?:,([0-9]+))?"),
    "none": re.compile(r"([0-9]+)()"),
}
_NO_NUMBER = {
    "point": gettext_noop("is not a number with a decimal point"),
    "comma": gettext_noop("is not a number with a decimal comma"),
    "none": gettext_noop("is not a number"),
}
_EXPONENT = re.compile(r"[-+0-9.,]+[eE][-+]?[0-9]+")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def amount(cell: str, *, digits: int, decimal: Decimal) -> int:
    """An amount of money in the smallest unit of a currency that has `digits` decimals."""
    units = _number(_MONEY, cell, digits, decimal)
    if abs(units) > AMOUNT_LIMIT:
        raise CellError(_("is larger than an amount can be"))
    return units


def whole(cell: str, *, limit: int, decimal: Decimal) -> int:
    """A whole number between -limit and limit."""
    number = _number(_WHOLE, cell, 0, decimal)
    if abs(number) > limit:
        raise CellError(_("is larger than %(limit)s") % {"limit": f"{limit:,}"})
    return number


@lru_cache(maxsize=4096)
def reading(cell: str, digits: int) -> Literal["point", "comma", "unclear", ""]:
    """Which decimal sign an amount shows; '' where it shows none, 'unclear' where both may be."""
    match = _MONEY.fullmatch(cell.strip())
    if not digits and match and _ONE_GROUP.fullmatch(match[3]):
        # Nobody writes decimals of whole units, so the sign makes thousands.
        return "point" if "," in match[3] else "comma"
    point, comma = _or_none(cell, digits, "point"), _or_none(cell, digits, "comma")
    if point == comma:
        return ""
    if point is not None and comma is not None:
        return "unclear"
    # 1.234 may be a price with a digit too many; it must not become one thousand times as much.
    if match and _ONE_GROUP.fullmatch(match[3]):
        return "unclear"
    return "comma" if point is None else "point"


class DecimalClues:
    """What the amounts of a file tell about its decimal sign, gathered line by line."""

    def __init__(self, digits: int) -> None:
        self._digits = digits
        self._first: dict[str, tuple[int, str]] = {}

    def look(self, line: int, cell: str) -> None:
        """Takes in the amount on that line."""
        kind = reading(cell, self._digits)
        if kind and kind not in self._first:
            self._first[kind] = line, excerpt(cell)

    @property
    def undecided(self) -> bool:
        """There are amounts that cannot be read without knowing more."""
        return self._first.keys() == {"unclear"}

    def settle(self) -> tuple[Decimal, str]:
        """The decimal sign, and a sentence that says why; SheetError where it remains unclear."""
        if self.undecided:
            line, shown = self._first["unclear"]
            raise SheetError(
                _(
                    "Amounts such as %(shown)s on line %(line)s can be read with a decimal point or"
                    " a decimal comma. Say which with the option decimal: point or comma."
                )
                % {"shown": shown, "line": line}
            )
        if "point" in self._first and "comma" in self._first:
            raise SheetError(
                _(
                    "Line {} has {}, with a decimal point, and line {} has {}, with a decimal"
                    " comma. Say which is right with the option decimal: point or comma."
                ).format(*self._first["point"], *self._first["comma"])
            )
        if "comma" in self._first:
            return "comma", _("Decimal comma, as in {1} on line {0}.").format(*self._first["comma"])
        if "point" in self._first:
            return "point", _("Decimal point, as in {1} on line {0}.").format(*self._first["point"])
        return "none", _("The amounts are whole numbers.")


def _number(shape: re.Pattern[str], cell: str, digits: int, decimal: Decimal) -> int:
    clean = cell.strip()
    if len(clean) > _LONGEST:
        raise CellError(_("is too long for a number"))
    match = shape.fullmatch(clean)
    if match and match[1] and match[2]:
        match = None
    body = match and _BODIES[decimal].fullmatch(match[3])
    if not match or not body:
        raise CellError(_why_not(clean, digits, decimal, match))
    fraction = body[2] or ""
    if fraction[digits:].strip("0"):
        raise CellError(_too_precise(digits))
    figures = re.sub("[.,]", "", body[1]) + fraction[:digits].ljust(digits, "0")
    units = int(figures or "0")
    return -units if match[1] or match[2] else units


def _or_none(cell: str, digits: int, decimal: Decimal) -> int | None:
    try:
        return amount(cell, digits=digits, decimal=decimal)
    except CellError:
        return None


def _too_precise(digits: int) -> str:
    if not digits:
        return _("is not a whole number")
    text = ngettext("has more than %(number)s decimal", "has more than %(number)s decimals", digits)
    return text % {"number": digits}


def _why_not(clean: str, digits: int, decimal: Decimal, match: re.Match[str] | None) -> str:
    if not clean:
        return _("is empty")
    if _EXPONENT.fullmatch(clean):
        return _("is written with an exponent; write all its digits")
    if any(sign.isdigit() and not sign.isascii() for sign in clean):
        return _("has digits other than 0 to 9")
    if match and decimal == "none" and digits == 0 and not reading(clean, 0):
        return _("is not a whole number")
    if match and decimal == "none" and re.search("[.,]", clean):
        return _("has a point or comma, and the file does not show which is decimal; say which")
    return _(_NO_NUMBER[decimal if match and re.search("[0-9]", clean) else "none"])
