"""What is wrong with a line of a sheet, named so that its owner can mend it."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from stores.cells import excerpt
from stores.sheets import Row

# What no database keeps in JSON: NUL, and bytes that the file's encoding does not know.
NOT_KEPT = re.compile(r"[\x00\ud800-\udfff]")


class BadLine(NamedTuple):
    """A line that cannot be read: the header of the column ('' for the line as a whole) and why."""

    line: int
    column: str
    value: str
    reason: str


def misfit(row: Row, headers: tuple[str, ...]) -> BadLine | None:
    """What is wrong with a row as a whole, if anything; empty cells at its end do not count."""
    there, expected = len(row.cells), len(headers)
    if row.fault:
        longest = max(range(there), key=lambda place: len(row.cells[place]), default=expected)
        header = headers[longest] if longest < expected else ""
        value = row.cells[longest] if longest < there else ""
        return BadLine(row.line, header, excerpt(value), row.fault)
    if there == expected or (there > expected and not any(map(str.strip, row.cells[expected:]))):
        return None
    reason = _("the line has %(there)s cells, the header has %(expected)s")
    said = reason % {"there": there, "expected": expected}
    return BadLine(row.line, "", excerpt(row.cells[0]), said)
