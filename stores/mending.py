"""Lines that were not taken, as they are written out to be mended and sent again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.csv_out import original
from stores.sheet_lines import NOT_KEPT

# In front of the columns, so that a line with too few or too many cells does not shift them.
MENDING = ["Line", "Problem"]


def advice(counts: Mapping[str, int], states: Sequence[TextChoices]) -> list[str]:
    """What to do about lines in these states, where there are any."""
    found = [state for state in states if counts.get(state)]
    if not found:
        return []
    lines = sum(counts[state] for state in found)
    where = _(" and ").join(str(state.label).capitalize() for state in found)
    text = ngettext(
        "%(number)s line is not taken. Download it under %(where)s, mend it, and send that file.",
        "%(number)s lines are not taken. Download them under %(where)s, mend them, and send that"
        " file.",
        lines,
    )
    return [text % {"number": f"{lines:,}", "where": where}]


def kept_cells(cells: Sequence[str]) -> list[str]:
    """Cells as a database can keep them."""
    return [NOT_KEPT.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells]


def header(asked: dict[str, Any], names: dict[str, str]) -> list[str]:
    """The header of the file; where it has none, one that is read as its columns were: `names` are
    those of fields.
    """
    written: list[str] = asked["names"]
    if not asked["has_header"]:
        pairs = zip(asked["fields"], written, strict=True)
        written = [names.get(field, name) for field, name in pairs]
    return [*MENDING, *mended(asked, written)]


def line(asked: dict[str, Any], row: Any) -> list[Any]:
    """A line that was not taken as it came, behind what is wrong."""
    problem = f"{row.column}: {row.reason}" if row.column else row.reason
    return [row.line, problem, *mended(asked, row.cells)]


def mended(asked: dict[str, Any], cells: Sequence[str]) -> list[str]:
    """Cells as they are written out again: without what stood in front of lines that were to be
    mended once before.
    """
    before = len(MENDING) if asked["names"][: len(MENDING)] == MENDING else 0
    return [original(cell) for cell in cells[before:]]


def value_of(asked: dict[str, Any], row: Any) -> str:
    """The cell that is at fault, whole."""
    if not row.cells or not row.column:
        return ""
    return dict(zip(asked["names"], row.cells, strict=False)).get(row.column, "")
