"""The lines of the file of a batch, each chunk from where the one before it ended."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from stores.models import Batch
from stores.sheets import Row

Record = tuple[Row, Any]

# Lines may be very long: no more text than this is held at once, however few lines that makes.
LETTERS_AT_ONCE = 8_000_000
_KEPT = 4


class Readings:
    """Files that a worker is reading: it goes on where its last chunk ended; another one skips what
    was staged already. `opened` reads the file of a batch from its first line.
    """

    def __init__(self, opened: Callable[[Batch], Iterator[Record]]) -> None:
        self._opened = opened
        self._open: dict[int, tuple[int, Iterator[Record]]] = {}

    def take(self, batch: Batch, rows: int) -> list[Any]:
        """The lines after the one that was staged last, at most so many; none at the end of the
        file. Raises what `opened` raises.
        """
        place, rest = self._open.pop(batch.pk, (-1, None))
        if rest is None or place != batch.cursor:
            rest = self._after(batch)
        taken = _piece(rest, rows)
        if taken:
            self._keep_open(batch, taken[-1][0].line, rest)
        return taken

    def clear(self) -> None:
        self._open.clear()

    def _after(self, batch: Batch) -> Iterator[Record]:
        last = batch.cursor
        for record in self._opened(batch):
            if record[0].line > last:
                yield record

    def _keep_open(self, batch: Batch, place: int, rest: Iterator[Record]) -> None:
        """Files of batches that nobody comes back to are closed when others are opened."""
        while len(self._open) >= _KEPT:
            self._open.pop(next(iter(self._open)), None)
        self._open[batch.pk] = (place, rest)


def _piece(rest: Iterator[Record], rows: int) -> list[Record]:
    taken, letters = [], 0
    for row, line in islice(rest, rows):
        taken.append((row, line))
        letters += sum(map(len, row.cells))
        if letters > LETTERS_AT_ONCE:
            break
    return taken
