"""CSV that people open in a spreadsheet: streamed, text never run, numbers stay numbers."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse

PARCEL = 200
# Spreadsheets tell UTF-8 by it.
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What a spreadsheet takes for a formula, also behind an apostrophe, so that neutral text can be
# told from text that opened with one; the signs at the end are the wide ones of East Asia.
_RUNS = re.compile(r"\s*'*\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def neutral(text: str) -> str:
    """Text that a spreadsheet would run, behind an apostrophe; any other as it is."""
    return f"'{text}" if _RUNS.match(text) else text


def original(text: str) -> str:
    """The text of which `neutral` made this."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a file. Cells that are text are made neutral, numbers and dates are not
    touched.
    """
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(header)
    for row in rows:
        yield writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """The file as a download of that name, written while it is read."""
    parcels = _together(lines(header, rows))
    response = StreamingHttpResponse(parcels, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}.csv"'
    return response


def _together(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at a time: each parcel is sent on its own."""
    while parcel := "".join(islice(lines, PARCEL)):
        yield parcel


def _plain(name: str) -> str:
    """A file name that every system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "file"


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
