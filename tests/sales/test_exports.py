"""The export for the accountant: a line for each sale, and sums that are those of the lines."""

import datetime as dt
from decimal import Decimal
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from customers import purchases
from loyalty import pricing
from loyalty.pricing import Facts, Goods, House, Payer
from sales import exports as sales
from stores import exports
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_customer,
    make_plain_store,
    make_product,
    make_quote,
    make_store,
)
from tests.sheets import column, sheet, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/stores/lamps/exports/sales/"
FILE = "/stores/lamps/exports/sales.csv"
HEADER = [
    "Date",
    "Receipt",
    "Customer",
    "Product",
    "List Price",
    "Discounts",
    "Money",
    "Credit",
    "Restricted Credit",
    "Refund",
    "Net",
]
AMOUNTS = HEADER[4:]
MAY = {"first": "2026-05-01", "last": "2026-05-31"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store)


def sold(customer, product, *, day, refund=5, quantity=1, **fields):
    """A sale under a quote with a personal discount of so many per cent."""
    goods = Goods(product.price, discount=10)
    payer = Payer(discount=refund, credit=fields.get("credit", 0))
    quote = pricing.price(
        Facts(
            goods,
            day,
            payer=payer,
            quantity=quantity,
            uses_credit=bool(payer.credit),
            house=House(),
        )
    )
    purchase = buy(
        customer,
        product,
        on=day,
        quantity=quantity,
        **{
            "money": quote.money,
            "credit": quote.credit,
            "list_price": quote.list_price,
            **fields,
        },
    )
    make_quote(product, customer, purchase=purchase, body=quote.as_json())
    return purchase


@pytest.fixture
def may(store):
    """In May: the example of the design, one without a quote, a return of a sale of April; one in June."""
    anna = make_customer(store, "anna", credit=30)
    lamp = make_product(store, "=Lamp", price=100)
    sold(anna, lamp, day=dt.date(2026, 5, 1), receipt="-1")
    sold(anna, lamp, day=dt.date(2026, 5, 2), credit=30)
    buy(anna, None, at=dt.datetime(2026, 6, 1, 6, 59, tzinfo=dt.UTC), money=50)
    april = sold(anna, lamp, day=dt.date(2026, 4, 30), quantity=3, receipt="3")
    purchases.take_back(
        purchase=april, by=None, quantity=1, at=dt.datetime(2026, 5, 3, 19, tzinfo=dt.UTC)
    )
    buy(anna, lamp, at=dt.datetime(2026, 6, 1, 7, tzinfo=dt.UTC), money=1)
    buy(make_customer(make_store("elsewhere"), "bert"), on=dt.date(2026, 5, 1), money=1)
    return april


def sums_of_page(page):
    return {
        row.one("dt").text: row.one("dd").text
        for row in page.one("dl", class_="export-totals").all("div")
    }


def sums_of_sheet(lines):
    return {header: sum(map(Decimal, column(lines, header))) for header in AMOUNTS}


def test_a_line_for_each_sale_of_last_month(client, may):
    assert sheet(client, FILE) == [
        HEADER,
        ["2026-05-01 12:00:00", "'-1", "anna", "'=Lamp", "100", "10", "90", "0", "0", "4", "86"],
        ["2026-05-02 12:00:00", "", "anna", "'=Lamp", "100", "10", "60", "30", "0", "3", "57"],
        ["2026-05-03 12:00:00", "3", "anna", "'=Lamp", "-100", "-10", "-90", "0", "0", "-4", "-86"],
        ["2026-05-31 23:59:00", "", "anna", "", "50", "0", "50", "0", "0", "0", "50"],
    ]


def test_the_page_shows_the_sums_of_the_sheet(client, store, may):
    page = read(client.get(PAGE))

    assert page.one("form", id="export").values() | {"column": ""} == {
        "sent": "yes",
        **MAY,
        "column": "",
    }
    assert page.one("button", id="export-button").text == "Download 4 sales"
    assert sums_of_page(page) == {
        "List Price": "L$150",
        "Discounts": "L$10",
        "Money": "L$110",
        "Credit": "L$30",
        "Restricted Credit": "L$0",
        "Refund": "L$3",
        "Net": "L$107",
    }
    assert sums_of_page(page) == {
        name: store.money.format(int(total))
        for name, total in sums_of_sheet(sheet(client, FILE)).items()
    }


def test_all_returns_of_a_sale_take_back_all_of_its_refund(client, may):
    """13 of 270: no third of it is whole."""
    for day in (4, 5):
        at = dt.datetime(2026, 5, day, 19, tzinfo=dt.UTC)
        purchases.take_back(purchase=may, by=None, quantity=1, at=at)

    lines = sheet(client, FILE, {"first": "2026-04-01", "last": "2026-05-31"})

    of_it = [line for line in lines if line[1] == "3"]
    assert [line[-2:] for line in of_it] == [
        ["13", "257"],
        ["-4", "-86"],
        ["-4", "-86"],
        ["-5", "-85"],
    ]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({}, 4),
        (MAY, 4),
        ({"first": "2026-05-02", "last": "2026-05-03"}, 2),
        ({"first": "2026-06-01"}, 1),
        ({"last": "2026-04-30"}, 1),
        ({"sent": "yes", "first": "", "last": "", "column": "money"}, 6),
    ],
)
def test_days_are_those_of_the_store_and_both_included(client, may, days, found):
    page = read(client.get(PAGE, days))

    assert len(sheet(client, FILE, days)) == 1 + found
    assert (
        page.one("button", id="export-button").text
        == f"Download {found} sale{'' if found == 1 else 's'}"
    )


def test_an_import_of_returns_and_sales_without_quotes_has_no_refund(client, store):
    anna = make_customer(store, "anna")
    buy(anna, on=dt.date(2026, 5, 4), quantity=-1, money=-100)

    (line,) = sheet(client, FILE)[1:]

    assert line[4:] == ["-100", "0", "-100", "0", "0", "0", "-100"]


def test_amounts_have_the_digits_of_the_currency():
    store = make_plain_store("coins")
    anna = make_customer(store, "anna")
    sold(anna, make_product(store, "Lamp", price=123_456), day=dt.date(2026, 5, 4))

    page = read(signed_in(store).get("/stores/coins/exports/sales/"))
    (line,) = sheet(signed_in(store), "/stores/coins/exports/sales.csv")[1:]

    assert line[4:] == ["1234.56", "123.45", "1111.11", "0.00", "0.00", "55.55", "1055.56"]
    assert sums_of_page(page)["Net"] == "$1,055.56"


def test_an_empty_month_gives_the_header_only(client, store):
    page = read(client.get(PAGE))

    assert sheet(client, FILE) == [HEADER]
    assert set(sums_of_page(page).values()) == {"L$0"}


def test_days_that_cannot_be_taken_are_said_at_the_field(client, may):
    response = client.get(FILE, {"first": "2026-05-02", "last": "2026-05-01"})
    page = read(client.get(response["Location"]))

    assert (
        page.one("form", id="export").error("last") == "Enter a day that is not before the first."
    )
    assert page.all("dl", class_="export-totals") == []


def test_who_may_not_export_is_refused_and_strangers_find_nothing(store):
    for url in (PAGE, FILE):
        assert signed_in(store, "clerk").get(url).status_code == 403
        assert signed_in(make_store()).get(url).status_code == 404


def test_the_number_of_queries_grows_by_pieces_alone(client, may):
    def queries(piece):
        with mock.patch.object(exports, "PIECE", piece), CaptureQueriesContext(connection) as asked:
            sheet(client, FILE)
        return len(asked)

    assert queries(2) == queries(4) + 2


lines_of = st.lists(
    st.tuples(
        st.integers(1, 28),
        st.integers(1, 4),
        st.integers(0, 100),
        st.lists(st.integers(1, 3), max_size=3),
    ),
    max_size=6,
)


@settings(max_examples=15)
@given(lines_of)
def test_the_sums_are_those_of_the_lines_whatever_was_sold(lines):
    store = make_store()
    anna = make_customer(store, "anna")
    lamp = make_product(store, price=97)
    for day, quantity, refund, returned in lines:
        purchase = sold(anna, lamp, day=dt.date(2026, 5, day), quantity=quantity, refund=refund)
        for part in returned:
            try:
                purchases.take_back(purchase=purchase, by=None, quantity=part)
            except purchases.ReturnRefused:
                continue
    url = f"/stores/{store.slug}/exports/sales"
    days = {"first": "2026-05-01", "last": "2026-06-30"}

    lines = sheet(signed_in(store), f"{url}.csv", days)
    page = read(signed_in(store).get(f"{url}/", days))

    assert sums_of_page(page) == {
        name: store.money.format(int(total)) for name, total in sums_of_sheet(lines).items()
    }
    for line in lines[1:]:
        price, off, money, used, restricted, back, net = map(int, line[4:])
        assert price - off == money + used + restricted
        assert money - back == net
    assert sales.totals(anna.purchases.none())["lines"] == 0
