"""A sheet that somebody sent, looked at: how it is written, its first rows, all of its rows."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from stores import cells, sheet_dialects, sheets
from stores.sheet_dialects import Dialect, SheetError
from stores.sheets import Row

AUTO = "auto"
SAMPLE = 5
LOOKED_AT = 200
MOST_COLUMNS = 200
Source = Callable[[], BinaryIO]


class Look(NamedTuple):
    """The dialect of a file, and its first rows."""

    dialect: Dialect
    first: list[Row]

    def below(self, *, has_header: bool) -> list[Row]:
        """The first rows that are not the header. Raises SheetError where there is none."""
        below = self.first[1:] if has_header else self.first
        if not below:
            raise SheetError(_("The file has a header line and no lines below it."))
        return below


def look(source: Source, *, encoding: str, delimiter: str) -> Look:
    """Read the beginning of a file. Raises SheetError where it cannot be read as a whole."""
    with source() as stream:
        dialect = sheet_dialects.recognise(
            sheet_dialects.head(stream), encoding=_given(encoding), delimiter=_given(delimiter)
        )
    with source() as stream, closing(sheets.read(stream, dialect)) as records:
        first = list(islice(records, LOOKED_AT))
    if not first:
        raise SheetError(_("The file has no lines."))
    if len(first[0].cells) > MOST_COLUMNS:
        raise SheetError(
            _("The file has more than %(number)s columns: is the delimiter right?")
            % {"number": MOST_COLUMNS}
        )
    return Look(dialect, first)


def sample(below: list[Row]) -> list[list[str]]:
    """The first values of each column, safe to show."""
    return [[cells.excerpt(cell) for cell in row.cells] for row in below[:SAMPLE]]


def rows(source: Source, dialect: Dialect, *, has_header: bool) -> Iterator[Row]:
    """The records of a file below its header. Raises SheetError where the rest cannot be read."""
    with source() as stream, closing(sheets.read(stream, dialect)) as records:
        if has_header:
            next(records, None)
        yield from records


def _given(value: str) -> str | None:
    return None if value == AUTO else value
