"""Hostile files: each is answered with the line and the reason, nothing is half done, and no answer is a failure of ours."""

import io
import unicodedata
import zipfile

import pytest
from django.urls import reverse
from hypothesis import event, given, settings
from hypothesis import strategies as st
from PIL import Image

from customers.imports import file
from customers.imports.file import AUTO, Reading
from customers.imports.lines import Line
from customers.models import Customer, CustomerLine
from stores import sheets
from stores.models import Batch, Upload
from stores.sheet_dialects import SheetError
from stores.sheet_lines import BadLine
from tests.changes import applied, chunks_of, ended
from tests.factories import make_customer, make_plain_store, make_store
from tests.import_pages import choose, form_of, preview_of, send, trouble
from tests.imported import held, people, sent, states, told
from tests.rolled_back import rolled_back
from tests.sheets import sheet, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
GOOD = "anna,5,10,yes\n"
HEADER = "Username,Credit,Discount %,News Subscriber\n"


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def plain():
    return make_plain_store("candles")


def refused_file(client, content: str | bytes) -> str:
    """What is said beside a file that is not taken; nothing of it stays."""
    response = send(client, content, source="allomancy")
    assert response.status_code == 200
    assert form_of(response).values()["source"] == "allomancy"
    assert not Upload.objects.exists()
    assert not Batch.objects.exists()
    return form_of(response).error("file")


def refused_plan(client, content: str | bytes, **changes: str) -> str:
    """What is said of a file that looked well at first; what was chosen stands there still."""
    response = choose(client, send(client, content)["Location"], mode="add", **changes)
    assert response.status_code == 200
    assert form_of(response).values()["mode"] == "add"
    assert not Batch.objects.exists()
    assert not CustomerLine.objects.exists()
    return trouble(response)


def problems(batch: Batch) -> list[tuple]:
    """Line, column and reason of each line that is not taken."""
    lines = told(batch, "state", "column", "reason")
    return [(line, *why) for line, state, *why in lines if state in ("refused", "conflict")]


# Not a file of lines


def test_an_empty_file(client):
    assert refused_file(client, b"") == "The file is empty."


def test_a_header_and_nothing_below(client):
    assert refused_file(client, HEADER) == "The file has a header line and no lines below it."


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" \r\n\t\r\n"])
def test_a_mark_and_nothing_else(client, mark):
    assert refused_file(client, mark) == (
        "The file is empty: there is nothing in it but white space or a mark."
    )


def test_lines_of_nothing_but_delimiters(client):
    assert refused_file(client, ",,,\n,,,\n") == "The file has no lines."


def test_a_zip(client):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("customers.csv", HEADER + GOOD)

    assert refused_file(client, written.getvalue()) == (
        "The file is a zip archive or a workbook (.xlsx, .ods), not a CSV file."
        " Save the sheet as CSV first."
    )


@pytest.mark.parametrize(("kind", "name"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("GIF", "GIF")])
def test_an_image(client, kind, name):
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, kind)

    assert refused_file(client, written.getvalue()) == (
        f"The file is a picture ({name}), not a CSV file. Save the sheet as CSV first."
    )


def test_a_bitmap_that_nothing_tells_by_its_beginning(client):
    written = io.BytesIO()
    Image.new("RGB", (64, 64)).save(written, "BMP")

    assert refused_file(client, written.getvalue()) == (
        "The file has NUL bytes: it is not a text file, or UTF-16 without a mark."
    )


# NUL and letters of another encoding


def test_nul_near_the_beginning(client):
    assert "The file has NUL bytes" in refused_file(client, HEADER + "an\0na,1,1,no\n")


def test_nul_far_behind(client):
    rows = "".join(f"c{n},1,1,no\n" for n in range(6_000))

    batch = ended(preview_of(client, HEADER + rows + "an\0na,1,1,no\n" + GOOD))

    assert problems(batch) == [(6002, "Username", "has a control character (U+0000)")]
    (line,) = CustomerLine.objects.filter(batch=batch, state="refused")
    assert line.cells == ["an\ufffdna", "1", "1", "no"]


def test_mixed_encodings(client):
    rows = (
        b"Ren\xe9,1,1,no\n" + "dora,1,1,no\nRenée,1,1,no\nfritz,1,1,no\n".encode() + b"\xff,2,,\n"
    )

    batch = preview_of(client, "Username,Credit,Discount %,Café\n".encode() + rows + GOOD.encode())

    reason = "has a character that is not in the encoding of the file"
    assert problems(batch) == [
        (2, "Username", reason),
        (
            4,
            "Username",
            "Enter a Second Life username such as jane.doe or janedoe: letters a to z, digits and"
            " one dot.",
        ),
        (6, "Username", reason),
    ]
    assert [
        line.cells for line in CustomerLine.objects.filter(state="refused").order_by("line")
    ] == [
        ["Ren\ufffd", "1", "1", "no"],
        ["Renée", "1", "1", "no"],
        ["\ufffd", "2", "", ""],
    ]
    shown = client.get(batch.get_absolute_url(), {"rows": "refused"})
    assert "“Ren\ufffd”" in shown.content.decode()
    assert len(people(applied(batch).store)) == 3


def test_what_was_lost_in_another_encoding_is_not_taken_for_a_name(plain):
    client = signed_in(plain)
    page = "/stores/candles/customers/import/"

    batch = preview_of(client, "Username\nRen\ufffd\nRenée\n", page=page)

    assert problems(batch) == [(2, "Username", "has a character that was lost in another encoding")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le", "utf-16-be"]
)
def test_each_encoding(plain, encoding):
    client = signed_in(plain)
    data = "Username;Note\nRené Zoë;für dich\nBob;\n".encode(encoding)
    mark = "" if encoding[-3:] in ("-le", "-be") else None
    how = {"encoding": "utf-16"} if mark == "" else {}
    page = "/stores/candles/customers/import/"

    if how:
        assert "UTF-16 without a mark" in form_of(send(client, data, page=page)).error("file")
        return
    applied(preview_of(client, data, page=page, **how))

    assert {name: one["note"] for name, one in people(plain).items()} == {
        "René Zoë": "für dich",
        "Bob": "",
    }


# Widths


def test_200_columns(client):
    header = "Username," + ",".join(f"x{n}" for n in range(199))

    batch = preview_of(client, f"{header}\nanna{',1' * 199}\n")

    assert (states(batch), len(batch.asked["fields"])) == (["new"], 200)


def test_more_than_200_columns(client):
    header = "Username," + ",".join(f"x{n}" for n in range(200))

    assert refused_file(client, f"{header}\nanna{',1' * 200}\n") == (
        "The file has more than 200 columns: is the delimiter right?"
    )


def test_ragged_lines(client, store):
    batch = preview_of(client, f"{HEADER}{GOOD}bert\ncarla,1,2,no,more\ndora,1,2,no,,\negon,1,,\n")

    assert problems(batch) == [
        (3, "", "the line has 1 cells, the header has 4"),
        (4, "", "the line has 5 cells, the header has 4"),
    ]
    assert sorted(people(applied(batch).store)) == ["anna", "dora", "egon"]


def test_a_field_of_10_mb(client):
    good = HEADER.replace("Username", "Note,Username") + "n,anna,1,,\n"
    long = "x" * 10_000_000

    assert refused_file(client, f"{good}{long},bert,1,,\n") == (
        "The record that begins on line 3 is far too long; is a quote not closed?"
    )


def test_a_field_of_5_kb(client):
    batch = preview_of(client, f"Username,Note\nanna,{'x' * 5000}\nbert,y\n")

    assert problems(batch) == [(2, "Note", "is longer than 4,096 characters")]


def test_a_note_that_is_too_long(client):
    batch = preview_of(client, f"Username,Note\nanna,{'x' * 2001}\nbert,{'y' * 2000}\n")

    assert problems(batch) == [(2, "Note", "is longer than 2,000 characters")]
    assert states(batch) == ["refused", "new"]


# Quotes


def test_quoted_line_breaks(client, store):
    batch = preview_of(
        client, 'Username,Note\r\nanna,"one\r\ntwo\n\nthree"\r\nbert,"a ""b"""\r\nx y z,\r\n'
    )

    assert problems(batch)[0][:2] == (7, "Username")
    applied(batch)
    assert {name: one["note"] for name, one in people(store).items()} == {
        "anna": "one\ntwo\n\nthree",
        "bert": 'a "b"',
    }


def test_text_after_a_closing_quote(client):
    batch = preview_of(client, f'{HEADER}"anna"x,1,2,no\nbert,1,,\n')

    assert problems(batch) == [
        (2, "", "has text after a closing quote; a quote inside a cell is written twice")
    ]
    assert states(batch) == ["refused", "new"]


def test_a_file_that_is_cut_off_in_a_quote_near_the_beginning(client):
    assert refused_file(client, f'{HEADER}{GOOD}"bert,1,2,no\ncarla,1,2,no\n') == (
        "A quote is opened on line 3 and never closed."
    )


def test_a_file_that_is_cut_off_in_a_quote_far_behind(client, store):
    make_customer(store, "anna")
    before = held(store)
    rows = "".join(f"c{n},1,1,no\n" for n in range(300))

    assert refused_plan(client, f'{HEADER}{GOOD}{rows}"bert,1,2,no\ncarla,1,2,no\n') == (
        "A quote is opened on line 303 and never closed."
    )
    assert held(store) == before


def test_a_long_file_that_is_cut_off_in_a_quote_ends_its_plan(client, store, monkeypatch):
    """The worker reads it: nobody can apply what it found until then."""
    chunks_of(monkeypatch, 2)
    rows = "".join(f"c{n},1,1,no\n" for n in range(6_000))

    batch = ended(preview_of(client, f'{HEADER}{rows}"bert,1,2,no\n'))

    assert (batch.state, batch.is_planned) == ("failed", False)
    assert batch.failure == "A quote is opened on line 6002 and never closed. Nothing was changed."
    page = client.get(batch.get_absolute_url()).content.decode()
    assert batch.failure in page
    assert "Import" not in page.partition("sheet-foot")[2].partition("</main>")[0]
    client.post(f"{batch.get_absolute_url()}apply/")
    batch.refresh_from_db()
    assert (batch.state, Customer.objects.count()) == ("failed", 0)


# Cells


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1e3", "is written with an exponent; write all its digits"),
        ("5.5", "is not a whole number"),
        ("-50", "would be below zero"),
        (str(2**63), "is larger than an amount can be"),
        (str(2**63 - 1), "is larger than an amount can be"),
        (str(10**12 + 1), "is larger than an amount can be"),
        ("٣٤", "has digits other than 0 to 9"),
        ("=HYPERLINK(1)", "is not a number"),
        ("NaN", "is not a number"),
        ("0x10", "is not a number"),
    ],
)
def test_amounts_that_are_refused(client, cell, reason):
    batch = preview_of(client, f"Username,Credit\nanna,{cell}\nbert,5\n")

    assert problems(batch) == [(2, "Credit", reason)]
    assert states(batch) == ["refused", "new"]
    shown = client.get(batch.get_absolute_url(), {"rows": "refused"}).content.decode()
    assert f"“{cell}”" in shown


@pytest.mark.parametrize(
    ("cell", "amount"), [('"1,000"', 1000), ("L$1000", 1000), ("1000000000000", 10**12), ("", 0)]
)
def test_amounts_that_are_taken(client, store, cell, amount):
    applied(preview_of(client, f"Username,Credit\nanna,{cell}\n"))

    assert people(store)["anna"]["balances"] == (amount, 0)


def test_minus_50_is_added_to_who_has_as_much(client, store):
    make_customer(store, "anna", credit=60)
    make_customer(store, "bert", credit=40)

    batch = preview_of(client, "Username,Credit\nanna,-50\nbert,-50\ncarla,-50\n", mode="add")

    assert problems(batch) == [
        (3, "Credit", "would be below zero"),
        (4, "Credit", "would be below zero"),
    ]
    applied(batch)
    assert people(store)["anna"]["balances"] == (10, 0)


def test_formulas_are_text(plain):
    client = signed_in(plain)
    formula = '=HYPERLINK("http://evil.example","x")'
    quoted = formula.replace('"', '""')
    page = "/stores/candles/customers/import/"

    batch = preview_of(client, f'Username,Note\n"{quoted}","{quoted}"\n+1,-1\n@x,\t=1\n', page=page)
    applied(batch)

    assert {name: one["note"] for name, one in people(plain).items()} == {
        formula: formula,
        "+1": "-1",
        "@x": "=1",
    }
    out = sheet(client, reverse("batches:rows", args=["candles", batch.pk]), {"rows": "new"})
    assert [row[2] for row in out[1:]] == [f"'{formula}", "'+1", "'@x"]


def test_names_from_right_to_left(plain, client):
    names = ["שרה לוי", "محمد", "\u202eanna\u202c", "Ａｎｎａ"]
    text = "Username\n" + "\n".join(names) + "\n"

    applied(preview_of(signed_in(plain), text, page="/stores/candles/customers/import/"))
    batch = preview_of(client, text)

    assert sorted(people(plain)) == sorted(["שרה לוי", "محمد", "\u202eanna\u202c", "Anna"])
    assert states(batch) == ["refused", "refused", "refused", "new"]
    assert problems(batch)[0][1:] == (
        "Username",
        "Enter a Second Life username such as jane.doe or janedoe: letters a to z, digits and one"
        " dot.",
    )
    page = client.get(batch.get_absolute_url(), {"rows": "refused"}).content.decode()
    assert '<span dir="auto">“שרה לוי”</span>' in page


def test_headers_that_are_too_long_or_no_text(client):
    assert refused_file(client, f"Username,{'x' * 121}\nanna,1\n") == (
        "A header on line 1 is longer than 120 characters."
    )
    assert refused_file(client, "Username,\x08\nanna,1\n") == (
        "A header on line 1 has a control character (U+0008)."
    )


def test_a_name_of_a_file_that_is_a_path_or_markup(client):
    for name in (
        "../../etc/passwd",
        "<script>alert(1)</script>.csv",
        "x" * 400 + ".csv",
        "שרה.csv",
    ):
        response = send(client, HEADER + GOOD, name=name)
        page = client.get(response["Location"]).content.decode()
        assert "<script>alert" not in page
        upload = Upload.objects.latest("pk")
        assert upload.file.name.startswith("uploads/")
        assert upload.file.name.count("/") == 1
        assert len(upload.name) <= 40


# Anything at all


def all_lines(data: bytes, reading: Reading) -> list[Line | BadLine]:
    """A file recognised and read to its end, as it is imported."""

    def source() -> io.BytesIO:
        return io.BytesIO(data)

    sheet = file.recognise(source, reading)
    fields = tuple(column.field for column in sheet.columns)
    decimal = reading.decimal
    if decimal == AUTO:
        decimal = file.decimal_of(source, sheet, fields, digits=2)
    records = file.lines(
        source,
        dialect=sheet.dialect,
        has_header=sheet.has_header,
        names=sheet.names,
        fields=fields,
        digits=2,
        decimal=decimal,
    )
    read = list(records)
    places = [row.line for row, _ in read]
    assert places == sorted(set(places))
    assert all(line.line == row.line for row, line in read)
    return [line for _, line in read]


def survives(data: bytes, reading: Reading) -> None:
    """Whatever a file holds, it is read, or refused with a sentence."""
    try:
        read = all_lines(data, reading)
    except SheetError as refused:
        said = str(refused)
        assert said.isprintable()
        assert said.endswith((".", "?"))
        return
    for line in read:
        if isinstance(line, BadLine):
            assert line.reason
            assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in line.value)
        else:
            assert line.name or line.uuid
            assert line.note is None or "\0" not in line.note
            (line.note or "").encode()
            line.name.encode()


READINGS = st.builds(
    Reading,
    source=st.sampled_from([AUTO, "e2v", "caspervend", "allomancy"]),
    encoding=st.sampled_from([AUTO, AUTO, "utf-8", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([AUTO, AUTO, ",", ";", "\\t", "|"]),
    header=st.sampled_from([AUTO, "yes", "no"]),
    decimal=st.sampled_from([AUTO, "point", "comma"]),
)
CELLS = st.one_of(
    st.sampled_from(
        "anna|Jane Doe|11111111-2222-4333-8444-555555555555|1,000|L$1000|1e3|5.5|-50|yes|no|x|5 %|"
        "=HYPERLINK(1)|'=1|\u202eanna|a@example.org|9223372036854775808|٣|".split("|")
    ),
    st.text(max_size=12),
)
KNOWN = (
    "Username|UUID|E-mail|Note|Credit|Restricted Credit|Discount %|News Subscriber|Group Member|"
    "Spent|Customer Credit|Gift Card Credits|Balance|Keywords".split("|")
)
HEADERS = st.lists(st.one_of(st.sampled_from(KNOWN), st.text(max_size=12)), min_size=1, max_size=8)
# Nothing in them contradicts itself.
PLAUSIBLE = st.lists(st.sampled_from(KNOWN[1:10]), max_size=6, unique=True).map(
    lambda names: ["Username", *names]
)


@st.composite
def written(draw, headers=HEADERS) -> bytes:
    """A file that is well written, in some way, and then damaged in a few places."""
    header = draw(headers)
    width = len(header)
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))
    delimiter, quote = draw(st.sampled_from(",;\t|")), draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))

    def cell(text: str) -> str:
        needed = quote or any(sign in text for sign in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if needed else text

    text = end.join(delimiter.join(map(cell, row)) for row in [header, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    data = bytearray(text.encode(encoding, "replace"))
    for place, byte in draw(
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4)
    ):
        if data:
            data[place % len(data)] = byte
    cut = draw(st.integers(0, 60))
    return bytes(data[: len(data) - cut] if cut < 10 else data)


@given(st.binary(max_size=300), READINGS)
@settings(max_examples=400)
def test_any_bytes_are_read_or_refused_with_a_sentence(data, reading):
    survives(data, reading)


@given(written(), READINGS)
@settings(max_examples=500)
def test_any_file_that_was_damaged_is_read_or_refused_with_a_sentence(data, reading):
    survives(data, reading)


STATES = ("new", "changed", "same", "skipped", "conflict", "refused")


@given(written(PLAUSIBLE))
@settings(max_examples=40)
def test_any_file_goes_through_the_pages(data):
    """From the file to the undo: nothing that it holds is a failure of ours."""
    with rolled_back():
        client = signed_in(make_store("lamps"))
        sent_to = send(client, data)
        if sent_to.status_code == 302:
            chosen = choose(client, sent_to["Location"])
            if chosen.status_code == 302:
                event("planned")
                batch = Batch.objects.get()
                assert sum(batch.counts.get(state, 0) for state in STATES) == batch.planned
                for rows in STATES:
                    assert client.get(batch.get_absolute_url(), {"rows": rows}).status_code == 200
                    sheet(client, reverse("batches:rows", args=["lamps", batch.pk]), {"rows": rows})
                for deed in ("apply", "undo"):
                    done = client.post(reverse(f"batches:{deed}", args=["lamps", batch.pk]))
                    assert done.status_code == 302
                assert [one.state for one in Batch.objects.all()] == ["done", "done"]


def test_a_sheet_of_a_million_letters_in_one_line_is_not_read_at_once(monkeypatch):
    """Lines that never end are cut off at their limit, wherever they stand."""
    data = b"Username\n" + b"x" * (sheets.RECORD_LIMIT + 1)

    with pytest.raises(SheetError, match="far too long"):
        all_lines(data, Reading())


def test_a_file_that_was_sent_is_kept_under_a_name_of_ours(store):
    upload = sent(store, HEADER, "../evil.csv")

    assert upload.file.name.startswith("uploads/")
    assert upload.file.name.endswith(".csv")
