"""The export of products."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.doors.pages import read
from tests.factories import make_category, make_plain_store, make_product, make_store
from tests.sheets import column, sheet, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/stores/lamps/products/export/"
FILE = "/stores/lamps/products/export.csv"
HEADER = ["Name", "Category", "Price", "Discount %", "From", "Until", "Copy", "Blocks Credit"]


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def goods(store):
    shelf = make_category(store, "-Lights")
    make_product(store, "apple", price=1250, category=shelf, copy=True)
    make_product(
        store,
        "=Boat",
        price=30,
        discount=10,
        discount_from=dt.date(2026, 6, 1),
        discount_until=dt.date(2026, 6, 30),
        blocks_credit=True,
    )
    make_product(store, "Zebra", price=1, deleted_at=timezone.now())
    make_product(make_store("elsewhere"), "Foreign", price=1)


def test_a_sheet_of_products(client, goods):
    assert sheet(client, FILE) == [
        HEADER,
        ["'=Boat", "", "30", "10", "2026-06-01", "2026-06-30", "no", "yes"],
        ["apple", "'-Lights", "1250", "0", "", "", "yes", "no"],
    ]


def test_amounts_have_the_digits_of_the_currency():
    store = make_plain_store("coins")
    make_product(store, "Lamp", price=123_456)

    assert column(sheet(signed_in(store), "/stores/coins/products/export.csv"), "Price") == [
        "1234.56"
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"sort": "-price"}, ["apple", "'=Boat"]),
        ({"price_more": "100"}, ["apple"]),
        ({"q": "boat"}, ["'=Boat"]),
        ({"blocks_credit": "no", "discount": "5"}, []),
    ],
)
def test_sort_and_filters_of_the_list_are_followed(client, goods, query, found):
    page = read(client.get(PAGE, query))

    assert column(sheet(client, FILE, query), "Name") == found
    label = f"Download {len(found)} product{'' if len(found) == 1 else 's'}"
    assert page.one("button", id="export-button").text == label


def test_an_empty_store_gives_the_header_only(client):
    assert sheet(client, FILE) == [HEADER]


def test_the_list_offers_its_export_to_who_may(store, goods):
    def offered(role):
        page = read(signed_in(store, role).get("/stores/lamps/products/"))
        return [one for one in page.all("a", href=PAGE) if "data-of-list" in one]

    assert [len(offered(role)) for role in ("owner", "manager", "clerk", "viewer")] == [1, 1, 0, 0]


def test_who_may_not_export_is_refused_and_strangers_find_nothing(store):
    for url in (PAGE, FILE):
        assert signed_in(store, "clerk").get(url).status_code == 403
        assert signed_in(make_store()).get(url).status_code == 404
