"""One cell of a sheet read as text or as a uuid, or the reason why it cannot be."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

# Tabs and line breaks are white space inside a quoted cell; other control characters are not text.
# A lone surrogate is a byte that the file's encoding does not know (see sheets.read).
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

EXCERPT = 40


class CellError(ValueError):
    """A cell that cannot be read; `reason` is what one says after naming the cell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text(cell: str, limit: int) -> str:
    """The cell trimmed, with inner white space collapsed; at most `limit` characters, maybe ''."""
    if not cell.isprintable():
        _refuse_what_is_not_text(cell)
    clean = " ".join(cell.split())
    if len(clean) > limit:
        raise CellError(_("is longer than %(limit)s characters") % {"limit": limit})
    return clean


def plain_lines(text: str) -> str:
    """Text of several lines maybe, each ended alike, without the white space around it."""
    return "\n".join(text.strip().splitlines())


def lines(cell: str, limit: int) -> str:
    """The cell as written, of several lines maybe, without the white space around it."""
    clean = plain_lines(cell)
    _refuse_what_is_not_text(clean)
    if len(clean) > limit:
        raise CellError(_("is longer than %(limit)s characters") % {"limit": f"{limit:,}"})
    return clean


def uuid(cell: str) -> UUID | None:
    """The uuid; None for an empty cell and for the null uuid, which stands for 'unknown'."""
    clean = cell.strip()
    if not clean:
        return None
    if not _UUID.fullmatch(clean):
        raise CellError(_("is not a uuid"))
    found = UUID(clean)
    return found if found.int else None


def excerpt(cell: str) -> str:
    """As much of the cell as fits in a report, safe to print and to store."""
    start = cell.strip()[: EXCERPT + 1]
    if len(start) > EXCERPT:
        start = start[: EXCERPT - 1] + "…"
    return _NOT_SHOWN.sub("\ufffd", start)


def _refuse_what_is_not_text(cell: str) -> None:
    found = _NOT_TEXT.search(cell)
    if not found:
        return
    if found[0] >= "\ud800":
        raise CellError(_("has a character that is not in the encoding of the file"))
    code = f"U+{ord(found[0]):04X}"
    raise CellError(_("has a control character (%(code)s)") % {"code": code})
