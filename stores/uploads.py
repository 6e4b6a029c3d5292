"""Keeping files that people send, until what became of them is settled."""

import datetime as dt
import hashlib
import uuid
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.cells import excerpt
from stores.models import Store, Upload, User
from stores.sheet_dialects import SheetError
from stores.sheet_files import Source

MOST_BYTES = 512 * 1024 * 1024
KEPT = dt.timedelta(days=7)


def keep(*, store: Store, file: File, by: User | None) -> Upload:
    """Store a file under a name of our own."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    upload = Upload(
        store=store,
        by=by,
        name=excerpt(file.name or "") or "file",
        size=file.size,
        sha256=digest.hexdigest(),
    )
    upload.file.save(f"{uuid.uuid4().hex}.csv", file, save=False)
    upload.save()
    return upload


def opener(upload: Upload) -> Source:
    """Opens the file anew at each call. Raises SheetError where it is gone."""

    def opened() -> Any:
        gone = SheetError(_("The file is no longer kept: send it again."))
        if not upload.file.name:
            raise gone
        try:
            return upload.file.storage.open(upload.file.name, "rb")
        except OSError:
            raise gone from None

    return opened


def drop(upload: Upload) -> None:
    """Forget a file that cannot be read."""
    upload.delete()
    upload.file.storage.delete(str(upload.file.name))


def sweep() -> int:
    """Delete the contents of files that were sent days ago; how many."""
    old = Upload.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(file="")
    for upload in old:
        with transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(file="")
            transaction.on_commit(partial(upload.file.storage.delete, str(upload.file.name)))
    return len(old)
