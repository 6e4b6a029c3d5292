"""A sales file opened: how it is written, its columns, its lines; nothing is written."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from sales.lines import LineParser, Nameless, SaleLine, cell_readers
from sales.mapping import field_of, traps
from sales.reader import recognise_values
from stores import cells, sheet_files, sheets
from stores.cells import CellError
from stores.models import Store
from stores.sheet_dialects import Dialect, SheetError
from stores.sheet_files import AUTO, Source, rows
from stores.sheet_lines import BadLine
from stores.sheets import Row

Record = tuple[Row, SaleLine | BadLine | Nameless]
# A cell that is a date or a number is no header.
_VALUE = re.compile(r"\s*(?:L\$|[$€£])?\s*[-\u2212]?[0-9][0-9.,:/\sTZ+-]*")


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a file is to be read, as its owner said; 'auto' is found out."""

    encoding: str = AUTO
    delimiter: str = AUTO
    header: str = AUTO
    decimal: str = AUTO
    dates: str = AUTO


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A file that was recognised: its dialect, whether it has a header, the columns with the field
    that each is read as, and the first rows.
    """

    dialect: Dialect
    has_header: bool
    names: tuple[str, ...]
    fields: tuple[str, ...]
    sample: list[list[str]]
    traps: list[str]


def recognise(source: Source, reading: Reading) -> Sheet:
    """Read the beginning of a file. Raises SheetError where it cannot be read as a whole."""
    look = sheet_files.look(source, encoding=reading.encoding, delimiter=reading.delimiter)
    first = look.first[0]
    has_header = _has_header(first) if reading.header == AUTO else reading.header == "yes"
    if has_header:
        names = tuple(sheets.headers_of(first))
        fields = tuple(map(field_of, names))
    else:
        names = tuple(
            _("Column %(number)s") % {"number": place + 1} for place in range(len(first.cells))
        )
        fields = ("",) * len(names)
    return Sheet(
        dialect=look.dialect,
        has_header=has_header,
        names=names,
        fields=fields,
        sample=sheet_files.sample(look.below(has_header=has_header)),
        traps=traps(names, fields) if has_header else [],
    )


def signs_of(
    source: Source, sheet: Sheet, fields: tuple[str, ...], reading: Reading, *, digits: int
) -> dict[str, Any]:
    """The decimal sign of a file and the order of its dates, from its first lines.

    Raises SheetError where they are unclear.
    """
    decimal: Any = reading.decimal
    order: Any = reading.dates
    records = rows(source, sheet.dialect, has_header=sheet.has_header)
    sign, found, _ = recognise_values(records, places(fields), digits, decimal, order)
    return {"decimal": sign, "order": found}


def places(fields: tuple[str, ...]) -> dict[str, int]:
    """The column of each field."""
    return {field: place for place, field in enumerate(fields) if field}


def lines(source: Source, asked: dict[str, Any], store: Store) -> Iterator[Record]:
    """Each record with what it says, as a batch `asked` for it. Raises SheetError where the rest
    cannot be read.
    """
    columns = places(tuple(asked["fields"]))
    readers = cell_readers(
        columns,
        store.money.digits,
        store.zone,
        store.today(),
        asked["decimal"],
        asked["order"],
    )
    parser = LineParser(tuple(asked["names"]), columns, readers)
    dialect = Dialect(**asked["dialect"])
    for row in rows(source, dialect, has_header=asked["has_header"]):
        yield row, parser.parse(row)


def _has_header(row: Row) -> bool:
    """A line with a date, a number or a uuid in it is a sale."""
    return not any(_VALUE.fullmatch(cell) or _is_uuid(cell) for cell in row.cells)


def _is_uuid(cell: str) -> bool:
    try:
        return cells.uuid(cell) is not None
    except CellError:
        return False


__all__ = ["Reading", "Sheet", "SheetError", "lines", "places", "recognise", "signs_of"]
