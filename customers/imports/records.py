"""The lines of the file of an import, each chunk from where the one before it ended."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from customers.imports import file
from customers.imports.lines import Line
from stores import uploads
from stores.batches import BatchRefused
from stores.models import Batch, Upload
from stores.sheet_dialects import Dialect, SheetError
from stores.sheet_lines import BadLine
from stores.sheet_records import Readings
from stores.sheets import Row

Record = tuple[Row, Line | BadLine]


def take(batch: Batch, rows: int) -> list[Record]:
    """The lines after the one that was staged last, at most so many; none at the end of the file.

    Raises BatchRefused where the file cannot be read.
    """
    return readings.take(batch, rows)


def _opened(batch: Batch) -> Iterator[Record]:
    asked, store = batch.asked, batch.store
    upload = Upload.objects.get(store=store, pk=asked["upload"])
    try:
        yield from file.lines(
            uploads.opener(upload),
            dialect=Dialect(**asked["dialect"]),
            has_header=asked["has_header"],
            names=tuple(asked["names"]),
            fields=tuple(asked["fields"]),
            digits=store.money.digits,
            decimal=asked["decimal"],
        )
    except SheetError as error:
        raise BatchRefused(_("%(error)s Nothing was changed.") % {"error": error}) from None


readings = Readings(_opened)
