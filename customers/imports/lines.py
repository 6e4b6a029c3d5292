"""One line of a customer file: what it says of whom, or the reason why it cannot be read. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from customers.imports import headers
from stores import cells, numbers
from stores.cells import CellError, excerpt
from stores.csv_out import original
from stores.sheet_lines import BadLine, misfit
from stores.sheets import Row

NAME_LIMIT, NOTE_LIMIT, EMAIL_LIMIT = 64, 2_000, 254
# What is written for a letter that an encoding does not know.
LOST = "\N{REPLACEMENT CHARACTER}"
_CACHED = 20_000
# Most addresses are of this kind. Django's validator takes them all, in ten times the time.
ORDINARY_EMAIL = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]{1,63}\.)+[a-z]{2,63}", re.ASCII | re.IGNORECASE
)
YES = {"true", "1", "yes"}
NO = {"false", "0", "no"}


class Line(NamedTuple):
    """What a file says of one customer; None is what it does not say. Amounts in smallest units.

    `unclear` is a subscriber cell that is neither yes nor no, which counts as no.
    """

    line: int
    name: str
    uuid: UUID | None
    email: str | None = None
    note: str | None = None
    credit: int | None = None
    restricted: int | None = None
    discount: int | None = None
    subscriber: bool | None = None
    group_member: bool | None = None
    unclear: bool = False


class LineReader:
    """Reads the lines of a file whose columns are known: `fields` names the field of each."""

    def __init__(
        self,
        names: tuple[str, ...],
        fields: tuple[str, ...],
        *,
        digits: int,
        decimal: numbers.Decimal,
    ) -> None:
        readers = _readers(digits, decimal)
        self._names = names
        self._plan = [(field, place, readers[field]) for place, field in enumerate(fields) if field]

    def read(self, row: Row) -> Line | BadLine:
        """What the line says."""
        if row.fault or len(row.cells) != len(self._names):
            bad = misfit(row, self._names)
            if bad:
                return bad
        found: dict[str, Any] = {}
        for field, place, read in self._plan:
            try:
                value = read(row.cells[place])
            except CellError as error:
                shown = excerpt(row.cells[place])
                return BadLine(row.line, self._names[place], shown, error.reason)
            if value is not None:
                found[field] = value
        return self._line(row, found)

    def _line(self, row: Row, found: dict[str, Any]) -> Line | BadLine:
        gift_cards = found.pop(headers.GIFT_CARDS, None)
        if gift_cards is not None:
            found["credit"] = found.get("credit", 0) + gift_cards
        name, uuid = found.pop("username", ""), found.pop("uuid", None)
        if not name and not uuid:
            return BadLine(
                row.line, "", excerpt(row.cells[0]), _("the line does not say who it is")
            )
        subscriber = found.get("subscriber")
        if subscriber == "unclear":
            found |= {"subscriber": False, "unclear": True}
        return Line(row.line, name, uuid, **found)


def as_read(field: str, value: Any) -> Any:
    """A value as it would be read from a file: ends of lines are told in many ways."""
    return cells.plain_lines(value) if field == headers.NOTE else value


def _readers(digits: int, decimal: numbers.Decimal) -> dict[str, Callable[[str], Any]]:
    """How the cells of each field are read; None for an empty one. Values repeat, so are kept."""
    kept = lru_cache(maxsize=_CACHED)
    amount = kept(_unless_empty(partial(_amount, digits=digits, decimal=decimal)))
    return {
        headers.USERNAME: _name,
        headers.UUID: cells.uuid,
        headers.EMAIL: _unless_empty(_email),
        headers.NOTE: _unless_empty(_note),
        headers.CREDIT: amount,
        headers.GIFT_CARDS: amount,
        headers.RESTRICTED: amount,
        headers.DISCOUNT: kept(_unless_empty(_percent)),
        headers.SUBSCRIBER: kept(_unless_empty(_subscriber)),
        headers.GROUP_MEMBER: kept(_unless_empty(_flag)),
    }


def _unless_empty(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """An empty cell says nothing."""
    return lambda cell: read(cell) if cell.strip() else None


def _name(cell: str) -> str:
    if LOST in cell:
        raise CellError(_("has a character that was lost in another encoding"))
    return cells.text(original(cell), NAME_LIMIT)


def _email(cell: str) -> str:
    address = cells.text(original(cell), EMAIL_LIMIT)
    if ORDINARY_EMAIL.fullmatch(address):
        return address
    try:
        validate_email(address)
    except ValidationError:
        raise CellError(_("is not an e-mail address")) from None
    return address


def _note(cell: str) -> str:
    return cells.lines(original(cell), NOTE_LIMIT)


def _amount(cell: str, *, digits: int, decimal: numbers.Decimal) -> int:
    return numbers.amount(original(cell.strip()), digits=digits, decimal=decimal)


def _percent(cell: str) -> int:
    text = cell.strip().removesuffix("%").strip()
    if not re.fullmatch("[0-9]{1,3}", text, re.ASCII) or int(text) > 100:
        raise CellError(_("is not a whole number from 0 to 100"))
    return int(text)


def _subscriber(cell: str) -> bool | str:
    word = cell.strip().casefold()
    return word in YES if word in YES | NO else "unclear"


def _flag(cell: str) -> bool:
    word = cell.strip().casefold()
    if word not in YES | NO:
        raise CellError(_("is neither yes nor no"))
    return word in YES
