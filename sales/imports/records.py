"""The lines of the file of an import, each chunk from where the one before it ended."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from sales.imports import file
from sales.imports.file import Record
from stores import uploads
from stores.batches import BatchRefused
from stores.models import Batch, Upload
from stores.sheet_dialects import SheetError
from stores.sheet_records import Readings


def take(batch: Batch, rows: int) -> list[Record]:
    """The lines after the one that was staged last, at most so many; none at the end of the file.

    Raises BatchRefused where the file cannot be read.
    """
    return readings.take(batch, rows)


def _opened(batch: Batch) -> Iterator[Record]:
    upload = Upload.objects.get(store=batch.store_id, pk=batch.asked["upload"])
    try:
        yield from file.lines(uploads.opener(upload), batch.asked, batch.store)
    except SheetError as error:
        raise BatchRefused(_("%(error)s Nothing was changed.") % {"error": error}) from None


readings = Readings(_opened)
