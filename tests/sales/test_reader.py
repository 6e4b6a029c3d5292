"""Sales files from the first byte to the last line."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sales import reader
from sales.reader import BadLine, Nameless, SaleLine, SheetError, open_sales
from tests.sales.files import KEY, only, opened

RETAIL = (
    "\ufeffInvoiceNo;StockCode;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country\r\n"
    "536365;85123A;WHITE HANGING  HEART ;6;1/12/2010 08:26;2,55;17850;United Kingdom\r\n"
    '536477;22041;"RECORD FRAME 7"" SINGLE";48;1/12/2010 12:27;2,1;16210;United Kingdom\r\n'
    "C536379;D;Discount;-1;1/12/2010 09:41;27,5;14527;United Kingdom\r\n"
    "536544;21773;DECORATIVE ROSE;1;1/12/2010 14:32;2,51;;United Kingdom\r\n"
    "536589;21777;;-10;1/12/2010 16:50;0;;United Kingdom\r\n"
).encode()


def test_a_file_of_cents_and_compact_dates_by_a_mapping():
    data = (
        "customer_id,date,number_of_cds,dollar_value\n00001,19970101,1,11.77\n00002,19970112,5,0\n"
    )

    sales = opened(
        data,
        mapping="customer=customer_id,date=date,amount=dollar_value,quantity=number_of_cds",
        zone=ZoneInfo("America/Los_Angeles"),
    )
    lines = list(sales)

    first, second = (datetime(1997, 1, day, 20, tzinfo=UTC) for day in (1, 12))
    assert [line[:10] for line in lines] == [
        (2, "00001", None, first, first.date(), "", 1, 1177, "", ""),
        (3, "00002", None, second, second.date(), "", 5, 0, "", ""),
    ]
    assert (sales.decimal, sales.day_first) == ("point", None)
    assert sales.mapping["amount"] == "dollar_value"


def test_a_european_file_recognised_by_itself():
    sales = opened(RETAIL)
    lines = list(sales)

    assert [type(line) for line in lines] == [SaleLine] * 3 + [Nameless] * 2
    assert lines[0][:10] == (
        2, "17850", None, datetime(2010, 12, 1, 8, 26, tzinfo=UTC), date(2010, 12, 1),
        "WHITE HANGING HEART", 6, 1530, "536365", "",
    )  # fmt: skip
    assert lines[1].product == 'RECORD FRAME 7" SINGLE'
    assert (lines[2].quantity, lines[2].amount, lines[2].receipt) == (-1, -2750, "C536379")
    assert lines[3:] == [Nameless(5), Nameless(6)]
    assert sales.headers[0] == "InvoiceNo"
    assert (sales.dialect.encoding, sales.dialect.delimiter) == ("utf-8-sig", ";")
    assert (sales.decimal, sales.day_first) == ("comma", True)
    assert sales.notes == (
        "The file is read as UTF-8, semicolon between the cells.",
        "Columns: customer from 'CustomerID', date from 'InvoiceDate', product from 'Description',"
        " quantity from 'Quantity', price from 'UnitPrice', receipt from 'InvoiceNo'.",
        "Not read: StockCode, Country.",
        "Decimal comma, as in 2,55 on line 2.",
        "Dates such as 1/12/2010 08:26 on line 2 are read with the day first, as is usual with a"
        " decimal comma; no date of the file says otherwise.",
    )


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_the_same_file_in_another_encoding_gives_the_same_sales(encoding):
    recoded = RETAIL.decode("utf-8-sig").replace("ROSE", "ROSÉ").encode(encoding)

    assert list(opened(recoded)) == list(opened(RETAIL))


def test_options_win_over_what_would_be_recognised():
    data = b'customer,date,price\nJane,2/1/2020,"1,500"\nJane,13/1/2020,1\n'

    sales = opened(data, decimal="point", dates="month-first", encoding="cp1252", delimiter=",")

    first, second = sales
    assert (first.day, first.amount, sales.day_first) == (date(2020, 2, 1), 150000, False)
    reason = "is not a day or time that exists (read month-first)"
    assert second == BadLine(3, "date", "13/1/2020", reason)


def test_only_dates_with_the_year_first_where_that_is_asked_for():
    first, second = opened("customer,date,price\nA,1/2/2020,1\nA,2020-02-01,1\n", dates="iso")

    assert first.column == "date"
    assert second.day == date(2020, 2, 1)


@pytest.mark.parametrize("option", [{"decimal": "dot"}, {"dates": "year-first"}])
def test_an_unknown_option_is_refused(option):
    with pytest.raises(SheetError, match="is one of auto"):
        opened(RETAIL, **option)


def test_dates_are_told_by_a_line_far_below_the_sample(monkeypatch):
    monkeypatch.setattr(reader, "SAMPLE_LINES", 3)
    data = "customer,date,price\n" + "A,1/2/2020,1.50\n" * 10 + "A,1/13/2020,1.50\n"

    assert opened(data).day_first is False


def test_dates_that_nothing_tells_are_asked_for():
    with pytest.raises(SheetError, match="option dates"):
        opened("customer,date,price\nA,1/2/2020,1.50\n")


def test_a_byte_of_another_encoding_is_told_with_its_line():
    data = "customer,date,price\nRené,2020-01-01,1\n".encode() + b"Ren\xe9,2020-01-01,1\n"

    assert list(opened(data))[1] == BadLine(
        3, "customer", "Ren\ufffd", "has a character that is not in the encoding of the file"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "nothing in it"),
        (b"customer,date,price\n\n", "a header line and no lines below it"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x89PNG\r\n", "a picture"),
        (b"customer,date,price\nJane,2020-01-01,\x00\n", "NUL"),
        (b'customer,date,price\nJane,"2020-01-01,1\n', "opened on line 2 and never closed"),
        (b"customer,date,price\nJane,2020-01-01," + b"1" * 10_000_000, "line 2 is far too long"),
        (b"Jane,2020-01-01,1\nBob,2020-01-01,1\n", "no column for customer or uuid"),
        (b'customer,date,price\nJane,2020-01-01,"1,000"\n', "option decimal"),
        (b'customer,date,price\nA,2020-01-01,1.5\nB,2020-01-01,"1,5"\n', "Line 2 has 1.5,"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, message):
    with pytest.raises(SheetError, match=message):
        opened(data)


def test_a_quote_left_open_below_the_sample_is_told_while_reading(monkeypatch):
    monkeypatch.setattr(reader, "SAMPLE_LINES", 3)
    lines = iter(opened("customer,date,price\n" + "A,2020-01-01,1.50\n" * 5 + '"A,2020-01-01,1\n'))

    assert [next(lines).line for _ in range(5)] == [2, 3, 4, 5, 6]
    with pytest.raises(SheetError, match="line 7"):
        next(lines)


def test_a_path_is_read_too_and_a_missing_one_is_told(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_bytes(RETAIL)
    options = {"digits": 2, "zone": ZoneInfo("Europe/London"), "today": date(2026, 3, 10)}

    assert list(open_sales(path, **options)) == list(opened(RETAIL))
    with pytest.raises(SheetError, match="cannot be opened: No such file"):
        open_sales(str(tmp_path / "none.csv"), **options)


def test_two_hundred_columns_are_read():
    more = ",".join(f"c{n}" for n in range(197))

    assert only("Jane,2020-01-01,1.5" + ",x" * 197, f"customer,date,amount,{more}").amount == 150


CELLS = st.sampled_from(
    ["", " ", "Jane", KEY, "2020-01-01", "13/1/2020", "1/13/2020", "1.1.2020", "1", "-2", "0",
     "1,5", "1.5", "1,000", "L$1000", "1e3", "2\u06f3", "\udce9", "\x01",
     '"', "a\nb", "9" * 30, "9" * 5000]
)  # fmt: skip


@given(
    st.lists(st.lists(CELLS | st.text(max_size=8), min_size=3, max_size=6), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
@example([["Jane", "2020-01-01", "1", "1.5"]], ",", False, "utf-8")
def test_no_table_raises_anything_else_and_no_line_is_lost(table, delimiter, quoted, encoding):
    rows = [["customer", "date", "quantity", "amount"], *table]
    if quoted:
        rows = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    data = "\n".join(delimiter.join(row) for row in rows).encode(encoding, "replace")
    options = {"encoding": encoding, "decimal": "point", "dates": "day-first"}

    kinds: Counter[type] = Counter()
    try:
        kinds.update(type(line) for line in opened(data, **options))
    except SheetError:
        return

    assert kinds.keys() <= {SaleLine, BadLine, Nameless}
    if quoted:
        written = ["".join(row).encode(encoding, "replace").decode(encoding) for row in table]
        assert kinds.total() == len([row for row in written if row.strip()])


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_raise_anything_else(data, headed):
    with suppress(SheetError):
        list(opened(b"customer,date,amount\n" * headed + data))
