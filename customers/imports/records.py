"""The lines of the file of an import, each chunk from where the one before it ended."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from customers.imports import file
from customers.imports.lines import Line
from stores.batches import BatchRefused
from stores.models import Batch, Upload
from stores.sheet_lines import BadLine
from stores.sheets import Dialect, Row, SheetError

Record = tuple[Row, Line | BadLine]

# Lines may be very long: no more text than this is held at once, however few lines that makes.
LETTERS_AT_ONCE = 8_000_000
# A worker goes on reading where its last chunk ended; another one skips what was staged already.
_readings: dict[int, tuple[int, Iterator[Record]]] = {}
_KEPT = 4


def opener(upload: Upload) -> file.Source:
    """Opens the file anew at each call. Raises SheetError where it is gone."""

    def opened() -> Any:
        gone = SheetError("The file is no longer kept: send it again.")
        if not upload.file.name:
            raise gone
        try:
            return upload.file.storage.open(upload.file.name, "rb")
        except OSError:
            raise gone from None

    return opened


def take(batch: Batch, rows: int) -> list[Record]:
    """The lines after the one that was staged last, at most so many; none at the end of the file.

    Raises BatchRefused where the file cannot be read.
    """
    place, rest = _readings.pop(batch.pk, (-1, None))
    if rest is None or place != batch.cursor:
        rest = _opened(batch)
    taken = _piece(rest, rows)
    if taken:
        _keep_open(batch, taken[-1][0].line, rest)
    return taken


def _piece(rest: Iterator[Record], rows: int) -> list[Record]:
    taken, letters = [], 0
    for row, line in islice(rest, rows):
        taken.append((row, line))
        letters += sum(map(len, row.cells))
        if letters > LETTERS_AT_ONCE:
            break
    return taken


def _keep_open(batch: Batch, place: int, rest: Iterator[Record]) -> None:
    """Files of batches that nobody comes back to are closed when others are opened."""
    while len(_readings) >= _KEPT:
        _readings.pop(next(iter(_readings)), None)
    _readings[batch.pk] = (place, rest)


def _opened(batch: Batch) -> Iterator[Record]:
    asked, store = batch.asked, batch.store
    upload = Upload.objects.get(store=store, pk=asked["upload"])
    last = batch.cursor
    try:
        for row, line in file.lines(
            opener(upload),
            dialect=Dialect(**asked["dialect"]),
            has_header=asked["has_header"],
            names=tuple(asked["names"]),
            fields=tuple(asked["fields"]),
            digits=store.money.digits,
            decimal=asked["decimal"],
        ):
            if row.line > last:
                yield row, line
    except SheetError as error:
        raise BatchRefused(f"{error} Nothing was changed.") from None
