"""Statements: opening, movements, closing, of both balances; as a page and as a file."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import credit
from customers.models import Balance
from customers.views import statement as views
from tests.doors.pages import body, read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_plain_store,
    make_product,
    make_store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
CREDIT, RESTRICTED = Balance.CREDIT, Balance.RESTRICTED
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-05-30T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def viewer(store):
    return signed_in(store, "viewer")


def signed_in(store, role):
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def anna(clock, store):
    """100 in May; in June 30 paid for a lamp and 5 given; 7 restricted in June."""
    anna = make_customer(store, "anna", credit=100)
    clock.shift(3 * DAY)
    buy(anna, make_product(store, "Lamp"), money=0, credit=30)
    by = make_member(store, "owner").user
    credit.grant(
        customer=anna, balance=CREDIT, amount=5, by=by, reason="prize", note="=HYPERLINK(1)"
    )
    clock.shift(DAY)
    credit.grant(customer=anna, balance=RESTRICTED, amount=7, by=None)
    return anna


def url_of(customer, piece="statement/"):
    return f"{customer.get_absolute_url()}credit/{piece}"


def parts(page):
    return [
        [[cell.text for cell in row.children if not isinstance(cell, str)] for row in one.all("tr")]
        for one in page.all("tbody")
    ]


def lines(response):
    text = body(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_this_month_is_shown_first(viewer, anna):
    by = anna.store.members.get(role="owner").user

    page = read(viewer.get(url_of(anna)))

    values = page.one("form", class_="inline").values()
    assert values == {"first": "2026-06-01", "last": "2026-06-03"}
    assert parts(page) == [
        [
            ["Opening balance", "L$100"],
            ["2 Jun 2026", "Paid for a purchase: Lamp", "", "–", "−L$30", "L$70"],
            ["2 Jun 2026", "Added", "Prize or contest: =HYPERLINK(1)", str(by), "+L$5", "L$75"],
            ["Closing balance", "L$75"],
        ],
        [
            ["Opening balance", "L$0"],
            ["3 Jun 2026", "Added", "", "–", "+L$7", "L$7"],
            ["Closing balance", "L$7"],
        ],
    ]


@pytest.mark.parametrize(
    ("first", "last", "edges"),
    [
        ("2026-05-01", "2026-05-29", [("L$0", "L$0"), ("L$0", "L$0")]),
        ("2026-05-30", "2026-05-30", [("L$0", "L$100"), ("L$0", "L$0")]),
        ("2026-05-31", "2026-06-01", [("L$100", "L$100"), ("L$0", "L$0")]),
        ("2026-06-02", "2026-06-02", [("L$100", "L$75"), ("L$0", "L$0")]),
        ("2026-06-03", "2999-12-31", [("L$75", "L$75"), ("L$0", "L$7")]),
        ("1970-01-01", "2999-12-31", [("L$0", "L$75"), ("L$0", "L$7")]),
        ("2030-01-01", "2030-01-31", [("L$75", "L$75"), ("L$7", "L$7")]),
    ],
)
def test_opening_and_closing_of_a_period(viewer, anna, first, last, edges):
    page = read(viewer.get(url_of(anna), {"first": first, "last": last}))

    assert [(one[0][-1], one[-1][-1]) for one in parts(page)] == edges


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": "x"}, "first"),
        ({"first": "1969-12-31"}, "first"),
        ({"last": "3000-01-01"}, "last"),
        ({"last": "2026-05-01"}, "last"),
    ],
)
def test_a_period_that_cannot_be_read_is_said_at_its_field(viewer, anna, asked, field):
    response = viewer.get(url_of(anna), asked)

    page = read(response)
    assert response.status_code == 200
    assert page.one("form", class_="inline").error(field) != ""
    assert page.one("main").all("table") == []
    file = viewer.get(url_of(anna, "statement.csv"), asked)
    assert (file.status_code, file["Location"].partition("?")[0]) == (302, url_of(anna))


def test_the_file_holds_the_same_with_text_made_neutral(viewer, anna):
    by = str(anna.store.members.get(role="owner").user)

    response = viewer.get(url_of(anna, "statement.csv"))

    assert lines(response) == [
        ["Date", "Balance", "What", "Reason", "Note", "Who", "Amount", "Balance after"],
        ["2026-06-01", "Credit", "Opening balance", "", "", "", "", "100"],
        ["2026-06-02 12:00:00", "Credit", "Paid for a purchase", "", "", "", "-30", "70"],
        [
            "2026-06-02 12:00:00",
            "Credit",
            "Added",
            "Prize or contest",
            "'=HYPERLINK(1)",
            by,
            "5",
            "75",
        ],
        ["2026-06-03", "Credit", "Closing balance", "", "", "", "", "75"],
        ["2026-06-01", "Restricted Credit", "Opening balance", "", "", "", "", "0"],
        ["2026-06-03 12:00:00", "Restricted Credit", "Added", "", "", "", "7", "7"],
        ["2026-06-03", "Restricted Credit", "Closing balance", "", "", "", "", "7"],
    ]
    name = 'attachment; filename="statement-anna-2026-06-01-2026-06-03.csv"'
    assert response["Content-Disposition"] == name


def test_amounts_in_the_file_have_the_digits_of_the_currency():
    store = make_plain_store("cents")
    jane = make_customer(store, "Jane", credit=1250)

    rows = lines(signed_in(store, "viewer").get(url_of(jane, "statement.csv")))

    assert [row[-2:] for row in rows[1:4]] == [["", "0.00"], ["12.50", "12.50"], ["", "12.50"]]


def test_a_long_statement_is_shown_in_part_and_whole_in_the_file(viewer, anna, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 3)
    for _ in range(5):
        credit.grant(customer=anna, balance=CREDIT, amount=1, by=None)

    page = read(viewer.get(url_of(anna)))
    rows = lines(viewer.get(url_of(anna, "statement.csv")))

    assert len(parts(page)[0]) == 3 + 3
    assert "And 4 more, all of them in the CSV." in page.text
    assert len([row for row in rows if row[1] == "Credit"]) == 7 + 2


def test_the_page_asks_as_much_with_many_entries_as_with_few(viewer, anna):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            viewer.get(url_of(anna))
        return len(captured)

    few = asked()
    for _ in range(40):
        credit.grant(customer=anna, balance=CREDIT, amount=1, by=None)

    assert asked() == few


def test_a_dialog_gets_the_piece_and_looking_changes_nothing(viewer, anna, unchanged):
    with unchanged():
        whole = read(viewer.get(url_of(anna)))
        part = read(viewer.get(url_of(anna), headers=DIALOG))

    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)
    assert part.one("form", class_="inline")["hx-get"] == url_of(anna)
    assert parts(whole) == parts(part)
