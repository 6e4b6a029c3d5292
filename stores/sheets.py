"""CSV files of spreadsheets: records with their line numbers, headers."""

import csv
import io
from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from stores.cells import CellError, excerpt, text
from stores.sheet_dialects import ENCODING_NAMES, Dialect, SheetError

CELL_LIMIT = 4096
# Room for 200 cells at their limit; what is longer is no record of a spreadsheet.
RECORD_LIMIT = 1_000_000
HEADER_LIMIT = 120
_SHOWN_HEADERS = 30


class Row(NamedTuple):
    """One record: the line on which it begins, its cells, and what is wrong with it as a record."""

    line: int
    cells: list[str]
    fault: str = ""


def read(stream: BinaryIO, dialect: Dialect) -> Generator[Row, None, None]:
    """The records of a file one by one, in constant memory; blank ones are skipped.

    Bytes that the encoding does not know come as lone surrogates, so that they spoil one cell and
    not the file. A fault within one line is told in its row. A fault in a record of several lines
    (an unclosed quote) leaves it open where the next record begins: SheetError with its line.
    The stream is left open; who stops before the end closes the generator first.
    """
    errors = "surrogatepass" if dialect.encoding.startswith("utf-16") else "surrogateescape"
    decoded = io.TextIOWrapper(stream, encoding=dialect.encoding, errors=errors, newline="")
    try:
        yield from _records(_Lines(decoded), dialect)
    finally:
        decoded.detach()


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


class _Lines:
    """The lines for the csv module; keeps the size of the current record within its limit."""

    def __init__(self, decoded: io.TextIOWrapper) -> None:
        self._readline = decoded.readline
        self.size = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        readline = self._readline
        while line := readline(RECORD_LIMIT + 1):
            self.size += len(line)
            if self.size > RECORD_LIMIT:
                raise csv.Error("record too long")
            yield line
        self.ended = True


def _records(lines: _Lines, dialect: Dialect) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=True, strict=True)
    line = 1
    while not lines.ended:
        try:
            for cells in reader:
                if lines.size > CELL_LIMIT and max(map(len, cells), default=0) > CELL_LIMIT:
                    yield _overlong(cells, line, reader.line_num)
                elif cells and (cells[0].strip() or "".join(cells).strip()):
                    yield Row(line, cells)
                line = reader.line_num + 1
                lines.size = 0
        except csv.Error as error:
            yield _faulty(error, line, reader.line_num, lines)
            line = reader.line_num + 1
            lines.size = 0
        except UnicodeError:
            name = ENCODING_NAMES[dialect.encoding]
            raise SheetError(
                _("The file is not %(name)s text from about line %(line)s on.")
                % {"name": name, "line": line}
            ) from None


def _faulty(error: csv.Error, line: int, last: int, lines: _Lines) -> Row:
    if lines.ended:
        raise SheetError(_("A quote is opened on line %(line)s and never closed.") % {"line": line})
    if "field larger" in str(error) or lines.size > RECORD_LIMIT:
        raise SheetError(
            _("The record that begins on line %(line)s is far too long; is a quote not closed?")
            % {"line": line}
        )
    if last > line:
        raise SheetError(
            _("A quote is opened on line %(line)s and closed within a cell on line %(last)s.")
            % {"line": line, "last": last}
        )
    fault = _("has text after a closing quote; a quote inside a cell is written twice")
    return Row(line, [], fault)


def _overlong(cells: list[str], line: int, last: int) -> Row:
    if last > line:
        raise SheetError(
            _(
                "A cell goes from line %(line)s to line %(last)s and is longer than %(limit)s"
                " characters; is a quote not closed?"
            )
            % {"line": line, "last": last, "limit": f"{CELL_LIMIT:,}"}
        )
    fault = _("is longer than %(limit)s characters") % {"limit": f"{CELL_LIMIT:,}"}
    return Row(line, cells, fault)


def _fold(header: str) -> str:
    return " ".join(header.split()).casefold()
