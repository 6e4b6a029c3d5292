"""Pictures of customers: checked, made small, stored anew; nothing of the file that was sent is
kept.
"""

import io
import uuid
import warnings

from django.core.files.base import ContentFile, File
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from customers.models import Customer
from stores import audit
from stores.models import User

MAX_BYTES = 2 * 1024 * 1024
MAX_SIDE = 4096
MAX_PIXELS = 4_000_000
SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP")


class BadPicture(ValueError):
    """A file that is not taken; the text says why."""


def read(upload: File) -> ContentFile:
    """The picture as a square WebP of 256 pixels. Raises BadPicture; the size is judged before
    anything is decoded.
    """
    if upload.size > MAX_BYTES:
        raise BadPicture("The file is larger than 2 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as image:
                _check(image)
                small = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGBA"), (SIDE, SIDE))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(_TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("Send a PNG, JPEG or WebP picture.") from None
    written = io.BytesIO()
    small.save(written, "WEBP", quality=85)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.webp")


def put(*, customer: Customer, picture: ContentFile | None, by: User | None) -> None:
    """Give a customer the picture that `read` made, or none; the file before is deleted once that
    is committed.
    """
    with transaction.atomic():
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        old = row.picture.name
        row.picture = picture or ""
        row.save(update_fields=["picture"])
        changes = {"picture": [bool(old), picture is not None]}
        audit.record(
            store=row.store, by=by, action="customer.picture", subject=row, changes=changes
        )
        if old:
            transaction.on_commit(lambda: row.picture.storage.delete(old))
    customer.picture = row.picture


_TOO_LARGE = "The picture has too many pixels; at most 4 million, 4,096 on a side."


def _check(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadPicture(_TOO_LARGE)
    if getattr(image, "n_frames", 1) != 1:
        raise BadPicture("The picture moves; send one that stands still.")
