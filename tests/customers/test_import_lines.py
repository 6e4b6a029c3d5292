"""One line of a customer file: what its cells say, and why they cannot be read."""

import uuid

import pytest
from django.core.validators import validate_email
from hypothesis import given, strategies

from customers.imports.lines import EMAIL_LIMIT, ORDINARY_EMAIL, Line, LineReader
from stores.sheet_lines import BadLine
from stores.sheets import Row

U1 = uuid.UUID("11111111-2222-4333-8444-555555555555")
FIELDS = (
    "username",
    "uuid",
    "email",
    "note",
    "credit",
    "gift_card_credits",
    "restricted",
    "discount",
    "subscriber",
    "group_member",
)
NOT_WHOLE = "is not a whole number from 0 to 100"


def read(*, digits: int = 0, decimal: str = "point", fault: str = "", **cells: str):
    """A line with a cell for each field that is named, under a header of its name in capitals."""
    fields = tuple(cells)
    names = tuple(field.upper() for field in fields)
    reader = LineReader(names, fields, digits=digits, decimal=decimal)
    return reader.read(Row(7, list(cells.values()), fault))


def said(field: str, cell: str, **reading):
    """What one field of somebody is read as."""
    line = read(username="anna", **{field: cell}, **reading)
    assert isinstance(line, Line), line
    return getattr(line, "credit" if field == "gift_card_credits" else field)


def wrong(field: str, cell: str, **reading) -> str:
    """Why a cell cannot be read; its line, column and value are told too."""
    cells = {"username": "anna", field: cell}
    bad = read(**cells, **reading)
    assert isinstance(bad, BadLine), bad
    assert (bad.line, bad.column) == (7, field.upper())
    assert bad.value == cell.strip()[: len(bad.value)] or "…" in bad.value or "\ufffd" in bad.value
    return bad.reason


def test_a_whole_line():
    line = read(
        username="Jane Doe",
        uuid=f" {str(U1).upper()} ",
        email=" jane@example.org",
        note="one\r\ntwo ",
        credit="L$1,000",
        gift_card_credits="50",
        restricted="7",
        discount="5 %",
        subscriber="TRUE",
        group_member="no",
    )

    assert line == Line(
        line=7,
        name="Jane Doe",
        uuid=U1,
        email="jane@example.org",
        note="one\ntwo",
        credit=1050,
        restricted=7,
        discount=5,
        subscriber=True,
        group_member=False,
    )


def test_an_empty_cell_and_an_absent_column_say_nothing():
    blank = read(username="anna", **dict.fromkeys(FIELDS[1:], "  "))

    assert blank == read(username="anna") == Line(line=7, name="anna", uuid=None)


def test_an_ignored_column_is_not_read():
    reader = LineReader(("Who", "What"), ("username", ""), digits=0, decimal="none")

    assert reader.read(Row(2, ["anna", "\0\x08"])) == Line(2, "anna", None)


# Who it is


@pytest.mark.parametrize("cell", ["", "00000000-0000-0000-0000-000000000000"])
def test_a_line_of_nobody(cell):
    assert read(username=" ", uuid=cell, credit="5") == BadLine(
        7, "", "", "the line does not say who it is"
    )


def test_a_uuid_alone_is_somebody():
    assert read(uuid=str(U1)) == Line(7, "", U1)


@pytest.mark.parametrize("cell", [str(U1)[:-1], f"{{{U1}}}", U1.hex, "anna", "１" + str(U1)[1:]])
def test_what_is_no_uuid(cell):
    assert wrong("uuid", cell) == "is not a uuid"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("x" * 65, "is longer than 64 characters"),
        ("an\0na", "has a control character (U+0000)"),
        ("an\x1bna", "has a control character (U+001B)"),
        ("Ann\udce9", "has a character that is not in the encoding of the file"),
        ("Ann\ufffd", "has a character that was lost in another encoding"),
    ],
)
def test_names_that_cannot_be_read(cell, reason):
    bad = read(username=cell)

    assert (bad.line, bad.column, bad.reason) == (7, "USERNAME", reason)
    assert bad.value.isprintable()


def test_names_from_right_to_left_and_with_line_breaks_are_one_line():
    assert read(username="שרה  לוי").name == "שרה לוי"
    assert read(username="Jane\nDoe").name == "Jane Doe"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("'=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("''=1", "'=1"),
        ("'anna", "'anna"),
        ("'-anna", "-anna"),
    ],
)
def test_the_apostrophe_of_an_export_is_taken_off_again(cell, name):
    assert read(username=cell).name == name
    assert said("note", cell) == name


# Text


@pytest.mark.parametrize("cell", ["jane", "jane@", "@example.org", "jane@example.org,x"])
def test_what_is_no_address(cell):
    assert wrong("email", cell) == "is not an e-mail address"


@given(
    strategies.from_regex(ORDINARY_EMAIL, fullmatch=True).filter(
        lambda address: len(address) <= EMAIL_LIMIT
    )
)
def test_an_ordinary_address_is_one_for_everybody_else_too(address):
    validate_email(address)


def test_an_address_that_looks_like_a_formula():
    assert said("email", "'+jane@example.org") == "+jane@example.org"


def test_a_note_of_several_lines():
    assert said("note", " a\r\nb\rc\n\nd\n ") == "a\nb\nc\n\nd"
    assert said("note", "x" * 2_000) == "x" * 2_000
    assert wrong("note", "x" * 2_001) == "is longer than 2,000 characters"
    assert wrong("note", "a\x08b") == "has a control character (U+0008)"


# Amounts


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("0", 0),
        ("1000", 1000),
        ("1,000", 1000),
        ("L$1000", 1000),
        ("L$ 1,000", 1000),
        (" 1000 L$", 1000),
        ("-50", -50),
        ("'-50", -50),
        ("5.0", 5),
        ("1000000000000", 10**12),
    ],
)
@pytest.mark.parametrize("field", ["credit", "gift_card_credits", "restricted"])
def test_amounts(field, cell, amount):
    assert said(field, cell) == amount


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1e3", "is written with an exponent; write all its digits"),
        ("5.5", "is not a whole number"),
        ("٣٤", "has digits other than 0 to 9"),
        ("１２", "has digits other than 0 to 9"),
        (str(2**63), "is larger than an amount can be"),
        (str(10**12 + 1), "is larger than an amount can be"),
        ("9" * 65, "is too long for a number"),
        ("10,00", "is not a number with a decimal point"),
        ("=HYPERLINK(1)", "is not a number"),
        ("ten", "is not a number"),
        ("--5", "is not a number"),
        ("1 000", "is not a number"),
    ],
)
@pytest.mark.parametrize("field", ["credit", "gift_card_credits", "restricted"])
def test_amounts_that_cannot_be_read(field, cell, reason):
    assert wrong(field, cell) == reason


def test_amounts_of_a_currency_with_decimals():
    assert said("credit", "1,234.50", digits=2) == 123450
    assert said("credit", "1.234,5", digits=2, decimal="comma") == 123450
    assert said("credit", "0.004", digits=3) == 4
    assert wrong("credit", "1.005", digits=2) == "has more than 2 decimals"


def test_without_a_decimal_sign_a_separator_is_not_guessed_at():
    assert wrong("credit", "1,000", digits=2, decimal="none") == (
        "has a point or comma, and the file does not show which is decimal; say which"
    )


@pytest.mark.parametrize(
    ("credit", "cards", "becomes"),
    [("5", "7", 12), ("", "7", 7), ("5", "", 5), ("", "", None), ("-5", "7", 2), ("0", "0", 0)],
)
def test_credit_and_gift_card_credits_add_up(credit, cards, becomes):
    assert read(username="anna", gift_card_credits=cards, credit=credit).credit == becomes


# Per cent and flags


@pytest.mark.parametrize(
    ("cell", "percent"), [("0", 0), ("5", 5), ("5%", 5), (" 5 % ", 5), ("100", 100)]
)
def test_discounts(cell, percent):
    assert said("discount", cell) == percent


@pytest.mark.parametrize("cell", ["101", "-1", "5.5", "1e1", "٣", "five", "%", "1000", "L$5"])
def test_discounts_that_cannot_be_read(cell):
    assert wrong("discount", cell) == NOT_WHOLE


@pytest.mark.parametrize("cell", ["true", "1", "yes", "YES", " True "])
def test_yes(cell):
    line = read(username="anna", subscriber=cell, group_member=cell)
    assert (line.subscriber, line.group_member, line.unclear) == (True, True, False)


@pytest.mark.parametrize("cell", ["false", "0", "no", "No"])
def test_no(cell):
    line = read(username="anna", subscriber=cell, group_member=cell)
    assert (line.subscriber, line.group_member, line.unclear) == (False, False, False)


@pytest.mark.parametrize("cell", ["y", "x", "ja", "2", "✓"])
def test_a_subscriber_that_is_neither_counts_as_no_and_is_told(cell):
    line = read(username="anna", subscriber=cell)
    assert (line.subscriber, line.unclear) == (False, True)


def test_a_group_member_that_is_neither_is_refused():
    assert wrong("group_member", "x") == "is neither yes nor no"


# The line as a whole


@pytest.mark.parametrize(
    ("cells", "bad"),
    [
        (["anna"], BadLine(3, "", "anna", "the line has 1 cells, the header has 2")),
        (
            ["anna", "5", "6"],
            BadLine(3, "", "anna", "the line has 3 cells, the header has 2"),
        ),
        (["anna", "5", " ", ""], Line(3, "anna", None, credit=5)),
    ],
)
def test_ragged_lines(cells, bad):
    reader = LineReader(("Name", "Credit"), ("username", "credit"), digits=0, decimal="none")

    assert reader.read(Row(3, cells)) == bad


def test_a_line_that_is_faulty_as_a_record():
    reader = LineReader(("Name", "Note"), ("username", "note"), digits=0, decimal="none")
    long = Row(3, ["anna", "x" * 5000], "is longer than 4,096 characters")

    assert reader.read(long) == BadLine(
        3, "Note", "x" * 39 + "…", "is longer than 4,096 characters"
    )
    assert reader.read(Row(4, [], "has text after a closing quote")) == BadLine(
        4, "", "", "has text after a closing quote"
    )


def test_the_first_cell_that_is_wrong_is_told():
    bad = read(username="anna", credit="x", discount="x")

    assert bad == BadLine(7, "CREDIT", "x", "is not a number")
