"""The pages of an import: the file, its columns, the preview, the report; without scripts too."""

import csv
import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import profiles
from customers.models import CustomerLine
from stores import sheet_forms, uploads
from stores.models import Batch, Upload
from tests.changes import undone
from tests.doors.pages import read
from tests.factories import balances, make_customer, make_store
from tests.import_pages import (
    PAGE,
    TEXT,
    alerts,
    choose,
    columns_url,
    form_of,
    look_again,
    send,
    trouble,
)
from tests.imported import imported, people, sent, states
from tests.sheets import sheet, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    cache.clear()
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", credit=100)


# The file


def test_the_page_takes_a_file_and_says_what_kind(client):
    page = read(client.get(PAGE))

    form = page.one("form", class_="sheet", method="post")
    assert (form["enctype"], form["method"], form["action"]) == (
        "multipart/form-data",
        "post",
        PAGE,
    )
    assert form.one("input", type="file")["name"] == "file"
    assert [option["value"] for option in form.one("select", name="source").all("option")] == [
        "auto",
        "allomancy",
        "caspervend",
        "e2v",
    ]


def test_the_customers_page_leads_to_it_for_who_may(client, store, anna):
    def links(one):
        return [a["href"] for a in read(one.get("/stores/lamps/customers/")).all("a", href=PAGE)]

    assert links(client) == [PAGE]
    assert links(signed_in(store, "clerk")) == []


def test_a_file_leads_to_its_columns(client, store):
    response = send(client, source="caspervend")

    upload = Upload.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"{columns_url(upload)}?source=caspervend",
    )
    assert (upload.store, upload.name, upload.size) == (store, "people.csv", len(TEXT))
    assert upload.by == store.members.get().user
    with upload.file.open() as kept:
        assert kept.read().decode() == TEXT


def test_no_file_is_told_at_the_field(client):
    response = client.post(PAGE, {"source": "auto"})

    form = form_of(response)
    assert (response.status_code, form.error("file")) == (200, "Choose a file.")


def test_a_file_that_cannot_be_read_is_told_at_the_field_and_not_kept(client):
    response = send(client, b"\x89PNG\r\n\x1a\n", source="allomancy")

    form = form_of(response)
    assert form.error("file") == (
        "The file is a picture (PNG), not a CSV file. Save the sheet as CSV first."
    )
    assert form.values()["source"] == "allomancy"
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_told_at_the_field(client, monkeypatch):
    monkeypatch.setattr(sheet_forms, "MOST_BYTES", 10)

    assert "larger than 512 MB" in form_of(send(client)).error("file")
    assert not Upload.objects.exists()


def test_a_system_that_is_none_is_told_at_the_field(client):
    assert "not one of the available choices" in form_of(send(client, source="x")).error("source")


# Its columns


def test_the_columns_are_shown_with_what_they_are_read_as(client, store):
    page = read(client.get(send(client)["Location"]))

    rows = [
        (tr.one("th").text, tr.one("select")["name"], _chosen(tr), tr.all("td")[-1].text)
        for tr in page.one("table", class_="columns").one("tbody").all("tr")
    ]
    assert rows == [
        ("Username", "column_0", "username", "anna, carla, dora"),
        ("Colour", "column_1", "", "red, blue, green"),
        ("Credit", "column_2", "credit", "150, 5, 1e3"),
        ("Discount %", "column_3", "discount", "10, –, –"),
    ]
    assert "Read as UTF-8, comma between the cells, with a header line." in page.text
    assert alerts(page) == ["Ignored, since no field is known for them: “Colour”."]


def _chosen(node) -> str:
    return node.one("option", selected="")["value"]


def test_the_choice_is_the_owners(client, store, anna):
    response = choose(client, send(client)["Location"], column_2="restricted", column_3="")

    batch = Batch.objects.get()
    assert (response.status_code, response["Location"]) == (302, batch.get_absolute_url())
    assert batch.asked["fields"] == ["username", "", "restricted", ""]
    assert batch.asked["names"] == ["Username", "Colour", "Credit", "Discount %"]
    assert states(batch) == ["changed", "new", "refused"]
    assert batch.by == store.members.get(role="manager").user


def test_two_columns_for_one_field_are_refused_and_all_that_was_typed_is_kept(client, unchanged):
    url = send(client, "Display Name,Username,Credit\nx,anna,5\n")["Location"]
    flagged = alerts(read(client.get(url)))

    with unchanged():
        response = choose(client, url, mode="add", lifts_opt_out="on", column_2="", decimal="comma")

    assert flagged == [
        "“Display Name” and “Username” are read as one field, Username: choose one of them."
    ]
    form = form_of(response)
    assert "Two columns are read as Username: choose one of them." in trouble(response)
    values = form.values()
    assert (values["mode"], values["lifts_opt_out"], values["decimal"]) == ("add", "on", "comma")
    assert [values[f"column_{place}"] for place in range(3)] == ["username", "username", ""]


def test_a_file_that_names_nobody_is_refused(client, unchanged):
    url = send(client)["Location"]

    with unchanged():
        response = choose(client, url, column_0="")

    assert trouble(response) == "No column says who it is: choose one for Username or UUID."


@pytest.mark.parametrize(
    "field", ["mode", "column_0", "encoding", "delimiter", "header", "decimal"]
)
def test_a_choice_that_is_none_is_told(client, field, unchanged):
    url = send(client)["Location"]

    with unchanged():
        response = choose(client, url, **{field: "nonsense"})

    assert response.status_code == 200
    assert "not one of the available choices" in read(response).text


def test_looked_at_again_with_another_delimiter(client):
    url = send(client, "Username;Note\nanna;a,b\nbert;c,d\n")["Location"]
    first = form_of(client.get(url))

    again = form_of(look_again(client, url, delimiter=",", mode="add", lifts_opt_out="on"))

    assert [one["name"] for one in first.all("select") if "column" in one["name"]] == [
        "column_0",
        "column_1",
    ]
    names = [row.one("th").text for row in again.one("tbody").all("tr")]
    assert names == ["Username;Note"]
    values = again.values()
    assert (values["delimiter"], values["mode"], values["lifts_opt_out"]) == (",", "add", "on")
    assert not Batch.objects.exists()


def test_looked_at_again_without_a_header(client):
    url = send(client)["Location"]

    page = read(look_again(client, url, header="no"))

    names = [
        row.one("th").text for row in page.one("table", class_="columns").one("tbody").all("tr")
    ]
    assert names == ["Column 1", "Column 2", "Column 3", "Column 4"]
    assert "without a header line" in page.text


def test_looked_at_again_in_another_encoding(client):
    url = send(client, "Username,Note\nanna,caf\u00e9\n".encode("cp1252"))["Location"]

    def note(response):
        return read(response).one("table", class_="columns").all("td")[-1].text

    assert note(client.get(url)) == "café"
    assert note(look_again(client, url, encoding="utf-8")) == "caf\ufffd"
    wrong = look_again(client, url, encoding="utf-16")
    assert trouble(wrong) == "The file is not UTF-16 text."
    assert "open" in read(wrong).one("details", class_="reading")
    assert note(look_again(client, url, encoding="auto")) == "café"


def test_amounts_that_can_be_read_in_two_ways_are_asked_about(unchanged):
    store = make_store("lamps", currency="USD")
    client = signed_in(store)
    url = send(client, 'Username,Credit\nanna,"1,000"\n')["Location"]

    with unchanged():
        response = choose(client, url)

    assert trouble(response).startswith(
        "Amounts such as 1,000 on line 2 can be read with a decimal"
    )
    assert form_of(response).values()["column_1"] == "credit"
    choose(client, url, decimal="point")
    assert Batch.objects.get().counts["credit_after"] == 100_000


def test_a_file_of_e2v_needs_no_header(client, store):
    text = "anna,11111111-2222-4333-8444-555555555555,250\n"
    url = send(client, text, source="e2v")["Location"]

    choose(client, url)

    batch = Batch.objects.get()
    assert batch.asked["fields"] == ["username", "uuid", "credit"]
    assert batch.counts["credit_after"] == 250


def test_the_same_file_again_says_so(client, store, anna):
    def shown():
        return alerts(read(client.get(columns_url(sent(store, TEXT)))))[:-1]

    first = shown()
    batch = imported(store, TEXT)
    second = shown()
    other = alerts(read(client.get(columns_url(sent(store, TEXT + "egon,,1,\n")))))
    undone(batch)

    assert (first, shown(), len(other)) == ([], [], 1)
    assert second == [
        "This very file was imported 15 Jun 2026: Customers from people.csv. Imported again,"
        " what it sets is set already; what it adds would be added again."
    ]


def test_a_file_that_is_no_longer_kept_is_told(store, clock):
    upload = sent(store, TEXT)
    clock.shift(dt.timedelta(days=7, seconds=1))
    client = signed_in(store)
    with_fields = {"mode": "set", "column_0": "username"}

    assert uploads.sweep() == 1

    for response in (
        client.get(columns_url(upload)),
        client.post(columns_url(upload), with_fields),
    ):
        assert response.status_code == 200
        assert trouble(response) == "The file is no longer kept: send it again."


# Doors


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_not_is_refused(store, role, unchanged):
    client, upload = signed_in(store, role), sent(store, TEXT)

    with unchanged():
        answers = [
            client.get(PAGE),
            send(client),
            client.get(columns_url(upload)),
            client.post(columns_url(upload), {}),
        ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_strangers_and_files_of_other_stores_find_nothing(client, store, unchanged):
    stranger, foreign = signed_in(make_store("elsewhere")), sent(make_store(), TEXT)
    own = sent(store, TEXT)

    with unchanged():
        answers = [
            stranger.get(PAGE),
            stranger.get(columns_url(own)),
            client.get(columns_url(foreign)),
            client.post(columns_url(foreign), {}),
            client.get("/stores/lamps/customers/import/987654321/"),
        ]

    assert [answer.status_code for answer in answers] == [404] * 5


def test_looking_changes_nothing(client, store, anna, unchanged):
    batch = imported(store, TEXT)
    upload = Upload.objects.get()

    with unchanged():
        for url in (PAGE, columns_url(upload), f"{columns_url(upload)}?source=x"):
            assert client.get(url).status_code == 200
        for rows in ("", "new", "changed", "same", "conflict", "refused", "left_out", "nonsense"):
            assert client.get(batch.get_absolute_url(), {"rows": rows}).status_code == 200


# From the file to the report, without scripts


def test_from_the_file_to_the_undo(client, store, anna):
    url = choose(client, send(client)["Location"])["Location"]

    preview = read(client.get(url))
    figures = {
        node.one("dt").text: node.one("dd").text for node in preview.all("div", class_="figure")
    }
    assert figures == {
        "New": "1",
        "Changed": "1",
        "Refused": "1",
        "Credit": "L$100 → L$155",
    }
    assert preview.one("ul", class_="tabs").text == "New: 1 Changed: 1 Refused: 1"
    assert (
        "people.csv, UTF-8, comma between the cells" in preview.text
        and "Username from “Username”; Credit from “Credit”; Discount from “Discount %”"
        in preview.text
    )
    assert "1 line is not taken." in " ".join(alerts(preview))
    assert balances(anna) == (100, 0)

    changed = read(client.get(url, {"rows": "changed"}))
    assert changed.one("table", class_="lines").one("tbody").text == (
        "2 anna Discount 0 % → 10 % Credit L$100 → L$150"
    )
    refused = read(client.get(url, {"rows": "refused"}))
    assert refused.one("table", class_="lines").one("tbody").text == (
        "4 – dora green 1e3 “Credit”, “1e3”: is written with an exponent; write all its digits"
    )

    button = next(
        form for form in preview.all("form", method="post") if "/apply/" in form["action"]
    )
    assert button.text == "Import 2 customers"
    said = read(client.post(button["action"], button.values(), follow=True))
    assert "Customers from people.csv: 1 new, 1 changed." in said.text
    assert balances(anna) == (150, 0)
    assert people(store)["carla"]["balances"] == (5, 0)

    report = read(client.get(url))
    undo = next(form for form in report.all("form", method="post") if "/undo/" in form["action"])
    said = read(client.post(undo["action"], undo.values(), follow=True))
    assert "Undo: Customers from people.csv: taken back: 2." in said.text
    assert balances(anna) == (100, 0)


def test_nothing_to_change_has_no_button(client, store, anna):
    url = choose(client, send(client, "Username\nanna\n")["Location"])["Location"]

    page = read(client.get(url))

    assert [form for form in page.all("form", method="post") if "/apply/" in form["action"]] == []
    assert alerts(page) == [
        "Nothing would change: every line is as the store has it, or is refused."
    ]


def test_lines_that_were_refused_come_out_as_they_went_in_and_go_in_again(client, store, anna):
    egon = make_customer(store, "egon", uuid="33333333-2222-4333-8444-555555555555")
    profiles.archive(customer=make_customer(store, "fritz"), by=None)
    text = (
        "Username,Balance,UUID,Credit,Note,Discount %\n"
        "dora,x,,-5,=1+1,101\n"
        "gina,y,nonsense,7,'=2,5\n"
        f"anna,z,{egon.uuid},1,,\n"
        "fritz,,,1,,\n"
        "hanna,only\n"
    )
    url = choose(client, send(client, text)["Location"])["Location"]
    rows = f"{url}rows/" if not url.endswith("rows/") else url
    batch = Batch.objects.get()
    rows = reverse("batches:rows", args=["lamps", batch.pk])

    refused = sheet(client, rows, {"rows": "refused"})
    conflicts = sheet(client, rows, {"rows": "conflict"})

    assert refused == [
        ["Line", "Problem", "Username", "Balance", "UUID", "Credit", "Note", "Discount %"],
        [
            "2",
            "Discount %: is not a whole number from 0 to 100",
            "dora",
            "x",
            "",
            "'-5",
            "'=1+1",
            "101",
        ],
        ["3", "UUID: is not a uuid", "gina", "y", "nonsense", "7", "'=2", "5"],
        ["6", "the line has 2 cells, the header has 6", "hanna", "only"],
    ]
    assert conflicts[1:] == [
        [
            "4",
            "UUID: the name is anna, the uuid is egon's",
            "anna",
            "z",
            str(egon.uuid),
            "1",
            "",
            "",
        ],
        ["5", "Username: fritz is archived; list them again first", "fritz", "", "", "1", "", ""],
    ]
    again = previewed_of(client, refused)
    assert states(again) == ["refused"] * 3
    assert [line.reason for line in lines(again)] == [
        "is not a whole number from 0 to 100",
        "is not a uuid",
        "the line has 4 cells, the header has 8",
    ]
    assert sheet(
        client, reverse("batches:rows", args=["lamps", again.pk]), {"rows": "refused"}
    ) == [
        refused[0],
        [*refused[1]],
        ["3", *refused[2][1:]],
        ["4", "the line has 4 cells, the header has 8", *refused[3][2:]],
    ]

    refused[1][7], refused[1][5] = "100", "0"
    refused[2][4] = ""
    refused[3] += [""] * 4
    mended = previewed_of(client, refused)
    client.post(reverse("batches:apply", args=["lamps", mended.pk]))

    assert states(mended) == ["new"] * 3
    assert {
        name: (one["balances"], one["note"], one["discount"])
        for name, one in people(store).items()
        if name in ("dora", "gina", "hanna")
    } == {
        "dora": ((0, 0), "=1+1", 100),
        "gina": ((7, 0), "=2", 5),
        "hanna": ((0, 0), "", 0),
    }


def lines(batch: Batch) -> list[CustomerLine]:
    return list(CustomerLine.objects.filter(batch=batch).order_by("line"))


def previewed_of(client, rows: list[list[str]]) -> Batch:
    """The preview of a sheet that is sent as it stands."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    choose(client, send(client, "\ufeff" + written.getvalue())["Location"])
    return Batch.objects.latest("pk")


def test_a_download_of_lines_without_a_header_can_be_read_again(client, store):
    text = "anna,11111111-2222-4333-8444-555555555555,2x\n"
    choose(client, send(client, text, source="e2v")["Location"])
    rows = reverse("batches:rows", args=["lamps", Batch.objects.get().pk])

    out = sheet(client, rows, {"rows": "refused"})
    out[1][-1] = "2"
    again = previewed_of(client, out)

    assert out[0] == ["Line", "Problem", "Username", "UUID", "Credit"]
    assert (states(again), again.counts["credit_after"]) == (["new"], 2)


def test_lists_that_are_long_are_paged(client, store):
    url = choose(
        client, send(client, "Username\n" + "".join(f"c{n}\n" for n in range(25)))["Location"]
    )["Location"]

    page = read(client.get(url))
    beyond = read(client.get(page.one("a", rel="next")["href"]))

    assert "Showing 1–10 of 25 lines" in page.text
    assert beyond.one("table", class_="lines").one("tbody").all("tr")[0].all("td")[1].text == "c10"


# What it costs


def count(client, url, **query) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url, query).status_code == 200
    return len(queries)


def test_pages_ask_no_more_with_many_lines(client, store, anna):
    few = imported(store, TEXT)
    many = imported(store, "Username,Credit\n" + "".join(f"c{n},{n}\n" for n in range(60)))
    for_preview = Upload.objects.order_by("pk")

    client.get(PAGE)
    assert count(client, PAGE) == 3
    assert [count(client, columns_url(upload)) for upload in for_preview] == [5, 5]
    asked = [count(client, batch.get_absolute_url()) for batch in (few, many)]
    assert asked[0] == asked[1] <= 12
