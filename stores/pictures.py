"""Pictures that people send: checked, made small, stored anew; nothing of the file that was sent is
kept.
"""

import io
import uuid
import warnings
from typing import Any

from django import forms
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from stores import audit
from stores.models import User

MAX_BYTES = 2 * 1024 * 1024
MAX_SIDE = 4096
MAX_PIXELS = 4_000_000
SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP")
KEPT_FOR = "private, max-age=604800, immutable"


class BadPicture(ValueError):
    """A file that is not taken; the text says why."""


def read(upload: File) -> ContentFile:
    """The picture as a square WebP of 256 pixels. Raises BadPicture; the size is judged before
    anything is decoded.
    """
    if upload.size > MAX_BYTES:
        raise BadPicture(_("The file is larger than 2 MB."))
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
        raise BadPicture(_("Send a PNG, JPEG or WebP picture.")) from None
    written = io.BytesIO()
    small.save(written, "WEBP", quality=85)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.webp")


def put(*, row: Any, field: str, picture: ContentFile | None, by: User | None) -> None:
    """Give a row of a store the picture that `read` made, or none, in its image `field`; the file
    before is deleted once that is committed.
    """
    with transaction.atomic():
        locked = type(row).objects.select_for_update().get(pk=row.pk)
        old = getattr(locked, field).name
        setattr(locked, field, picture or "")
        locked.save(update_fields=[field])
        audit.record(
            store=locked.store,
            by=by,
            action=f"{row._meta.model_name}.{field}",
            subject=locked,
            changes={field: [bool(old), picture is not None]},
        )
        if old:
            transaction.on_commit(lambda: getattr(locked, field).storage.delete(old))
    setattr(row, field, getattr(locked, field))


def answer(picture: Any, name: str) -> FileResponse:
    """The stored picture, for its members only. Raises Http404 where `name` is not its file; a new
    one has a new name, so this one may be kept.
    """
    stored = picture.name or ""
    if not stored or stored.rpartition("/")[2] != name or not picture.storage.exists(stored):
        raise Http404
    return FileResponse(
        picture.open(), content_type="image/webp", headers={"Cache-Control": KEPT_FOR}
    )


class PictureField(forms.FileField):
    """A picture to be stored; cleaned to what `read` makes of it."""

    def __init__(self, **kwargs: Any):
        accept = {"accept": "image/png,image/jpeg,image/webp"}
        super().__init__(
            required=False,
            widget=forms.FileInput(attrs=accept),
            help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB."),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> ContentFile | None:
        upload = super().clean(data, None)
        try:
            return read(upload) if upload else None
        except BadPicture as error:
            raise forms.ValidationError(str(error)) from None


_TOO_LARGE = gettext_lazy("The picture has too many pixels; at most 4 million, 4,096 on a side.")


def _check(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadPicture(_TOO_LARGE)
    if getattr(image, "n_frames", 1) != 1:
        raise BadPicture(_("The picture moves; send one that stands still."))
