"""Cells as text and as uuids."""

from uuid import UUID

import pytest

from stores import cells
from stores.cells import CellError

KEY = "8dcd4a48-2d37-4909-9f78-f7a9eb4ef903"


def test_text_is_trimmed_and_its_white_space_collapsed():
    assert cells.text("  Jane \u00a0\t Doe\r\n", 8) == "Jane Doe"
    assert cells.text("00042", 8) == "00042"
    assert cells.text("\n", 8) == ""


@pytest.mark.parametrize("name", ["\u05d2\u05d9\u05df", "سمير", "=HYPERLINK(1)", "田中", "Zoë 🎈"])
def test_text_of_any_script_is_kept(name):
    assert cells.text(name, 64) == name


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("a\0b", "has a control character (U+0000)"),
        ("a\x1fb", "has a control character (U+001F)"),
        ("a\x7f", "has a control character (U+007F)"),
        ("a\udce9", "has a character that is not in the encoding of the file"),
        ("x" * 9, "is longer than 8 characters"),
    ],
)
def test_what_is_no_text_is_refused(cell, reason):
    with pytest.raises(CellError) as refused:
        cells.text(cell, 8)

    assert refused.value.reason == reason


def test_uuids():
    assert cells.uuid(f" {KEY.upper()} ") == UUID(KEY)
    assert cells.uuid("") is None
    assert cells.uuid("00000000-0000-0000-0000-000000000000") is None


@pytest.mark.parametrize("cell", ["x", KEY[:-1], KEY.replace("-", ""), "{" + KEY + "}", KEY + "0"])
def test_malformed_uuids_are_refused(cell):
    with pytest.raises(CellError, match="is not a uuid"):
        cells.uuid(cell)


def test_an_excerpt_is_short_and_safe_to_print():
    assert cells.excerpt(" a\x1b[31m\udce9\n ") == "a\ufffd[31m\ufffd"
    assert cells.excerpt("x" * 40) == "x" * 40
    assert cells.excerpt("x" * 41) == "x" * 39 + "…"
