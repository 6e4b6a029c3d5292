"""One line of a sales file: the sale it tells of, or the reason why it cannot be read."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from sales.occurrences import Occurrences
from stores import cells, dates, numbers
from stores.cells import CellError, excerpt
from stores.sheet_lines import BadLine, misfit
from stores.sheets import Row

QUANTITY_LIMIT = 10**6
TEXT_LIMITS = {"customer": 64, "product": 200, "receipt": 64, "vendor": 120}
_CACHED = 20_000

CellReaders = dict[str, Callable[[str], Any]]

# What a field is where no column is mapped to it, in the order in which they are read.
_UNMAPPED: dict[str, Any] = {
    "customer": "",
    "uuid": None,
    "date": None,
    "quantity": 1,
    "amount": None,
    "price": None,
    "product": "",
    "receipt": "",
    "vendor": "",
}


class SaleLine(NamedTuple):
    """One sale, or one return if `quantity` is negative; `amount` is the line's, in smallest units.

    `key` is the same whenever the same line is read again; of equal lines in one file, the first
    has always the same key, the second has another, and so on.
    """

    line: int
    customer: str
    uuid: UUID | None
    at: datetime
    day: date
    product: str
    quantity: int
    amount: int
    receipt: str
    vendor: str
    key: str


class Nameless(NamedTuple):
    """A line that says nothing about its customer."""

    line: int


def cell_readers(
    columns: dict[str, int],
    digits: int,
    zone: tzinfo,
    today: date,
    decimal: numbers.Decimal,
    order: dates.Order | None,
) -> CellReaders:
    """How the cell of each mapped field is read. Values repeat a lot, so they are kept."""
    kept = lru_cache(maxsize=_CACHED)
    amount = kept(partial(numbers.amount, digits=digits, decimal=decimal))
    readers: CellReaders = {
        "uuid": kept(cells.uuid),
        "date": kept(partial(dates.moment, zone=zone, today=today, order=order)),
        "quantity": kept(partial(numbers.whole, limit=QUANTITY_LIMIT, decimal=decimal)),
        "amount": amount,
        "price": amount,
    }
    for field, limit in TEXT_LIMITS.items():
        readers[field] = kept(partial(cells.text, limit=limit))
    return {field: readers[field] for field in columns}


class LineParser:
    """Reads the lines of one pass through a file, and counts the ones that are equal."""

    def __init__(
        self, headers: tuple[str, ...], columns: dict[str, int], readers: CellReaders
    ) -> None:
        self._headers = headers
        self._columns = columns
        # The customer comes first, so that a line without one is known before it can be bad.
        self._plan = [
            (field, columns[field], readers[field]) for field in _UNMAPPED if field in columns
        ]
        if "amount" in columns and "price" in columns:
            self._plan = [step for step in self._plan if step[0] != "price"]
        self._seen = Occurrences()

    def parse(self, row: Row) -> SaleLine | BadLine | Nameless:
        """What the line says; to be called once for each line, in the order of the file."""
        if row.fault or len(row.cells) != len(self._headers):
            bad = misfit(row, self._headers)
            if bad:
                return bad
        cells, found, field = row.cells, _UNMAPPED.copy(), ""
        try:
            for field, place, read in self._plan:
                found[field] = read(cells[place])
            problem = _contradiction(found)
        except CellError as error:
            problem = field, error.reason
        if not found["customer"] and not found["uuid"] and not _about_the_buyer(problem):
            return Nameless(row.line)
        return self._bad(row, *problem) if problem else self._sale(row.line, found)

    def _bad(self, row: Row, field: str, reason: str) -> BadLine:
        place = self._columns[field]
        return BadLine(row.line, self._headers[place], excerpt(row.cells[place]), reason)

    def _sale(self, line: int, found: dict[str, Any]) -> SaleLine:
        at, day, instant = found["date"]
        quantity, amount = _signed(found)
        customer, uuid, product = found["customer"], found["uuid"], found["product"]
        receipt, vendor = found["receipt"], found["vendor"]
        # No field can hold the separator, since control characters are refused.
        key = self._key(
            f"{customer}\x1f{uuid or ''}\x1f{instant}\x1f{product}"
            f"\x1f{quantity}\x1f{amount}\x1f{receipt}\x1f{vendor}"
        )
        return SaleLine(
            line, customer, uuid, at, day, product, quantity, amount, receipt, vendor, key
        )

    def _key(self, source: str) -> str:
        digest = sha256(source.encode()).digest()[:16]
        nth = self._seen.count(digest)
        if nth > 1:
            digest = sha256(f"{source}\x1f{nth}".encode()).digest()[:16]
        return digest.hex()


def _contradiction(found: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with quantity, amount and price together: the field and the reason."""
    quantity, price = found["quantity"], found["price"]
    if quantity == 0:
        return "quantity", _("is 0")
    if price is None:
        return None
    if price < 0:
        return "price", _("is negative; a return has a negative quantity")
    if abs(price * quantity) > numbers.AMOUNT_LIMIT:
        text = _("times %(quantity)s is larger than an amount can be")
        return "price", text % {"quantity": f"{quantity:,}"}
    return None


def _signed(found: dict[str, Any]) -> tuple[int, int]:
    """Quantity and amount: of a return, the first is negative and the second zero or below."""
    quantity, amount, price = found["quantity"], found["amount"], found["price"]
    if price is not None:
        return quantity, price * quantity
    returned = quantity < 0 or amount < 0
    return (-abs(quantity), -abs(amount)) if returned else (quantity, amount)


def _about_the_buyer(problem: tuple[str, str] | None) -> bool:
    return problem is not None and problem[0] in ("customer", "uuid")
