"""Dates and times in the cells of a sheet, and whether the day or the month comes first in them."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stores.cells import CellError, excerpt
from stores.sheet_dialects import SheetError

Order = Literal["day-first", "month-first"]
_ORDERS = {"day-first": gettext_noop("day-first"), "month-first": gettext_noop("month-first")}

FIRST_YEAR = 1970
_MONTHS = 12
_LONGEST = 64
_NOON = 12

# hour, minute, second, fraction, then the zone: the whole of it, its sign, hour and minute
_TIME = (
    r"(?:(?:T|\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"\s*(Z|([-+])([0-9]{2}):?([0-9]{2})?)?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})" + _TIME)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _TIME)


class Moment(NamedTuple):
    """An instant in UTC, its day in the store's zone, and the instant in one canonical spelling."""

    at: datetime
    day: date
    text: str


def moment(cell: str, *, zone: tzinfo, today: date, order: Order | None) -> Moment:
    """The instant that a cell names.

    A time without a zone is in `zone`; a date alone is its noon, which no summer time moves to
    another day. Where `order` is None, only dates with the year first are read. From 1970 to the
    day after `today`.
    """
    clean = cell.strip()
    year_first = _YEAR_FIRST.fullmatch(clean) or _COMPACT.fullmatch(clean)
    match = year_first or _YEAR_LAST.fullmatch(clean)
    if not match or len(clean) > _LONGEST:
        raise CellError(_("is not a date") if clean else _("is empty"))
    one, _sign, two, three, *clock = match.groups()
    if year_first:
        year, month, day = int(one), int(two), int(three)
    else:
        year, month, day = int(three), *_month_and_day(int(one), int(two), order)
    _refuse_far_years(year, today)
    try:
        at = _instant(year, month, day, clock, zone)
    except (ValueError, OverflowError):
        raise CellError(_no_such_day("" if year_first else order or "")) from None
    local = at.astimezone(zone).date()
    if local.year < FIRST_YEAR:
        raise CellError(_too_early())
    if local > today + timedelta(days=1):
        raise CellError(_("is later than tomorrow"))
    return Moment(at, local, at.isoformat())


@lru_cache(maxsize=4096)
def reading(cell: str) -> Literal["day-first", "month-first", "dotted", "unclear", ""]:
    """Which order a date shows; '' where it shows none, as with the year first."""
    match = _YEAR_LAST.fullmatch(cell.strip())
    if not match:
        return ""
    first, second = int(match[1]), int(match[3])
    if first > _MONTHS and second > _MONTHS:
        return ""
    if first > _MONTHS:
        return "day-first"
    if second > _MONTHS:
        return "month-first"
    return "dotted" if match[2] == "." else "unclear"


class DateClues:
    """What the dates of a file tell about their order, gathered line by line."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, str]] = {}

    def look(self, line: int, cell: str) -> None:
        """Takes in the date on that line."""
        kind = reading(cell)
        if kind and kind not in self._first:
            self._first[kind] = line, excerpt(cell)

    @property
    def undecided(self) -> bool:
        """There are dates that cannot be read without knowing more."""
        return bool(self._first) and not self._first.keys() & {"day-first", "month-first"}

    def settle(self, *, decimal_comma: bool) -> tuple[Order | None, str]:
        """The order, and a sentence that says why; SheetError where it remains unclear."""
        seen = self._first
        if "day-first" in seen and "month-first" in seen:
            raise SheetError(
                _(
                    "Line {} has {}, where the day is first, and line {} has {}, where the month"
                    " is first. Say which with the option dates: day-first or month-first."
                ).format(*seen["day-first"], *seen["month-first"])
            )
        if "day-first" in seen:
            return "day-first", _("Dates have the day first: {1} on line {0}.").format(
                *seen["day-first"]
            )
        if "month-first" in seen:
            return "month-first", _("Dates have the month first: {1} on line {0}.").format(
                *seen["month-first"]
            )
        return self._settle_by_custom(decimal_comma)

    def _settle_by_custom(self, decimal_comma: bool) -> tuple[Order | None, str]:
        if not self._first:
            return None, _("Dates have the year first.")
        if "dotted" in self._first:
            return "day-first", _("Dates have the day first, as is usual with points between.")
        line, shown = self._first["unclear"]
        if decimal_comma:
            return "day-first", (
                _(
                    "Dates such as %(shown)s on line %(line)s are read with the day first, as is"
                    " usual with a decimal comma; no date of the file says otherwise."
                )
                % {"shown": shown, "line": line}
            )
        raise SheetError(
            _(
                "Dates such as %(shown)s on line %(line)s can be read with the day or the month"
                " first, and no date of the file tells. Say which with the option dates: day-first"
                " or month-first."
            )
            % {"shown": shown, "line": line}
        )


def _month_and_day(first: int, second: int, order: Order | None) -> tuple[int, int]:
    if order is None:
        raise CellError(_("is not a date with the year first, and nothing says what comes first"))
    return (second, first) if order == "day-first" else (first, second)


def _instant(
    year: int, month: int, day: int, clock: Sequence[str | None], zone: tzinfo
) -> datetime:
    hour, minute, second, fraction, named, sign, zone_hour, zone_minute = clock
    if hour is None or minute is None:
        return datetime(year, month, day, _NOON, tzinfo=zone).astimezone(UTC)
    microsecond = int(fraction[:6].ljust(6, "0")) if fraction else 0
    if named == "Z":
        zone = UTC
    elif named:
        ahead = timedelta(hours=int(zone_hour or 0), minutes=int(zone_minute or 0))
        zone = timezone(-ahead if sign == "-" else ahead)
    seconds = int(second or 0)
    written = datetime(year, month, day, int(hour), int(minute), seconds, microsecond, zone)
    return written.astimezone(UTC)


def _refuse_far_years(year: int, today: date) -> None:
    """Years that no zone could bring into the range; they might not even fit into a datetime."""
    if year < FIRST_YEAR - 1:
        raise CellError(_too_early())
    if year > today.year + 1:
        raise CellError(_("is later than tomorrow"))


def _too_early() -> str:
    return _("is before %(year)s") % {"year": FIRST_YEAR}


def _no_such_day(order: str) -> str:
    if not order:
        return _("is not a day or time that exists")
    text = _("is not a day or time that exists (read %(order)s)")
    return text % {"order": _(_ORDERS[order])}
