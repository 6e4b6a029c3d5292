"""How a CSV file is written: its encoding and its delimiter, told by its first bytes."""

import codecs
import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.cells import excerpt

HEAD_BYTES = 64 * 1024
_LOOKED_AT = 100

_MAGIC = (
    (b"PK\x03\x04", gettext_lazy("a zip archive or a workbook (.xlsx, .ods)")),
    (b"PK\x05\x06", gettext_lazy("an empty zip archive")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old workbook (.xls)")),
    (b"\x1f\x8b", gettext_lazy("a compressed file (.gz)")),
    (b"%PDF-", gettext_lazy("a PDF")),
    (b"\x89PNG", gettext_lazy("a picture (PNG)")),
    (b"\xff\xd8\xff", gettext_lazy("a picture (JPEG)")),
    (b"GIF8", gettext_lazy("a picture (GIF)")),
)
_ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "cp1252": "cp1252",
}
ENCODING_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_DELIMITERS_CALLED = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("pipe"),
}


class SheetError(Exception):
    """The file as a whole cannot be read; the message is a sentence for its owner."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written: encoding (utf-8-sig, utf-16, cp1252; utf-16-le or -be where it has no
    mark) and delimiter.
    """

    encoding: str
    delimiter: str

    def __str__(self) -> str:
        return _("%(encoding)s, %(delimiter)s between the cells") % {
            "encoding": ENCODING_NAMES[self.encoding],
            "delimiter": _DELIMITERS_CALLED[self.delimiter],
        }


def head(stream: BinaryIO) -> bytes:
    """What `recognise` needs of a file.

    The first 64 kB, and where they are plain ASCII also the first later piece that is not: a
    single é on line 9,000 tells the encoding as well as one on line 2.
    """
    first = stream.read(HEAD_BYTES)
    piece = first
    while piece and piece.isascii():
        piece = stream.read(HEAD_BYTES)
    return first if piece is first else first + piece


def recognise(head: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Dialect:
    """Encoding and delimiter of a file from its first bytes; what is given is not looked for."""
    if not head:
        raise SheetError(_("The file is empty."))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise SheetError(
                _("The file is %(kind)s, not a CSV file. Save the sheet as CSV first.")
                % {"kind": kind}
            )
    chosen = _given_encoding(encoding) if encoding else _find_encoding(head)
    if chosen == "utf-16":
        chosen = _order_of_bytes(head)
    elif b"\0" in head:
        raise SheetError(
            _("The file has NUL bytes: it is not a text file, or UTF-16 without a mark.")
        )
    start = _decode(head[:HEAD_BYTES], chosen)
    if not start.strip():
        raise SheetError(_("The file is empty: there is nothing in it but white space or a mark."))
    return Dialect(chosen, _given_delimiter(delimiter) if delimiter else _find_delimiter(start))


def _given_encoding(name: str) -> str:
    try:
        return _ENCODINGS[codecs.lookup(name).name]
    except (LookupError, ValueError):
        raise SheetError(
            _("The encoding '%(name)s' is not known; there are utf-8, utf-16 and cp1252.")
            % {"name": excerpt(name)}
        ) from None


def _order_of_bytes(head: bytes) -> str:
    """UTF-16 without a mark: delimiters and line ends show on which side the zeros are."""
    if head.startswith(_UTF_16_MARKS):
        return "utf-16"
    first, second = head[::2].count(0), head[1::2].count(0)
    if first == second:
        raise SheetError(_("The file is not UTF-16 text."))
    return "utf-16-be" if first > second else "utf-16-le"


def _find_encoding(head: bytes) -> str:
    if head.startswith(_UTF_16_MARKS):
        return "utf-16"
    # Not final: the last character may be cut off where the head ends.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    decoded = decoder.decode(head, final=False)
    wrong = sum("\udc80" <= letter <= "\udcff" for letter in decoded)
    right = sum(letter > "\x7f" for letter in decoded) - wrong
    # Letters of Windows-1252 hardly ever look like UTF-8. Where both are there, the file is mixed:
    # better to refuse a few lines than to read wrong letters in all the others.
    return "cp1252" if wrong > right else "utf-8-sig"


def _decode(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=False)


def _given_delimiter(wanted: str) -> str:
    for sign, name in _DELIMITERS.items():
        if wanted in (sign, name) or (sign == "\t" and wanted == "\\t"):
            return sign
    known = ", ".join(_DELIMITERS.values())
    raise SheetError(
        _("The delimiter '%(wanted)s' is not known; there are %(known)s.")
        % {"wanted": excerpt(wanted), "known": known}
    )


def _find_delimiter(start: str) -> str:
    """The delimiter that cuts the header in two or more, and most lines into as many cells."""
    scores = {sign: _fit(start, sign) for sign in _DELIMITERS}
    return max(scores, key=lambda sign: scores[sign])


def _fit(start: str, delimiter: str) -> tuple[float, int]:
    lines = io.StringIO(start, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    widths = []
    for cells in reader:
        if cells:
            widths.append(len(cells))
        if len(widths) == _LOOKED_AT:
            break
    if not widths or widths[0] == 1:
        return 0, 0
    return widths.count(widths[0]) / len(widths), widths[0]
