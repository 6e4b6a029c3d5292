"""A customer file opened: how it is written, its columns, its lines; nothing is written."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from customers.imports import headers
from customers.imports.headers import Column
from customers.imports.lines import NO, YES, Line, LineReader
from stores import cells, sheet_files, sheets
from stores.cells import CellError
from stores.numbers import Decimal, DecimalClues
from stores.sheet_dialects import Dialect
from stores.sheet_files import AUTO, Source, rows
from stores.sheet_lines import BadLine
from stores.sheets import Row

CLUES = 5_000
MONEY = (headers.CREDIT, headers.GIFT_CARDS, headers.RESTRICTED)

ALLOMANCY, CASPERVEND, E2V = "allomancy", "caspervend", "e2v"


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a file is to be read, as its owner said; 'auto' is found out. `source` is the system that
    it comes from.
    """

    source: str = AUTO
    encoding: str = AUTO
    delimiter: str = AUTO
    header: str = AUTO
    decimal: str = AUTO

    @classmethod
    def of(cls, asked: dict[str, Any]) -> "Reading":
        """The reading among other things that were asked."""
        return cls(**{field.name: asked[field.name] for field in dataclasses.fields(cls)})


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A file that was recognised: its dialect, whether it has a header, the columns with the field
    that each is read as, and the first rows.
    """

    dialect: Dialect
    has_header: bool
    columns: list[Column]
    sample: list[list[str]]
    traps: list[str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)


def recognise(source: Source, reading: Reading) -> Sheet:
    """Read the beginning of a file. Raises SheetError where it cannot be read as a whole."""
    look = sheet_files.look(source, encoding=reading.encoding, delimiter=reading.delimiter)
    has_header = _has_header(look.first[0], reading)
    columns = _columns(look.first[0], has_header, reading)
    below = look.below(has_header=has_header)
    traps = headers.traps(columns) if has_header else []
    return Sheet(
        dialect=look.dialect,
        has_header=has_header,
        columns=columns,
        sample=sheet_files.sample(below),
        traps=[*traps, *_subscriber_trap(columns, below)],
    )


def decimal_of(source: Source, sheet: Sheet, fields: tuple[str, ...], *, digits: int) -> Decimal:
    """The decimal sign of a file, from its first amounts. Raises SheetError where it is unclear."""
    clues = DecimalClues(digits)
    places = [place for place, field in enumerate(fields) if field in MONEY]
    for number, row in enumerate(rows(source, sheet.dialect, has_header=sheet.has_header)):
        if number >= CLUES and not clues.undecided:
            break
        for place in places:
            if place < len(row.cells) and not row.fault:
                clues.look(row.line, row.cells[place])
    return clues.settle()[0]


def lines(
    source: Source,
    *,
    dialect: Dialect,
    has_header: bool,
    names: tuple[str, ...],
    fields: tuple[str, ...],
    digits: int,
    decimal: Decimal,
) -> Iterator[tuple[Row, Line | BadLine]]:
    """Each record with what it says. Raises SheetError where the rest cannot be read."""
    reader = LineReader(names, fields, digits=digits, decimal=decimal)
    for row in rows(source, dialect, has_header=has_header):
        yield row, reader.read(row)


def _has_header(row: Row, reading: Reading) -> bool:
    """A file whose first line names a uuid has no header: its first line is a customer."""
    if reading.header != AUTO:
        return reading.header == "yes"
    return reading.source != E2V and not any(map(_is_uuid, row.cells))


def _columns(row: Row, has_header: bool, reading: Reading) -> list[Column]:
    if has_header:
        also = headers.CASPERVEND if reading.source == CASPERVEND else None
        return headers.recognise(sheets.headers_of(row), also)
    names = [_("Column %(number)s") % {"number": place + 1} for place in range(len(row.cells))]
    fields = headers.E2V if _looks_like_e2v(row) or reading.source == E2V else ()
    return [
        Column(place, name, fields[place] if place < len(fields) else headers.IGNORED)
        for place, name in enumerate(names)
    ]


def _looks_like_e2v(row: Row) -> bool:
    """A name, a uuid, a balance."""
    return len(row.cells) == len(headers.E2V) and _is_uuid(row.cells[1])


def _is_uuid(cell: str) -> bool:
    try:
        return cells.uuid(cell) is not None
    except CellError:
        return False


def _subscriber_trap(columns: list[Column], below: list[Row]) -> Iterator[str]:
    """A column in which most values are neither yes nor no would unsubscribe everybody."""
    for column in columns:
        if column.field != headers.SUBSCRIBER:
            continue
        values = [row.cells[column.place].strip() for row in below if column.place < len(row.cells)]
        said = [value for value in values if value]
        unclear = [value for value in said if value.casefold() not in YES | NO]
        if len(unclear) * 2 > len(said):
            shown = cells.excerpt(unclear[0])
            yield (
                _(
                    "Most values of “%(column)s”, such as “%(shown)s”, are neither yes nor no and"
                    " count as no: those customers would be unsubscribed."
                )
                % {"column": column.header, "shown": shown}
            )
