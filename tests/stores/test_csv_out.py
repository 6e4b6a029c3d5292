"""CSV for spreadsheets: text is never run, numbers stay numbers."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores import csv_out
from stores.money import currency

RUN = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
    "'=1",
    "''=1",
]
NOT_RUN = ["", "Jane", "jane.doe", "1", "a=1", "'Jane", "'", "Ωmega", "12-5", "L$5"]


def read(header, rows):
    text = "".join(csv_out.lines(header, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("text", RUN)
def test_text_that_would_run_stands_behind_an_apostrophe(text):
    assert csv_out.neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", NOT_RUN)
def test_other_text_is_as_it_was(text):
    assert csv_out.neutral(text) == text


@given(st.text(), st.text())
def test_neutral_text_tells_what_it_was(one, other):
    assert (csv_out.neutral(one) == csv_out.neutral(other)) is (one == other)


@given(st.text())
def test_no_neutral_text_begins_a_formula(text):
    assert csv_out.neutral(text)[:1] not in {*"=+-@\t\r\n"}


def test_numbers_and_days_are_not_touched():
    rows = [[-5, Decimal("-12.50"), dt.date(2026, 6, 1), "-5", "=1"]]

    assert read(["a", "b", "c", "d", "e"], rows) == [
        ["a", "b", "c", "d", "e"],
        ["-5", "-12.50", "2026-06-01", "'-5", "'=1"],
    ]


def test_quotes_commas_and_line_breaks_stay_in_their_cell():
    rows = [['say "a, b"\nand c', "x"]]

    assert read(["a", "b"], rows)[1:] == rows


@pytest.mark.parametrize(
    ("code", "amount", "written"),
    [
        ("L$", -1250, "-1250"),
        ("L$", 10**12, "1000000000000"),
        ("L$", 0, "0"),
        ("USD", -1250, "-12.50"),
        ("USD", 5, "0.05"),
        ("USD", 0, "0.00"),
        ("KWD", 1, "0.001"),
    ],
)
def test_amounts_are_numbers_in_their_currency(code, amount, written):
    assert read(["a"], [[currency(code).number(amount)]]) == [["a"], [written]]


def test_lines_are_written_while_they_are_read():
    def rows():
        yield ["1"]
        raise RuntimeError("read further than asked for")

    lines = csv_out.lines(["a"], rows())

    assert [next(lines), next(lines)] == ["\ufeffa\r\n", "1\r\n"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("statement-jane.doe", "statement-jane.doe"),
        ('a"; b\r\nc/../d', "a-b-c-..-d"),
        ("Ωmega", "mega"),
        ("...", "file"),
    ],
)
def test_the_name_of_the_file_is_plain(name, plain):
    answer = csv_out.answer(name, ["a"], [])

    assert answer["Content-Disposition"] == f'attachment; filename="{plain}.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
