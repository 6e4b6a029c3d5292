"""What Second Life shows of a resident: their page names a picture, another service has it."""

from html.parser import HTMLParser
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile

from stores import outgoing, pictures
from stores.outgoing import Purpose, Reply

NOT_FOUND, TOO_MANY, SERVER_ERROR = 404, 429, 500
NO_IMAGE = UUID(int=0)


class Unseen(Exception):
    """What was asked for is not to be had now; the text says why."""


class Away(Unseen):
    """The service does not answer, or wants to be left alone for a while."""


def image_of(resident: UUID) -> UUID | None:
    """The key of the picture of a resident; None where they have none. Raises Unseen."""
    reply = _get(f"{settings.RESIDENT_PAGES}{resident}", outgoing.RESIDENT)
    if reply.status == NOT_FOUND:
        return None
    page = _Page()
    page.feed(_body(reply).decode(errors="replace"))
    try:
        image = UUID(page.image)
    except ValueError:
        raise Unseen("the page names no picture") from None
    return None if image == NO_IMAGE else image


def picture_of(image: UUID) -> ContentFile:
    """The picture, made small as an upload is. Raises Unseen."""
    reply = _get(f"{settings.RESIDENT_PICTURES}{image}/256x192.jpg", outgoing.PICTURE)
    if reply.cut:
        raise Unseen("the picture is too large")
    try:
        return pictures.read(ContentFile(_body(reply)))
    except pictures.BadPicture as error:
        raise Unseen(str(error)) from None


def _get(address: str, purpose: Purpose) -> Reply:
    try:
        return outgoing.get(address, purpose=purpose)
    except outgoing.Unreachable as error:
        raise Away(str(error)) from None
    except outgoing.Refused as error:
        raise Unseen(str(error)) from None


def _body(reply: Reply) -> bytes:
    if reply.status == TOO_MANY or reply.status >= SERVER_ERROR:
        raise Away(f"status {reply.status}")
    if not reply.ok:
        raise Unseen(f"status {reply.status}")
    return reply.body


class _Page(HTMLParser):
    """Reads `<meta name="imageid" content="...">` of a page."""

    image = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and said.get("name") == "imageid" and not self.image:
            self.image = (said.get("content") or "").strip()

    handle_startendtag = handle_starttag
