"""Numbers in cells: strict digits, both decimal signs, integers only."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores import numbers
from stores.cells import CellError
from stores.numbers import DecimalClues
from stores.sheet_dialects import SheetError


@pytest.mark.parametrize(
    ("cell", "decimal", "digits", "units"),
    [
        ("11.77", "point", 2, 1177),
        (" 2,5 ", "comma", 2, 250),
        ("0", "point", 2, 0),
        ("-0.00", "point", 2, 0),
        (".5", "point", 2, 50),
        ("007", "none", 0, 7),
        ("1,000", "point", 0, 1000),
        ("1,000.50", "point", 2, 100050),
        ("1.000,50", "comma", 2, 100050),
        ("1,234,567", "point", 0, 1234567),
        ("2.500000", "point", 2, 250),
        ("5.00", "point", 0, 5),
        ("-50", "none", 0, -50),
        ("\u221250", "none", 0, -50),
        ("L$1000", "none", 0, 1000),
        ("L$ 1,000", "point", 0, 1000),
        ("-£5.10", "point", 2, -510),
        ("$-5.10", "point", 2, -510),
        ("5,10\u00a0€", "comma", 2, 510),
        ("1.234", "point", 3, 1234),
        ("10000000000.00", "point", 2, 10**12),
    ],
)
def test_amounts_that_are_read(cell, decimal, digits, units):
    assert numbers.amount(cell, digits=digits, decimal=decimal) == units


@pytest.mark.parametrize(
    ("cell", "decimal", "digits", "reason"),
    [
        ("", "point", 2, "is empty"),
        ("   ", "point", 2, "is empty"),
        ("x", "point", 2, "is not a number"),
        ("1_0", "point", 2, "is not a number"),
        ("0x10", "point", 2, "is not a number"),
        ("nan", "point", 2, "is not a number"),
        ("+5", "point", 2, "is not a number"),
        ("--5", "point", 2, "is not a number"),
        ("-$-5", "point", 2, "is not a number"),
        ("5 %", "point", 2, "is not a number"),
        ("1e3", "point", 2, "is written with an exponent; write all its digits"),
        ("\u0663\u0664", "point", 2, "has digits other than 0 to 9"),
        ("\uff11\uff12", "point", 2, "has digits other than 0 to 9"),
        ("1.005", "point", 2, "has more than 2 decimals"),
        ("5.5", "point", 0, "is not a whole number"),
        ("5.5", "none", 0, "is not a whole number"),
        ("5.", "point", 2, "is not a number with a decimal point"),
        (".", "point", 2, "is not a number"),
        ("2,55", "point", 2, "is not a number with a decimal point"),
        ("1,0000", "point", 2, "is not a number with a decimal point"),
        ("0,123", "point", 2, "is not a number with a decimal point"),
        ("1.00", "comma", 2, "is not a number with a decimal comma"),
        ("10000000000.01", "point", 2, "is larger than an amount can be"),
        (str(2**63), "none", 0, "is larger than an amount can be"),
        ("9" * 4096, "none", 0, "is too long for a number"),
    ],
)
def test_amounts_that_are_refused(cell, decimal, digits, reason):
    with pytest.raises(CellError) as refused:
        numbers.amount(cell, digits=digits, decimal=decimal)

    assert refused.value.reason == reason


def test_a_separator_is_not_guessed_at_where_no_decimal_sign_is_known():
    with pytest.raises(CellError, match="the file does not show which is decimal"):
        numbers.amount("1,000", digits=2, decimal="none")


def test_whole_numbers():
    assert numbers.whole("-1,000", limit=1000, decimal="point") == -1000
    assert numbers.whole("6.0", limit=10, decimal="point") == 6


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("5.5", "is not a whole number"), ("1001", "is larger than 1,000"), ("$5", "is not a number")],
)
def test_whole_numbers_that_are_refused(cell, reason):
    with pytest.raises(CellError) as refused:
        numbers.whole(cell, limit=1000, decimal="point")

    assert refused.value.reason.startswith(reason)


def settled(*cells: str, digits: int = 2) -> str:
    clues = DecimalClues(digits)
    for line, cell in enumerate(cells, 2):
        clues.look(line, cell)
    return clues.settle()[0]


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["5", "2.55"], "point"),
        (["5", "2,5"], "comma"),
        (["1,000", "2.55"], "point"),
        (["1.000", "2,55"], "comma"),
        (["1,000.5"], "point"),
        (["1.000.000"], "comma"),
        (["0.500"], "point"),
        (["5", "-7", "x", ""], "none"),
    ],
)
def test_the_decimal_sign_is_recognised(cells, decimal):
    assert settled(*cells) == decimal


def test_a_currency_without_decimals_makes_a_separator_of_thousands():
    assert settled("1,000", digits=0) == "point"
    assert settled("1,234", "500", digits=0) == "point"
    assert settled("1.234", "500", digits=0) == "comma"


@pytest.mark.parametrize(("cell", "digits"), [("1,000", 2), ("1.234", 2)])
def test_what_can_be_read_in_two_ways_is_asked_for(cell, digits):
    with pytest.raises(SheetError, match=f"{cell} on line 3 can be read .* option decimal"):
        settled("5", cell, digits=digits)


def test_contradicting_amounts_name_both_lines():
    with pytest.raises(SheetError, match=r"Line 2 has 1\.5, .* line 3 has 1,5,"):
        settled("1.5", "1,5")


@given(st.integers(-(10**12), 10**12), st.integers(0, 3), st.sampled_from(["point", "comma"]))
def test_what_is_written_out_comes_back(units, digits, decimal):
    whole, fraction = divmod(abs(units), 10**digits)
    text = f"{whole:,}" + (f".{fraction:0{digits}}" if digits else "")
    if decimal == "comma":
        text = text.translate({ord(","): ".", ord("."): ","})

    assert numbers.amount("-" * (units < 0) + text, digits=digits, decimal=decimal) == units


@given(st.text(max_size=80), st.integers(0, 3), st.sampled_from(["point", "comma", "none"]))
def test_no_text_raises_anything_else(cell, digits, decimal):
    with suppress(CellError):
        assert abs(numbers.amount(cell, digits=digits, decimal=decimal)) <= 10**12
