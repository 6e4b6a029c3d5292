"""Lines of sales files: sales, returns, bad and nameless ones, and their import keys."""

from uuid import UUID

import pytest

from sales.reader import BadLine, Nameless
from tests.sales.files import KEY, only, opened

NEGATIVE = "is negative; a return has a negative quantity"
LARGE = "is larger than an amount can be"
EXPONENT = "is written with an exponent; write all its digits"
TOO_LONG = "is longer than 4,096 characters"
QUOTED = "has text after a closing quote; a quote inside a cell is written twice"


@pytest.mark.parametrize(
    ("cells", "quantity", "amount"),
    [
        ("Jane,2020-01-01,3,4.50", 3, 450),
        ("Jane,2020-01-01,3,0", 3, 0),
        ("Jane,2020-01-01,-3,-4.50", -3, -450),
        ("Jane,2020-01-01,3,-4.50", -3, -450),
        ("Jane,2020-01-01,-3,4.50", -3, -450),
        ("Jane,2020-01-01,-3,0", -3, 0),
    ],
)
def test_signs_of_quantity_and_amount(cells, quantity, amount):
    sale = only(cells)

    assert (sale.quantity, sale.amount) == (quantity, amount)


def test_without_a_quantity_it_is_one_and_a_negative_amount_is_a_return_of_one():
    sale = only("Jane,2020-01-01,-4.50", "customer,date,amount")

    assert (sale.quantity, sale.amount) == (-1, -450)


def test_the_amount_wins_over_the_price_which_is_not_even_read():
    sale = only("Jane,2020-01-01,3,4.50,junk", "customer,date,quantity,amount,price")

    assert sale.amount == 450


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ("Jane,2020-01-01,0,4.50", "quantity", "0", "is 0"),
        ("Jane,2020-01-01,,4.50", "quantity", "", "is empty"),
        ("Jane,2020-01-01,1.5,4.50", "quantity", "1.5", "is not a whole number"),
        ("Jane,2020-01-01,1000001,4.50", "quantity", "1000001", "is larger than 1,000,000"),
        ("Jane,2020-01-01,1,-4.50", "price", "-4.50", NEGATIVE),
        ("Jane,2020-01-01,-1,-4.50", "price", "-4.50", NEGATIVE),
        ("Jane,2020-01-01,2,9999999999", "price", "9999999999", f"times 2 {LARGE}"),
        (f"Jane,2020-01-01,1,{2**63}", "price", str(2**63), LARGE),
        ("Jane,2020-01-01,1,1e3", "price", "1e3", EXPONENT),
        ("Jane,2026-03-12,1,4.50", "date", "2026-03-12", "is later than tomorrow"),
        ("Jane,,1,4.50", "date", "", "is empty"),
        ("J\x01ne,2020-01-01,1,4.50", "customer", "J\ufffdne", "has a control character (U+0001)"),
        ("\x01,2020-01-01,1,4.50", "customer", "\ufffd", "has a control character (U+0001)"),
        ("J" * 65 + ",2020-01-01,1,4", "customer", "J" * 39 + "…", "is longer than 64 characters"),
        ("Jane,2020-01-01,1", "", "Jane", "the line has 3 cells, the header has 4"),
        ("Jane,2020-01-01,1,4,50", "", "Jane", "the line has 5 cells, the header has 4"),
        ("Jane,2020-01-01,1," + "4" * 4097, "price", "4" * 39 + "…", TOO_LONG),
        ('"Ja"ne,2020-01-01,1,4', "", "", QUOTED),
    ],
)  # fmt: skip
def test_bad_lines_say_where_and_why(cells, column, value, reason):
    bad = only(cells, "customer,date,quantity,price")

    assert bad == BadLine(3, column, value, reason)


def test_empty_cells_beyond_the_header_do_no_harm():
    assert only("Jane,2020-01-01,1,4.50,, ").amount == 450


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "سمير", "Jane 🎈", "00042"])
def test_names_are_kept_as_written(name):
    assert only(f"{name},2020-01-01,1,4.50").customer == name


def test_a_customer_known_by_uuid_only():
    sale = only(f"{KEY},2020-01-01,4.50", "uuid,date,amount")

    assert (sale.customer, sale.uuid) == ("", UUID(KEY))


def test_a_line_without_customer_is_nameless_whatever_else_it_holds():
    null = "00000000-0000-0000-0000-000000000000"

    assert only(f" ,{null},soon,0,x", "customer,uuid,date,quantity,amount") == Nameless(3)
    assert only(",soon,4.50", "uuid,date,amount") == Nameless(3)


def test_a_malformed_uuid_is_bad_with_or_without_a_name():
    for name in ("", "Jane"):
        bad = only(f"{name},{KEY[:-1]},2020-01-01,4.50", "customer,uuid,date,amount")

        assert bad == BadLine(3, "uuid", KEY[:-1], "is not a uuid")


def test_equal_lines_have_keys_of_their_own_and_the_same_ones_next_time():
    line = "Jane,2020-01-01,1.50\n"
    short, longer = (
        opened("customer,date,price\n" + line * 2),
        opened("customer,date,price\n" + line * 2 + "Bob,2020-01-01,1.50\n" + line),
    )

    keys = [sale.key for sale in short]
    later = [sale.key for sale in longer]

    assert len(set(later)) == 4
    assert later[:2] == keys == [sale.key for sale in short]
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in later)


def test_the_key_does_not_change_with_how_a_line_is_written():
    one = opened("customer,date,price\nJane  Doe,2020-01-31,1.50\n")
    other = opened("Date;Price;Customer\n31.1.2020 12:00;£1,5; Jane Doe\n")

    assert next(iter(one)).key == next(iter(other)).key
