"""Exports of customers, purchases and credit entries: what stands in the files, and how they are asked for."""

import datetime as dt
import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import columns, credit, profiles, purchases
from customers.exports import CUSTOMERS
from customers.identity import NewCustomer, add_many
from customers.models import Balance, CreditAccount, Customer, CustomerCount
from customers.views import CustomerList
from stores import csv_out, exports, snapshots
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_plain_store,
    make_product,
    make_store,
    make_user,
    make_vendor,
    set_window,
)
from tests.sheets import column, sheet, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/stores/lamps/customers/export/"
FILE = "/stores/lamps/customers/export.csv"
PURCHASES = "/stores/lamps/exports/purchases"
CREDIT = "/stores/lamps/exports/credit"
ANNA = uuid.UUID("11111111-2222-4333-8444-555555555555")
HEADER = [
    "Username",
    "UUID",
    "E-mail",
    "Note",
    "Spent",
    "Spent -1Y",
    "Owns",
    "Credit",
    "Restricted Credit",
    "Discount %",
    "News Subscriber",
    "Group Member",
    "First Purchase",
    "Last Purchase",
]
HOSTILE = ['=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1"]
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def anna(store):
    """Bought a lamp a year and a day ago and one on the last day of May, late in the evening."""
    anna = make_customer(store, "anna", uuid=ANNA, email="anna@example.org", credit=50)
    lamp = make_product(store, "Lamp")
    buy(anna, lamp, on=dt.date(2025, 6, 14), money=1000)
    buy(anna, lamp, at=dt.datetime(2026, 6, 1, 6, 59, tzinfo=dt.UTC), money=250, credit=30)
    Customer.objects.filter(pk=anna.pk).update(
        note="two\nlines", discount=5, subscriber=True, group_member=True
    )
    return anna


def names(client, query=None):
    return column(sheet(client, FILE, query), "Username")


def button(page):
    return page.one("button", id="export-button")


# Customers


def test_the_headers_are_the_constants_that_the_import_reads():
    constants = [value for name, value in vars(columns).items() if name.isupper()]

    assert [one.header for one in CUSTOMERS.columns] == HEADER
    assert sorted(constants) == sorted(HEADER)


def test_a_sheet_of_customers(client, store, anna):
    make_customer(store, "bert")

    assert sheet(client, FILE) == [
        HEADER,
        [
            "anna",
            str(ANNA),
            "anna@example.org",
            "two\nlines",
            "1250",
            "250",
            "1",
            "20",
            "0",
            "5",
            "yes",
            "yes",
            "2025-06-14",
            "2026-05-31",
        ],
        ["bert", "", "", "", "0", "0", "0", "0", "0", "0", "no", "no", "", ""],
    ]


def test_amounts_are_numbers_with_the_digits_of_the_currency():
    store = make_plain_store("coins")
    set_window(store, store.today())
    anna = make_customer(store, "anna", credit=123_456_789)
    Customer.objects.filter(pk=anna.pk).update(spent=-250)

    lines = sheet(signed_in(store), "/stores/coins/customers/export.csv")

    assert (column(lines, "Spent"), column(lines, "Credit")) == (["-2.50"], ["1234567.89"])


def test_text_that_would_run_is_neutral_and_numbers_are_not_touched(client, store):
    for number, text in enumerate(HOSTILE):
        customer = make_customer(store, f"c{number}")
        Customer.objects.filter(pk=customer.pk).update(username=text, note=text, spent=-number)

    lines = sheet(client, FILE, {"sort": "customer"})

    assert sorted(column(lines, "Username")) == sorted(f"'{text}" for text in HOSTILE)
    assert column(lines, "Note") == column(lines, "Username")
    assert column(lines, "Spent") == ["0", "-1", "-2", "-3", "-4", "-5"]


def test_an_empty_store_gives_the_header_only(client):
    page = read(client.get(PAGE))

    assert sheet(client, FILE) == [HEADER]
    assert button(page).text == "Download 0 customers"


def test_neither_archived_customers_nor_those_of_another_store_are_exported(client, store):
    make_customer(store, "anna")
    profiles.archive(customer=make_customer(store, "bert"), by=None)
    make_customer(make_store("elsewhere"), "carla")

    assert names(client) == ["anna"]


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", CustomerList.sorts)
@pytest.mark.parametrize("piece", [1, 3, 1_500])
def test_the_sort_of_the_list_is_followed_without_gaps_or_repeats(client, store, sort, sign, piece):
    add_many(
        store=store, people=[NewCustomer(f"customer{number * 7 % 11}") for number in range(11)]
    )
    keys = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    for place, key in enumerate(keys):
        Customer.objects.filter(pk=key).update(
            spent=place % 4 - 1,
            spent_year=place % 3,
            owns=place % 2,
            discount=place % 5,
            subscriber=place % 2 == 0,
        )
        CreditAccount.objects.filter(pk=key).update(credit=place % 4, restricted=place % 3)
    query = {"sort": f"{sign}{sort}"}
    shown = [
        row["customer"]
        for row in client.get("/stores/lamps/customers/", query).context["table"].data
    ]

    with mock.patch.object(exports, "PIECE", piece):
        assert names(client, query) == shown
    assert len(shown) == 11


FILTERS = {
    "spent_more=500": ["anna"],
    "spent_less=500&sort=customer": ["bert", "carla"],
    "credit_more=10": ["anna"],
    "subscriber=no&sort=-customer": ["carla", "bert"],
    "owns=Lamp": ["anna"],
    "q=car": ["carla"],
    "q=nobody": [],
    "spent_more=500&subscriber=no": [],
}


@pytest.mark.parametrize(("query", "found"), FILTERS.items())
def test_filters_of_the_list_are_followed(client, store, anna, query, found):
    make_customer(store, "carla")
    make_customer(store, "bert")

    assert names(client, query_of(query)) == found
    page = read(client.get(PAGE, query_of(query)))
    assert button(page).text == f"Download {len(found)} customer{'' if len(found) == 1 else 's'}"


def query_of(text):
    return dict(part.split("=") for part in text.split("&"))


def test_what_more_than_the_cap_match_is_walked_too(client, store):
    add_many(store=store, people=[NewCustomer(f"customer{number:02}") for number in range(20)])

    with mock.patch("stores.paging.CAP", 7), mock.patch("stores.filters.CAP", 7):
        with mock.patch.object(exports, "PIECE", 3):
            found = names(client, {"subscriber": "no", "sort": "customer"})
            credits_ = names(client, {"subscriber": "no", "sort": "-credit"})
        page = read(client.get(PAGE, {"subscriber": "no"}))

    assert found == [f"customer{number:02}" for number in range(20)]
    assert sorted(credits_) == found
    assert button(page).text == "Download 7+ customers"


def test_ticked_rows_alone_are_exported(client, store, anna):
    bert, carla = make_customer(store, "bert"), make_customer(store, "carla")
    foreign = make_customer(make_store("elsewhere"), "dora")
    query = {"tick": [anna.pk, carla.pk, foreign.pk, "x"], "sort": "-credit"}

    page = read(client.get(PAGE, query))

    assert names(client, query) == ["anna", "carla"]
    assert button(page).text == "Download 2 customers"
    assert bert.username not in names(client, query)


def test_the_page_takes_along_what_the_list_showed(client, store, anna):
    query = {
        "spent_more": "10",
        "q": "an",
        "sort": "-credit",
        "tick": [anna.pk],
        "page": "3",
        "after": "x",
        "per_page": "25",
        "owns": "",
    }

    page = read(client.get(PAGE, query, headers=DIALOG))

    form = page.one("form", id="export")
    hidden = [(one["name"], one["value"]) for one in form.all("input", type="hidden")]
    assert (form["method"], form["action"]) == ("get", FILE)
    assert sorted(hidden) == [
        ("q", "an"),
        ("sent", "yes"),
        ("sort", "-credit"),
        ("spent_more", "10"),
        ("tick", str(anna.pk)),
    ]
    said = page.one("div", id="export-count").text
    assert said == "1 customer: “an”; Spent more than L$10; Only the ticked ones"


def test_all_columns_are_ticked_and_some_can_be_chosen(client, store, anna):
    page = read(client.get(PAGE))
    boxes = page.all("input", type="checkbox", name="column")

    assert len(boxes) == len(HEADER)
    assert all("checked" in box for box in boxes)
    # In the order of the sheet, however they are asked for.
    query = {"sent": "yes", "column": ["credit", "username", "credit"]}
    assert sheet(client, FILE, query) == [["Username", "Credit"], ["anna", "20"]]


@pytest.mark.parametrize("chosen", [{}, {"column": ["nonsense"]}, {"column": ["username", "'"]}])
def test_columns_that_cannot_be_taken_are_said_at_the_field(client, store, anna, chosen):
    query = {"sent": "yes", "sort": "customer", **chosen}

    response = client.get(FILE, query)
    page = read(client.get(response["Location"]))

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, PAGE)
    assert page.one("form", id="export").error("column") != ""
    assert button(page).text == "Download 1 customer"
    assert [one for one in page.all("input", type="checkbox") if "checked" in one] == [
        box for box in page.all("input", value="username") if "username" in chosen.get("column", ())
    ]


def test_a_filter_that_cannot_be_read_exports_nothing(client, store, anna):
    response = client.get(FILE, {"spent_more": "lots"})
    page = read(client.get(response["Location"]))

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?spent_more=lots")
    assert "cannot be read" in page.one("div", id="export-count").text
    assert "disabled" in button(page)


def test_the_year_rolls_before_it_is_exported(store, anna, clock):
    clock.move_to("2027-05-31T12:00:00Z")
    client = signed_in(store)
    set_window(store, dt.date(2027, 5, 30))
    assert column(sheet(client, FILE), "Spent -1Y") == ["0"]

    clock.move_to("2027-06-03T12:00:00Z")
    page = read(client.get(PAGE))
    assert "Spent -1Y as of 31 May 2027" in page.one("div", id="export-count").text


def test_the_list_offers_its_export_to_who_may(store):
    make_customer(store, "anna")

    def offered(role):
        page = read(signed_in(store, role).get("/stores/lamps/customers/"))
        return [one for one in page.all("a", href=PAGE) if "data-of-list" in one]

    assert [len(offered(role)) for role in ("owner", "manager", "clerk", "viewer")] == [1, 1, 0, 0]


@pytest.mark.parametrize("name", ["customers:export", "exports:purchases", "exports:credit"])
def test_who_may_not_export_is_refused_and_strangers_find_nothing(store, name):
    for url in (reverse(name, args=["lamps"]), reverse(f"{name}_file", args=["lamps"])):
        assert signed_in(store, "clerk").get(url).status_code == 403
        assert signed_in(make_store()).get(url).status_code == 404


def test_the_number_of_queries_grows_by_pieces_alone(client, store):
    def queries(piece):
        with mock.patch.object(exports, "PIECE", piece), CaptureQueriesContext(connection) as asked:
            assert len(sheet(client, FILE)) == 1 + Customer.objects.filter(store=store).count()
        return len(asked)

    add_many(store=store, people=[NewCustomer(f"customer{number}") for number in range(10)])
    few = queries(100)
    add_many(store=store, people=[NewCustomer(f"more{number}") for number in range(90)])

    assert queries(100) == few
    assert queries(10) == few + 2 * 9


def test_no_page_is_found_by_counting_rows_off(client, store):
    add_many(store=store, people=[NewCustomer(f"customer{number}") for number in range(30)])

    with mock.patch.object(exports, "PIECE", 4), CaptureQueriesContext(connection) as asked:
        sheet(client, FILE)

    assert [one["sql"] for one in asked if "OFFSET" in one["sql"].upper()] == []


def test_lines_are_sent_while_rows_are_read(client, store):
    add_many(store=store, people=[NewCustomer(f"customer{number}") for number in range(30)])
    response = client.get(FILE)

    with (
        mock.patch.object(exports, "PIECE", 4),
        mock.patch.object(csv_out, "PARCEL", 5),
        CaptureQueriesContext(connection) as asked,
    ):
        stream = iter(response.streaming_content)
        head = next(stream)
        assert head.count(b"\r\n") == 5
        before = len(asked)
        rest = head + b"".join(stream)

    assert 0 < before < len(asked)
    assert rest.count(b"\r\n") == 31


def sheet_while_others_buy() -> list[str]:
    """Who stands in a sheet of 12, by what they spent, while the last comes to be the first."""
    store = make_store("lamps")
    set_window(store, store.today())
    people = [make_customer(store, f"customer{number}") for number in range(12)]
    for number, customer in enumerate(people):
        buy(customer, money=100 + number)
    client = signed_in(store)

    with mock.patch.object(exports, "PIECE", 3), mock.patch.object(csv_out, "PARCEL", 3):
        response = client.get(FILE, {"sort": "-spent"})
        stream = iter(response.streaming_content)
        text = next(stream)
        # From the end of the list to its beginning, and the other way round.
        with ThreadPoolExecutor(1) as other:
            other.submit(_elsewhere, people[0], people[11]).result()
        text += b"".join(stream)

    return [line.split(b",")[0].decode() for line in text.splitlines()[1:]]


MOMENT = [f"customer{number}" for number in reversed(range(12))]


@pytest.mark.django_db(transaction=True)
def test_a_sheet_is_of_one_moment_whatever_is_bought_meanwhile():
    assert sheet_while_others_buy() == MOMENT


@pytest.mark.django_db(transaction=True)
def test_a_sheet_of_several_moments_is_caught(monkeypatch):
    monkeypatch.setattr(exports, "one_moment", nullcontext)

    assert sorted(set(MOMENT) - set(sheet_while_others_buy())) == ["customer0"]


def _elsewhere(last, first):
    try:
        buy(last, money=10_000)
        purchases.take_back(purchase=first.purchases.get(), by=None)
    finally:
        connection.close()


@pytest.mark.parametrize("parcels", [1, 99])
def test_a_moment_ends_with_its_sheet_read_or_not(client, store, parcels):
    told = []

    @contextmanager
    def moment():
        told.append("begun")
        try:
            yield
        finally:
            told.append("ended")

    assert exports.one_moment is snapshots.one_moment
    add_many(store=store, people=[NewCustomer(f"customer{number}") for number in range(5)])
    with (
        mock.patch.object(exports, "one_moment", moment),
        mock.patch.object(csv_out, "PARCEL", 2),
    ):
        response = client.get(FILE)
        list(itertools.islice(response.streaming_content, parcels))
        response.close()
    assert told == ["begun", "ended"]


# Purchases


@pytest.fixture
def bought(store, anna):
    """A gift on 1 May, half of it returned on 3 May; the lamp removed."""
    bert = make_customer(store, "bert")
    stall = make_vendor(store, "Stall")
    gift = buy(
        anna,
        make_product(store, "=Boat"),
        recipient=bert,
        vendor=stall,
        on=dt.date(2026, 5, 1),
        quantity=2,
        money=180,
        list_price=200,
        receipt="-7",
        group_member=False,
    )
    at = dt.datetime(2026, 5, 3, 19, tzinfo=dt.UTC)
    purchases.take_back(purchase=gift, by=None, quantity=1, at=at)
    return gift


PURCHASE_HEADER = [
    "Date",
    "Receipt",
    "Customer",
    "Customer UUID",
    "Recipient",
    "Recipient UUID",
    "Product",
    "Vendor",
    "Quantity",
    "List Price",
    "Price",
    "Money",
    "Credit",
    "Restricted Credit",
    "Group Member",
    "Return Of",
    "Removed",
]


def test_a_sheet_of_purchases(client, store, bought, anna, clock):
    clock.move_to("2026-06-16T19:00:00Z")
    purchases.remove_product(customer=anna, product=anna.purchases.first().product, by=None)
    who = ["anna", str(ANNA)]

    lines = sheet(client, f"{PURCHASES}.csv", {"first": "2026-05-01", "last": "2026-05-31"})

    assert lines == [
        PURCHASE_HEADER,
        ["2026-05-01 12:00:00", "'-7", *who, "bert", "", "'=Boat", "Stall", "2", "200", "180", "180", "0", "0", "no", "", ""],
        ["2026-05-03 12:00:00", "'-7", *who, "bert", "", "'=Boat", "Stall", "-1", "-100", "-90", "-90", "0", "0", "no", "2026-05-01 12:00:00", ""],
        ["2026-05-31 23:59:00", "", *who, *who, "Lamp", "", "1", "280", "280", "250", "30", "0", "no", "", "2026-06-16 12:00:00"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({}, 4),
        ({"first": "", "last": ""}, 4),
        ({"first": "2026-05-01"}, 3),
        ({"last": "2026-05-01"}, 2),
        ({"first": "2026-05-31", "last": "2026-05-31"}, 1),
        ({"first": "2026-06-01"}, 0),
        ({"first": "2026-05-02", "last": "2026-05-30"}, 1),
        ({"first": "1970-01-01", "last": "2999-12-31"}, 4),
    ],
)
def test_days_are_those_of_the_store_and_both_included(client, bought, days, found):
    page = read(client.get(f"{PURCHASES}/", days))

    assert len(sheet(client, f"{PURCHASES}.csv", days)) == 1 + found
    assert button(page).text == f"Download {found} purchase{'' if found == 1 else 's'}"


@pytest.mark.parametrize("kind", ["purchases", "credit"])
@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"first": "x"}, "first"),
        ({"first": "1969-12-31"}, "first"),
        ({"last": "3000-01-01"}, "last"),
        ({"first": "2026-05-02", "last": "2026-05-01"}, "last"),
    ],
)
def test_days_that_cannot_be_taken_are_said_at_the_field(client, bought, kind, days, field):
    response = client.get(f"/stores/lamps/exports/{kind}.csv", days)
    page = read(client.get(response["Location"]))

    form = page.one("form", id="export")
    assert response["Location"].partition("?")[0] == f"/stores/lamps/exports/{kind}/"
    assert form.error(field) != ""
    assert form.error(field) in page.one("div", id="export-count").text
    assert "disabled" in button(page)


def test_other_days_are_counted_while_they_are_chosen(client, bought):
    headers = {"HX-Request": "true", "HX-Target": "export-count"}

    piece = read(
        client.get(f"{PURCHASES}/", {"sent": "yes", "first": "2026-05-02"}, headers=headers)
    )

    assert piece.one("div", id="export-count").text == "2 purchases"
    assert (button(piece).text, button(piece)["hx-swap-oob"]) == ("Download 2 purchases", "true")
    assert piece.all("form") == []


def test_purchases_of_one_time_are_all_there_once(client, store, anna):
    at = dt.datetime(2026, 6, 2, tzinfo=dt.UTC)
    for number in range(7):
        buy(anna, at=at, receipt=f"r{number}")
    other = make_customer(make_store("elsewhere"), "bert")
    buy(other, at=at, receipt="foreign")

    with mock.patch.object(exports, "PIECE", 2):
        lines = sheet(client, f"{PURCHASES}.csv")

    assert column(lines, "Receipt") == ["", "", *(f"r{number}" for number in range(7))]


# Credit entries


def test_a_sheet_of_credit_entries(client, store, clock):
    owner = make_member(store, "owner", make_user("jane", first_name="Jane", last_name="Doe")).user
    clerk = make_member(store, "owner", make_user("+clerk")).user
    anna = make_customer(store, "anna", uuid=ANNA, credit=100)
    clock.shift(dt.timedelta(minutes=1))
    credit.grant(
        customer=anna, balance=Balance.RESTRICTED, amount=7, by=owner, reason="prize", note="\t=1"
    )
    clock.shift(dt.timedelta(minutes=1))
    credit.take(
        customer=anna, balance=Balance.CREDIT, amount=30, by=clerk, reason="other", note="-1"
    )
    make_customer(make_store("elsewhere"), "bert", credit=5)
    who = ["anna", str(ANNA)]

    assert sheet(client, f"{CREDIT}.csv") == [
        ["Date", "Customer", "UUID", "Balance", "What", "Reason", "Note", "Who", "Amount", "Balance After"],
        ["2026-06-15 12:00:00", *who, "Credit", "Starting credit", "", "", "", "100", "100"],
        ["2026-06-15 12:01:00", *who, "Restricted Credit", "Added", "Prize or contest", "'\t=1", "Jane Doe", "7", "7"],
        ["2026-06-15 12:02:00", *who, "Credit", "Deducted", "Other", "'-1", "'+clerk", "-30", "70"],
    ]  # fmt: skip


def test_a_customer_counter_says_how_many_there_are(client, store):
    """The whole list is not counted."""
    CustomerCount.objects.update_or_create(store=store, defaults={"listed": 1_204})

    assert button(read(client.get(PAGE))).text == "Download 1,204 customers"
