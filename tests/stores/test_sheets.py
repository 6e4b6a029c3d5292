"""Sheets: encodings, delimiters, records with their line numbers, headers."""

import io
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores import sheet_dialects, sheets
from stores.sheet_dialects import Dialect, SheetError
from stores.sheets import Row

COMMA = Dialect("utf-8-sig", ",")


def read(data: bytes, dialect: Dialect = COMMA) -> list[Row]:
    return list(sheets.read(io.BytesIO(data), dialect))


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("name;paid\nRené;1".encode(), "utf-8-sig"),
        ("\ufeffname;paid\n".encode(), "utf-8-sig"),
        ("name;paid\nRené;1".encode("utf-16"), "utf-16"),
        ("\ufeffname;paid\nRené;1".encode("utf-16-be"), "utf-16"),
        ("name;paid\nRené;1".encode("cp1252"), "cp1252"),
        ("name;paid\nRené;€".encode()[:-1], "utf-8-sig"),
    ],
)
def test_the_encoding_is_recognised(head, encoding):
    assert sheet_dialects.recognise(head) == Dialect(encoding, ";")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(delimiter):
    head = f'name{delimiter}paid\n"a, b; c\t|\n, ; d"{delimiter}1\ne{delimiter}2\n'.encode()

    assert sheet_dialects.recognise(head).delimiter == delimiter


def test_decimal_commas_do_not_make_a_comma_the_delimiter():
    head = b"name;price;paid\nA;2,55;1,00\nB;1,25;3,10\n"

    assert sheet_dialects.recognise(head).delimiter == ";"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("é é".encode() + b"\xe9", "utf-8-sig"),
        ("é".encode() + b"\xe9", "utf-8-sig"),
        ("é".encode() + b"\xe9 \xe9", "cp1252"),
    ],
)
def test_of_mixed_encodings_the_one_with_most_letters_is_taken(data, encoding):
    assert sheet_dialects.recognise(b"a,b\n" + data + b",1\n").encoding == encoding


def test_what_is_given_is_not_looked_for():
    head = "a;b|c\nß;1|2\n".encode()

    assert sheet_dialects.recognise(head, encoding="Windows-1252", delimiter="pipe") == Dialect(
        "cp1252", "|"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_where_it_is_said(encoding):
    data = "name;paid\nRené;1".encode(encoding)

    dialect = sheet_dialects.recognise(data, encoding="utf-16")

    assert dialect == Dialect(encoding, ";")
    assert str(dialect) == "UTF-16, semicolon between the cells"
    assert read(data, dialect) == [Row(1, ["name", "paid"]), Row(2, ["René", "1"])]


def test_what_is_no_utf_16_is_refused():
    with pytest.raises(SheetError, match="The file is not UTF-16 text"):
        sheet_dialects.recognise(b"a,b\n1,2\n", encoding="utf-16")


@pytest.mark.parametrize("options", [{"encoding": "klingon"}, {"delimiter": "x"}])
def test_an_unknown_option_is_refused(options):
    with pytest.raises(SheetError, match="is not known; there are"):
        sheet_dialects.recognise(b"a,b\n", **options)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "nothing in it"),
        (b"\xff\xfe", "nothing in it"),
        (b" \r\n\r\n", "nothing in it"),
        (b"a,b\n1,\x002\n", "NUL"),
        ("a,b\n".encode("utf-16-le"), "NUL"),
        (b"PK\x03\x04\x14\x00", "a zip archive or a workbook"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"GIF89a", "a picture"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old workbook"),
        (b"\x1f\x8b\x08", "a compressed file"),
    ],
)
def test_what_is_no_csv_is_named(head, message):
    with pytest.raises(SheetError, match=message):
        sheet_dialects.recognise(head)


def test_one_late_letter_tells_the_encoding():
    data = b"name,paid\n" + b"Bob,1\n" * 40_000 + "René,2\n".encode("cp1252")

    head = sheet_dialects.head(io.BytesIO(data))

    assert sheet_dialects.recognise(head) == Dialect("cp1252", ",")
    assert len(head) < len(data)


def test_rows_carry_the_line_on_which_they_begin():
    data = b'a,b\r\n"two\r\nlines",1\r\n\r\n,\r\n ,\r\nx,"say ""hi"""\ry, "z,z"'

    assert read(data) == [
        Row(1, ["a", "b"]),
        Row(2, ["two\r\nlines", "1"]),
        Row(7, ["x", 'say "hi"']),
        Row(8, ["y", "z,z"]),
    ]


def test_a_mark_does_not_become_part_of_the_first_header():
    assert read("\ufeffa,b".encode()) == [Row(1, ["a", "b"])]
    assert read("\ufeffa,b".encode("utf-16-be"), Dialect("utf-16", ",")) == [Row(1, ["a", "b"])]


def test_the_stream_is_left_open():
    stream = io.BytesIO(b"a,b\n1,2\n")

    list(sheets.read(stream, COMMA))

    assert not stream.closed


def test_a_quote_that_is_never_closed_is_told_with_its_line():
    rows = sheets.read(io.BytesIO(b'a,b\n1,2\n3,"4\n5,6\n'), COMMA)

    assert list(itertools.islice(rows, 2)) == [Row(1, ["a", "b"]), Row(2, ["1", "2"])]
    with pytest.raises(SheetError, match="opened on line 3 and never closed"):
        next(rows)


def test_a_quote_that_is_closed_far_below_in_a_cell_is_told_with_both_lines():
    with pytest.raises(SheetError, match="opened on line 2 and closed within a cell on line 4"):
        read(b'a,b\n1,"2\n3,4\n5,"6"\n')


def test_a_stray_quote_within_one_line_spoils_that_line_only():
    rows = read(b'a,b\n"7" frame",1\nc,2\n')

    assert [(row.line, row.cells) for row in rows] == [(1, ["a", "b"]), (2, []), (3, ["c", "2"])]
    assert rows[1].fault.startswith("has text after a closing quote")


def test_a_cell_of_exactly_the_limit_is_read():
    assert read(b"a," + b"x" * 4096) == [Row(1, ["a", "x" * 4096])]


def test_a_longer_cell_spoils_its_line():
    rows = read(b"a," + b"x" * 4097 + b"\nb,2\n")

    assert rows[0].fault == "is longer than 4,096 characters"
    assert rows[1] == Row(2, ["b", "2"])


def test_a_longer_cell_over_several_lines_ends_the_file():
    with pytest.raises(SheetError, match="from line 2 to line 2001"):
        read(b'a,b\n1,"' + b"x,y\n" * 1999 + b'"\n')


@pytest.mark.parametrize("start", [b"a,b\n1,", b'a,b\n1,"', b'a,b\n1,"x\n'])
def test_ten_megabytes_in_a_cell_end_the_file(start):
    with pytest.raises(SheetError, match="line 2 is far too long"):
        read(start + b"x" * 10_000_000)


def test_two_hundred_columns_are_read():
    assert len(read(b",".join([b"x"] * 200))[0].cells) == 200


def test_a_byte_of_another_encoding_spoils_its_cell_only():
    data = "René,1\n".encode() + "René,2\n".encode("cp1252")

    assert read(data) == [Row(1, ["René", "1"]), Row(2, ["Ren\udce9", "2"])]


def test_utf_16_that_is_cut_off_ends_the_file():
    with pytest.raises(SheetError, match="not UTF-16 text"):
        read("a,b\n1,2\n".encode("utf-16")[:-1], Dialect("utf-16", ","))


def test_headers_are_found_whatever_their_case_and_spaces():
    headers = sheets.headers_of(Row(1, [" Customer  Name ", "Paid", ""]))

    assert headers == ["Customer Name", "Paid", ""]
    assert sheets.column(headers, "customer name ") == 0
    assert sheets.column(headers, "PAID") == 1


def test_an_unknown_column_names_the_ones_there_are():
    with pytest.raises(SheetError, match=r"no column 'Sum'\. The file has: Name, Paid\."):
        sheets.column(["Name", "Paid"], "Sum")


def test_a_column_that_is_there_twice_is_refused():
    with pytest.raises(SheetError, match=r"'paid' is there more than once \(columns 2 and 3\)"):
        sheets.column(["Name", "Paid", "paid"], "paid")


def test_very_many_headers_are_cut_off():
    assert sheets.listed([str(n) for n in range(200)]).endswith("28, 29 and 170 more")


@pytest.mark.parametrize(
    "row", [Row(1, [], "is broken"), Row(1, ["a\udce9"]), Row(1, ["a\x01"]), Row(1, ["a" * 121])]
)
def test_a_header_that_is_no_text_is_refused(row):
    with pytest.raises(SheetError, match="line 1"):
        sheets.headers_of(row)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4),
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_what_is_quoted_comes_back_as_it_was(table, delimiter, encoding):
    lines = [
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in table
    ]

    rows = read("".join(lines).encode(encoding), Dialect(encoding, delimiter))

    assert [row.cells for row in rows] == [row for row in table if "".join(row).strip()]
    starts = [1]
    for line in lines:
        breaks = line.replace("\r\n", "\n").replace("\r", "\n").count("\n")
        starts.append(starts[-1] + breaks)
    assert [row.line for row in rows] == [
        start for start, row in zip(starts, table, strict=False) if "".join(row).strip()
    ]


@given(st.binary(max_size=200), st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]))
def test_no_bytes_raise_anything_else(data, encoding):
    with suppress(SheetError):
        read(data, sheet_dialects.recognise(data))
    with suppress(SheetError):
        read(data, Dialect(encoding, ","))
