"""The pages of an import of sales: the file, its columns, its products, the preview, the report; without scripts too."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, Purchase
from products.models import Product
from sales.models import Choice, SaleName
from sales.views import imports as views
from stores import uploads
from stores.models import Batch, Upload
from tests.doors.pages import read
from tests.factories import make_customer, make_product, make_store
from tests.forms import facts_on, lists_on, rows_on, warnings_on
from tests.import_pages import alerts, choose, form_of, look_again, trouble
from tests.sales.import_pages import PAGE, answer, planned, products_url, send
from tests.sales.imported import drafted, imported, sent, told
from tests.sheets import sheet, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

HEADER = "Customer,Date,Product,Amount\n"
TEXT = HEADER + (
    "anna,2026-06-01,Lamp,100\n"
    "anna,2026-06-02,Chair,40\n"
    "bert,2026-06-03,Chair,-40\n"
    ",2026-06-03,Chair,1\n"
    "carla,2026-06-03,Sofa,1e3\n"
)


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
def lamp(store):
    return make_product(store, "Lamp")


def columns_url(upload: Upload) -> str:
    return reverse("sales_import:columns", args=[upload.store.slug, upload.pk])


# The file


def test_the_import_of_customers_leads_to_it(client):
    page = read(client.get("/stores/lamps/customers/import/"))
    back = read(client.get(PAGE))

    assert page.one("a", href=PAGE).text == "Import sales"
    assert back.one("main").one("a", href="/stores/lamps/customers/import/").text == (
        "Import customers"
    )


def test_a_file_leads_to_its_columns(client, store):
    response = send(client, TEXT)

    upload = Upload.objects.get()
    assert (response.status_code, response["Location"]) == (302, columns_url(upload))
    assert (upload.store, upload.name, upload.by) == (
        store,
        "sales.csv",
        store.members.get().user,
    )


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("sales.csv", TEXT)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        ("\ufeff", "The file is empty: there is nothing in it but white space or a mark."),
        (HEADER, "The file has a header line and no lines below it."),
        (
            b"a,b\0\n1,2\n",
            "The file has NUL bytes: it is not a text file, or UTF-16 without a mark.",
        ),
        (zipped(), "The file is a zip archive or a workbook (.xlsx, .ods), not a CSV file."),
        (b"\x89PNG\r\n\x1a\n", "The file is a picture (PNG), not a CSV file."),
        (",".join("abcdefghij" * 21) + "\n" + ",".join("1" * 210), "more than 200 columns"),
        (HEADER + '"anna,2026-06-01', "A quote is opened on line 2 and never closed."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_the_field_and_not_kept(
    client, content, said, unchanged
):
    with unchanged():
        response = send(client, content)

    assert response.status_code == 200
    assert said in form_of(response).error("file")


# Its columns


def test_the_columns_are_shown_with_what_they_are_read_as(client):
    page = read(
        client.get(send(client, "Buyer,Day,Item name,Total,Colour\na,b,c,d,e\n")["Location"])
    )

    rows = [
        (tr.one("th").text, tr.one("select").one("option", selected="")["value"])
        for tr in page.one("table", class_="columns").one("tbody").all("tr")
    ]
    assert rows == [
        ("Buyer", "customer"),
        ("Day", ""),
        ("Item name", "product"),
        ("Total", "amount"),
        ("Colour", ""),
    ]
    assert alerts(page) == ["Ignored, since no field is known for them: “Day”, “Colour”."]
    assert "Read as UTF-8, comma between the cells, with a header line." in page.text


def test_a_column_that_is_needed_is_asked_for(client, unchanged):
    url = send(client, "Buyer,Day,Item,Total\nanna,2026-06-01,Lamp,5\n")["Location"]

    with unchanged():
        response = choose(client, url, column_0="")

    assert trouble(response) == (
        "There is no column for Customer or UUID: choose one."
        "There is no column for Date: choose one."
    )


def test_two_columns_for_one_field_are_refused_and_what_was_typed_is_kept(client, unchanged):
    url = send(client, "Buyer,Customer,Date,Amount\nx,anna,2026-06-01,5\n")["Location"]
    flagged = alerts(read(client.get(url)))[0]

    with unchanged():
        response = choose(client, url, decimal="comma", dates="iso")

    assert flagged.startswith(
        "“Buyer” and “Customer” are read as one field, Customer: choose one of them."
    )
    assert "Two columns are read as Customer: choose one of them." in trouble(response)
    values = form_of(response).values()
    assert (values["decimal"], values["dates"], values["column_3"]) == ("comma", "iso", "amount")


def test_a_file_without_a_header_is_seen_as_one_and_its_columns_are_chosen(client):
    url = send(client, "anna,2026-06-01,5\nbert,2026-06-02,7\n")["Location"]
    page = read(client.get(url))

    choose(client, url, column_0="customer", column_1="date", column_2="amount")

    assert "without a header line" in page.text
    batch = Batch.objects.get()
    assert (batch.counts["new"], batch.counts["money"]) == (2, 12)


def test_dates_that_can_be_read_in_two_ways_are_asked_about(client, unchanged):
    url = send(client, "Customer,Date,Amount\nanna,05/06/2026,5\n")["Location"]

    with unchanged():
        response = choose(client, url)

    assert "05/06/2026" in trouble(response)
    choose(client, url, dates="day-first")
    (at,) = [at for _, at in told(Batch.objects.get(), "at")]
    assert at.astimezone(Batch.objects.get().store.zone).date() == dt.date(2026, 6, 5)


def test_looked_at_again_with_another_delimiter(client):
    url = send(client, "Customer;Date;Amount\nanna;2026-06-01;5\n")["Location"]

    again = form_of(look_again(client, url, delimiter=","))

    assert [row.one("th").text for row in again.one("tbody").all("tr")] == ["Customer;Date;Amount"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "field", ["column_0", "encoding", "delimiter", "header", "decimal", "dates"]
)
def test_a_choice_that_is_none_is_told(client, field, unchanged):
    url = send(client, TEXT)["Location"]

    with unchanged():
        response = choose(client, url, **{field: "nonsense"})

    assert response.status_code == 200
    assert "not one of the available choices" in read(response).text


def test_the_same_file_again_says_so(client, store, lamp):
    imported(store, TEXT)

    page = read(client.get(columns_url(sent(store, TEXT))))

    assert alerts(page) == [
        "This very file was imported 15 Jun 2026: Sales from sales.csv. Imported again, the sales"
        " that are known add nothing."
    ]


def test_a_file_that_is_no_longer_kept_is_told(store, clock):
    upload = sent(store, TEXT)
    clock.shift(dt.timedelta(days=7, seconds=1))
    client = signed_in(store)

    assert uploads.sweep() == 1

    assert trouble(client.get(columns_url(upload))) == (
        "The file is no longer kept: send it again."
    )


CELLS = [
    ("1,000", ""),
    ("L$1000", ""),
    ("1e3", "is written with an exponent; write all its digits"),
    ("5.5", "is not a whole number"),
    ("-50", ""),
    (str(2**63), "is larger than an amount can be"),
    ("٣٤", "has digits other than 0 to 9"),
    ("=HYPERLINK(1)", "is not a number"),
    ("x" * 5_000, "is longer than 4,096 characters"),
    ("", "is empty"),
]


@pytest.mark.parametrize(("cell", "reason"), CELLS, ids=[cell[:12] for cell, _ in CELLS])
def test_hostile_amounts_are_told_by_line(client, store, cell, reason):
    batch = planned(client, f'Customer,Date,Amount\nanna,2026-06-01,5\nbert,2026-06-01,"{cell}"\n')

    line, state, column, said = told(batch, "state", "column", "reason")[-1]
    assert (line, state, column) == (3, "refused" if reason else "new", "Amount" if reason else "")
    assert reason in said


def test_hostile_text_is_kept_as_text(client, store, lamp):
    names = ["=1+1", "שלום", "<script>alert(1)</script>", "a\nb", "𝒳" * 5, "'"]
    lines = "".join(f'anna,2026-06-0{n},"{name}",5\n' for n, name in enumerate(names, start=1))
    batch = planned(client, HEADER + lines)

    page = client.get(products_url(batch))
    answer(client, batch, button="rest=create")
    client.post(reverse("batches:apply", args=["lamps", batch.pk]))

    assert "<script>alert(1)" not in page.content.decode()
    made = Product.objects.filter(store=store).exclude(pk=lamp.pk)
    assert sorted(made.values_list("name", flat=True)) == sorted(
        ["=1+1", "שלום", "<script>alert(1)</script>", "a b", "𝒳" * 5, "'"]
    )


@pytest.mark.parametrize("day", ["2026-06-17", "2026-02-30", "yesterday", "0000-00-00", "9" * 40])
def test_days_that_cannot_be_are_refused(client, day):
    batch = planned(client, f"Customer,Date,Amount\nanna,2026-06-01,5\nbert,{day},5\n")

    assert [state for _, state in told(batch, "state")] == ["new", "refused"]


# Its products


def test_products_are_asked_for_with_what_looks_alike(client, store, lamp):
    chair = make_product(store, "Chair (oak)")
    response = choose(client, send(client, TEXT.replace("Chair", "Oak chair"))["Location"])

    batch = Batch.objects.get()
    assert response["Location"] == products_url(batch)
    form = form_of(client.get(response["Location"]))
    rows = [row.all("td")[0].text for row in form.one("tbody").all("tr")]
    options = [(option["value"], option.text) for option in form.one("select").all("option")]
    assert rows == ["2"]
    assert options == [
        (str(chair.pk), "Chair (oak)"),
        ("create", "Create it"),
        ("skip", "Leave out"),
    ]
    assert form.one("select").one("option", selected="").text == "Chair (oak)"
    assert "1 product of the file is not matched yet, on 2 lines." in " ".join(
        alerts(read(client.get(response["Location"])))
    )


def test_a_file_whose_products_are_all_known_goes_straight_to_the_preview(client, store, lamp):
    make_product(store, "Chair")

    response = choose(client, send(client, TEXT)["Location"])

    assert response["Location"] == Batch.objects.get().get_absolute_url()


def test_what_is_not_chosen_is_asked_again_and_left_out_once_confirmed(client, store, lamp):
    batch = planned(client, TEXT)

    asked = answer(client, batch)
    preview = read(client.get(batch.get_absolute_url()))
    refused = client.post(reverse("batches:apply", args=["lamps", batch.pk]))

    assert asked["Location"] == products_url(batch)
    assert [form for form in preview.all("form", method="post") if "apply" in form["action"]] == []
    assert preview.one("a", class_="btn-primary", href=products_url(batch)).text == (
        "Match products"
    )
    assert refused.status_code == 409
    assert "1 product is not matched yet: choose, or leave them out." in read(refused).text
    assert not Purchase.objects.exists()

    confirmed = answer(client, batch, button="rest=skip")

    assert confirmed["Location"] == batch.get_absolute_url()
    preview = read(client.get(batch.get_absolute_url()))
    assert facts_on(preview)["Left out"] == "2, L$0"
    assert facts_on(preview)["Products"] == "1 matched, 1 left out"
    assert "Left out: 2" in lists_on(preview)


def test_nothing_matched_at_all_is_refused(client, store, unchanged):
    batch = planned(client, TEXT)

    with unchanged():
        response = answer(client, batch, button="rest=skip")

    assert response.status_code == 200
    assert "No product is matched or created: there is nothing to import." in trouble(response)


def test_a_product_can_be_created_chosen_or_typed(client, store, lamp):
    batch = planned(client, TEXT + "dora,2026-06-04,Sofa,5\ndora,2026-06-05,Bench,5\n")

    response = answer(client, batch, choice_Chair="create", choice_Sofa="skip", other_Bench="Lamp")

    assert response["Location"] == batch.get_absolute_url()
    names = SaleName.objects.filter(batch=batch).order_by("name")
    assert [(one.name, one.choice, one.product) for one in names] == [
        ("Bench", Choice.MATCH, lamp),
        ("Chair", Choice.CREATE, None),
        ("Lamp", Choice.MATCH, lamp),
        ("Sofa", Choice.SKIP, None),
    ]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"other_Chair": "No such thing"}, "There is no product of that name."),
        ({"other_Chair": "x" * 201}, "at most 200 characters"),
        ({"choice_Chair": "nonsense"}, "not one of the available choices"),
        ({"choice_Chair": str(2**63)}, "not one of the available choices"),
        ({"choice_Chair": "²"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_chosen_is_told_at_the_field(client, store, lamp, said, error, unchanged):
    batch = planned(client, TEXT)

    with unchanged():
        response = answer(client, batch, **said)

    assert response.status_code == 200
    assert error in form_of(response).one("tbody").text


def test_a_product_of_another_store_is_none(client, store, lamp, unchanged):
    batch = planned(client, TEXT)
    foreign = make_product(make_store(), "Foreign chair")

    with unchanged():
        by_key = answer(client, batch, choice_Chair=str(foreign.pk))
        by_name = answer(client, batch, other_Chair="Foreign chair")

    assert "not one of the available choices" in form_of(by_key).text
    assert "There is no product of that name." in form_of(by_name).text


def test_names_of_another_import_are_not_touched(client, store, lamp):
    mine, other = planned(client, TEXT), planned(client, TEXT.replace("Chair", "Bench"))
    foreign = SaleName.objects.get(batch=other, name="Bench")

    client.post(
        products_url(mine), {"name": [foreign.pk, "x", "9" * 30], f"choice_{foreign.pk}": "create"}
    )

    foreign.refresh_from_db()
    assert foreign.choice == Choice.OPEN


def test_many_products_are_asked_for_some_at_a_time(client, store, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 2)
    lines = "".join(f"anna,2026-06-01,{name},5\n" for name in "abcde")
    batch = planned(client, HEADER + lines)

    def open_names():
        names = SaleName.objects.filter(batch=batch, choice=Choice.OPEN)
        return sorted(names.values_list("name", flat=True))

    first = answer(client, batch, choice_a="create", choice_b="create", button="more=yes")
    assert (open_names(), first["Location"]) == (
        ["c", "d", "e"],
        f"{products_url(batch)}?show=open&page=1",
    )
    second = answer(client, batch, choice_c="skip", choice_d="create")
    assert (open_names(), second["Location"]) == (["e"], products_url(batch))
    page = read(client.get(f"{products_url(batch)}?show=all&page=2"))
    assert "3–4 of 5 products" in page.text
    assert [row.one("th").text for row in page.one("tbody").all("tr")] == ["c", "d"]
    last = answer(client, batch, button="rest=create")
    assert (open_names(), last["Location"]) == ([], batch.get_absolute_url())
    for nonsense in ("?show=x", "?page=-1", "?page=x", "?page=999", f"?page={2**63}"):
        assert client.get(products_url(batch) + nonsense).status_code == 200


def test_what_was_chosen_can_be_changed_until_it_is_applied(client, store, lamp):
    batch = planned(client, TEXT)
    answer(client, batch, button="rest=create")
    preview = read(client.get(batch.get_absolute_url()))
    assert preview.one("a", href=products_url(batch)).text == "Change products"

    answer(client, batch, query="?show=all", choice_Chair="skip")

    assert facts_on(read(client.get(batch.get_absolute_url())))["New"] == "1"
    client.post(reverse("batches:apply", args=["lamps", batch.pk]))
    assert client.get(products_url(batch))["Location"] == batch.get_absolute_url()
    late = client.post(products_url(batch), {"rest": "create"})
    assert late["Location"] == batch.get_absolute_url()
    assert Purchase.objects.count() == 1


# Doors


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_not_is_refused(store, role, lamp, unchanged):
    client, upload, batch = signed_in(store, role), sent(store, TEXT), drafted(store, TEXT)

    with unchanged():
        answers = [
            client.get(PAGE),
            send(client, TEXT),
            client.get(columns_url(upload)),
            client.post(columns_url(upload), {}),
            client.get(products_url(batch)),
            client.post(products_url(batch), {"rest": "create"}),
        ]

    assert [answer.status_code for answer in answers] == [403] * 6


def test_strangers_and_rows_of_other_stores_find_nothing(client, store, lamp, unchanged):
    elsewhere = make_store("elsewhere")
    stranger = signed_in(elsewhere)
    foreign_upload, foreign_batch = sent(elsewhere, TEXT), drafted(elsewhere, TEXT)
    upload, batch = sent(store, TEXT), drafted(store, TEXT)

    with unchanged():
        answers = [
            stranger.get(PAGE),
            stranger.get(columns_url(upload)),
            stranger.get(products_url(batch)),
            stranger.post(products_url(batch), {"rest": "create"}),
            client.get(f"{PAGE}{foreign_upload.pk}/"),
            client.post(f"{PAGE}{foreign_upload.pk}/", {}),
            client.get(f"{PAGE}products/{foreign_batch.pk}/"),
            client.post(f"{PAGE}products/{foreign_batch.pk}/", {"rest": "create"}),
            client.get(f"{PAGE}987654321/"),
            client.get(f"{PAGE}products/987654321/"),
        ]

    assert [answer.status_code for answer in answers] == [404] * 10


def test_looking_changes_nothing(client, store, lamp, unchanged):
    batch, done = drafted(store, TEXT), imported(store, TEXT)
    upload = Upload.objects.first()

    with unchanged():
        for url in (PAGE, columns_url(upload), products_url(batch)):
            assert client.get(url).status_code == 200
        for name in ("", "new", "returns", "skipped", "known", "nameless", "refused", "left_out"):
            for one in (batch, done):
                assert client.get(one.get_absolute_url(), {"rows": name}).status_code == 200


# From the file to the report, without scripts


def test_from_the_file_to_the_undo(client, store, lamp):
    make_customer(store, "anna")
    batch = planned(client, TEXT)
    url = answer(client, batch, choice_Chair="create")["Location"]

    preview = read(client.get(url))
    assert facts_on(preview) == {
        "File": "sales.csv, UTF-8, comma between the cells",
        "Columns": "Customer from “Customer”; Date from “Date”; Product from “Product”;"
        " Amount from “Amount”",
        "Products": "1 matched, 1 to be created",
        "New": "3",
        "In all": "L$100",
        "Of them returns": "1, −L$40",
        "Without a customer": "1",
        "Refused": "1",
        "New customers": "1",
        "New products": "1",
    }
    assert list(lists_on(preview)) == [
        "New: 3",
        "Returns: 1",
        "Without a customer: 1",
        "Refused: 1",
    ]
    assert warnings_on(preview) == [
        "2 lines are not taken. Download them under Refused and Without a customer, mend them, and"
        " send that file."
    ]
    assert rows_on(preview)[1] == ["3", "2 Jun 2026", "anna", "Chair → new", "1", "L$40", ""]
    returns = read(client.get(url, {"rows": "returns"}))
    assert [row[2:6] for row in rows_on(returns)] == [["bert new", "Chair → new", "−1", "−L$40"]]
    refused = read(client.get(url, {"rows": "refused"}))
    assert rows_on(refused) == [
        [
            "6",
            "carla 2026-06-03 Sofa 1e3",
            "“Amount”, “1e3”: is written with an exponent; write all its digits",
        ]
    ]
    assert not Purchase.objects.exists()

    button = next(form for form in preview.all("form", method="post") if "apply" in form["action"])
    assert button.text == "Import 3 sales"
    said = read(client.post(button["action"], button.values(), follow=True))
    assert "Sales from sales.csv: 3 sales added, L$100 in all, 1 customer made." in said.text
    assert Customer.objects.get(username="anna").spent == 140

    report = read(client.get(url))
    undo = next(form for form in report.all("form", method="post") if "undo" in form["action"])
    said = read(client.post(undo["action"], undo.values(), follow=True))
    assert "Undo: Sales from sales.csv: taken back: 3." in said.text
    assert not Purchase.objects.exists()
    assert list(Customer.objects.values_list("username", flat=True)) == ["anna"]
    undone = read(client.get(Batch.objects.latest("pk").get_absolute_url()))
    assert facts_on(undone) == {"Taken out": "3", "In all": "L$100"}


def test_a_file_that_is_known_already_has_no_button(client, store, lamp):
    imported(store, TEXT)
    batch = planned(client, TEXT)

    page = read(client.get(batch.get_absolute_url()))

    assert [form for form in page.all("form", method="post") if "apply" in form["action"]] == []
    assert warnings_on(page)[0] == (
        "Nothing would be added: every line is known already, left out or refused."
    )
    assert "Known already: 3" in lists_on(page)


def test_lines_that_were_not_taken_come_out_as_they_went_in_and_go_in_again(client, store, lamp):
    batch = planned(client, TEXT + "dora,2026-06-04,=1+1,x\n")
    rows = reverse("batches:rows", args=["lamps", batch.pk])

    refused = sheet(client, rows, {"rows": "refused"})
    nameless = sheet(client, rows, {"rows": "nameless"})
    new = sheet(client, rows, {"rows": "new"})

    assert refused == [
        ["Line", "Problem", "Customer", "Date", "Product", "Amount"],
        [
            "6",
            "Amount: is written with an exponent; write all its digits",
            "carla",
            "2026-06-03",
            "Sofa",
            "1e3",
        ],
        ["7", "Amount: is not a number", "dora", "2026-06-04", "'=1+1", "x"],
    ]
    assert nameless[1:] == [
        ["5", "the line does not say who bought", "", "2026-06-03", "Chair", "1"]
    ]
    assert new[1][:7] == ["2", "new", "2026-06-01 12:00:00", "anna", "Lamp", "1", "100"]
    refused[1][5], refused[2][5] = "1000", "7"
    mended = planned(client, "\n".join(map(",".join, refused)))
    assert [state for _, state in told(mended, "state")] == ["new", "new"]


def test_an_htmx_form_is_led_on_by_a_header(client, store, lamp):
    batch = planned(client, TEXT)

    response = client.post(products_url(batch), {"rest": "create"}, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (204, batch.get_absolute_url())


# What it costs


def count(client, url, **query) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, query).status_code == 200
    return len(queries)


def test_pages_ask_no_more_with_many_lines(client, store, lamp):
    few = drafted(store, TEXT)
    lines = "".join(f"c{n},2026-06-0{n % 9 + 1},P{n},{n}\n" for n in range(60))
    many = drafted(store, HEADER + lines)
    first, last = Upload.objects.order_by("pk")

    count(client, PAGE)
    assert count(client, PAGE) == 3
    assert [count(client, columns_url(upload)) for upload in (first, last)] == [5, 5]
    assert [count(client, products_url(batch)) for batch in (few, many)] == [7, 7]
    asked = [count(client, batch.get_absolute_url()) for batch in (few, many)]
    assert asked[0] == asked[1] <= 12
