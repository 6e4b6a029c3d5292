"""A sales file: recognised from its first lines, then read line by line; nothing is written."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, tzinfo
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Literal, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sales.lines import CellReaders, LineParser, Nameless, SaleLine, cell_readers
from sales.mapping import columns_of
from stores import dates, numbers, sheet_dialects, sheets
from stores.sheet_dialects import Dialect, SheetError
from stores.sheet_lines import BadLine
from stores.sheets import Row

__all__ = ["BadLine", "Nameless", "SaleLine", "SalesFile", "SheetError", "open_sales"]

SAMPLE_LINES = 5_000

DecimalOption = Literal["auto", "point", "comma"]
DatesOption = Literal["auto", "day-first", "month-first", "iso"]
Source = str | PathLike[str] | Callable[[], BinaryIO]
SIGNS_GIVEN = {
    "point": gettext_noop("Decimal point, as given."),
    "comma": gettext_noop("Decimal comma, as given."),
}
ORDERS_GIVEN = {
    "day-first": gettext_noop("Dates have the day first, as given."),
    "month-first": gettext_noop("Dates have the month first, as given."),
    "iso": gettext_noop("Dates have the year first, as given."),
}
Clues = numbers.DecimalClues | dates.DateClues


@dataclass(frozen=True)
class SalesFile:
    """A sales file that was recognised; each iteration reads it from the start.

    `mapping` is field to header, `day_first` is None where every date has the year first, `notes`
    say how things were recognised. An iteration raises SheetError where the rest of the file
    cannot be read.
    """

    dialect: Dialect
    headers: tuple[str, ...]
    mapping: dict[str, str]
    decimal: numbers.Decimal
    day_first: bool | None
    notes: tuple[str, ...]
    _source: Source
    _columns: dict[str, int]
    _readers: CellReaders

    def __iter__(self) -> Iterator[SaleLine | BadLine | Nameless]:
        parser = LineParser(self.headers, self._columns, self._readers)
        with _opened(self._source) as stream, closing(sheets.read(stream, self.dialect)) as rows:
            next(rows, None)
            for row in rows:
                yield parser.parse(row)


def open_sales(
    source: Source,
    *,
    digits: int,
    zone: tzinfo,
    today: date,
    mapping: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: DecimalOption = "auto",
    dates: DatesOption = "auto",
) -> SalesFile:
    """Recognises a sales file: a path, or a function that opens it anew at each call.

    `digits` are the decimals of the currency, `zone` is where times without a zone are local,
    `today` is the day there. SheetError where the file as a whole cannot be read.
    """
    _refuse_unknown("decimal", decimal, get_args(DecimalOption))
    _refuse_unknown("dates", dates, get_args(DatesOption))
    with _opened(source) as stream:
        dialect = sheet_dialects.recognise(
            sheet_dialects.head(stream), encoding=encoding, delimiter=delimiter
        )
    with _opened(source) as stream, closing(sheets.read(stream, dialect)) as rows:
        headers = _headers(rows)
        columns = columns_of(headers, mapping)
        sign, order, said = recognise_values(rows, columns, digits, decimal, dates)
    return SalesFile(
        dialect=dialect,
        headers=tuple(headers),
        mapping={field: headers[place] for field, place in columns.items()},
        decimal=sign,
        day_first=order and order == "day-first",
        notes=(
            _("The file is read as %(dialect)s.") % {"dialect": dialect},
            *_mapping_notes(headers, columns),
            *said,
        ),
        _source=source,
        _columns=columns,
        _readers=cell_readers(columns, digits, zone, today, sign, order),
    )


def _refuse_unknown(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SheetError(
            _("The option %(option)s is one of %(known)s, not '%(value)s'.")
            % {"option": option, "known": ", ".join(known), "value": value}
        )


def _opened(source: Source) -> BinaryIO:
    try:
        return source() if callable(source) else Path(source).open("rb")
    except OSError as error:
        text = _("The file cannot be opened: %(why)s.")
        raise SheetError(text % {"why": error.strerror}) from error


def _headers(rows: Iterator[Row]) -> list[str]:
    row = next(rows, None)
    if row is None:
        raise SheetError(_("The file has no lines."))
    return sheets.headers_of(row)


def _mapping_notes(headers: list[str], columns: dict[str, int]) -> Iterator[str]:
    read = [
        _("%(field)s from '%(column)s'") % {"field": field, "column": headers[place]}
        for field, place in columns.items()
    ]
    yield _("Columns: %(columns)s.") % {"columns": ", ".join(read)}
    if "amount" in columns and "price" in columns:
        yield _("There are amounts and prices: the amount of a line counts, its price is not read.")
    ignored = [header for place, header in enumerate(headers) if place not in columns.values()]
    if ignored:
        yield _("Not read: %(columns)s.") % {"columns": sheets.listed(ignored)}


def recognise_values(
    rows: Iterator[Row],
    columns: dict[str, int],
    digits: int,
    decimal: DecimalOption,
    order: DatesOption,
) -> tuple[numbers.Decimal, dates.Order | None, list[str]]:
    """The decimal sign and the order of dates, as given or as found, and a sentence on each."""
    amounts, days = numbers.DecimalClues(digits), dates.DateClues()
    clues: list[tuple[int, Clues]] = []
    if decimal == "auto":
        clues.append((columns["amount" if "amount" in columns else "price"], amounts))
    if order == "auto":
        clues.append((columns["date"], days))
    if not _gather(rows, clues):
        raise SheetError(_("The file has a header line and no lines below it."))
    sign: numbers.Decimal
    if decimal == "auto":
        sign, sign_note = amounts.settle()
    else:
        sign, sign_note = decimal, _(SIGNS_GIVEN[decimal])
    if order == "auto":
        found, order_note = days.settle(decimal_comma=sign == "comma")
    else:
        found, order_note = None if order == "iso" else order, _(ORDERS_GIVEN[order])
    return sign, found, [sign_note, order_note]


def _gather(rows: Iterator[Row], clues: list[tuple[int, Clues]]) -> int:
    """Shows the clues the first lines; while some are undecided then, the next ones, and so on."""
    lines = 0
    for row in rows:
        if lines and lines % SAMPLE_LINES == 0:
            clues = [(place, clue) for place, clue in clues if clue.undecided]
            if not clues:
                break
        lines += 1
        for place, clue in clues:
            if place < len(row.cells) and not row.fault:
                clue.look(row.line, row.cells[place])
    return lines
