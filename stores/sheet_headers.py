"""The header line of a sheet: its column names, and a column among them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from stores.cells import CellError, excerpt, text
from stores.sheets import Row, SheetError

HEADER_LIMIT = 120
_SHOWN_HEADERS = 30


def headers_of(row: Row) -> list[str]:
    """The header line as trimmed column names."""
    if row.fault:
        raise SheetError(
            _("The header on line %(line)s cannot be read: %(fault)s.")
            % {"line": row.line, "fault": row.fault}
        )
    try:
        return [text(cell, HEADER_LIMIT) for cell in row.cells]
    except CellError as error:
        raise SheetError(
            _("A header on line %(line)s %(error)s.") % {"line": row.line, "error": error.reason}
        ) from None


def column(headers: Sequence[str], wanted: str) -> int:
    """The place of the column of that name, whatever its case; it must be there exactly once."""
    found = [place for place, header in enumerate(headers) if _fold(header) == _fold(wanted)]
    if not found:
        raise SheetError(
            _("There is no column '%(wanted)s'. The file has: %(headers)s.")
            % {"wanted": wanted, "headers": listed(headers)}
        )
    if len(found) > 1:
        places = _(" and ").join(str(place + 1) for place in found)
        raise SheetError(
            _("The column '%(wanted)s' is there more than once (columns %(places)s).")
            % {"wanted": wanted, "places": places}
        )
    return found[0]


def listed(headers: Sequence[str]) -> str:
    """The column names for a sentence, cut off where there are very many."""
    shown = ", ".join(excerpt(header) or _("(no name)") for header in headers[:_SHOWN_HEADERS])
    more = len(headers) - _SHOWN_HEADERS
    if more <= 0:
        return shown
    return _("%(shown)s and %(number)s more") % {"shown": shown, "number": more}


def _fold(header: str) -> str:
    return " ".join(header.split()).casefold()
