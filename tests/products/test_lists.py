"""The lists of the catalogue: what stands in them, how they are sorted, searched and narrowed, and in how many queries."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from products.models import Category, Product, Vendor
from products.views import CategoryList, GroupList, ProductList, VendorList
from tests.doors.pages import Node, read
from tests.factories import (
    make_category,
    make_member,
    make_product,
    make_store,
    make_vendor,
    make_vendor_group,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/stores/lamps/products/"
CATEGORIES = f"{PRODUCTS}categories/"
VENDORS = "/stores/lamps/vendors/"
GROUPS = f"{VENDORS}groups/"
TODAY = dt.date(2026, 6, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-06-15T19:00:00Z", tick=False):
        yield


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store, "viewer")


def signed_in(store, role: str) -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


def get(client, url: str) -> Node:
    response = client.get(url)
    assert response.status_code == 200
    return read(response)


def cells(page: Node) -> list[list[str]]:
    tables = page.all("table", class_="list-table")
    if not tables:
        return []
    return [[cell.text for cell in row.all("td")] for row in tables[0].one("tbody").all("tr")]


def names(page: Node) -> list[str]:
    return [row[0] for row in cells(page)]


@pytest.fixture
def goods(store):
    shelf = make_category(store, "Lights")
    make_product(store, "apple lamp", price=5, category=shelf, copy=True)
    make_product(store, "Boat", price=1250, discount=10, blocks_credit=True)
    make_product(store, "Chair", price=0, discount=20, discount_until=TODAY)
    make_product(store, "desk", price=30, discount=30, discount_from=TODAY + DAY)
    make_product(store, "Egg", price=40, discount=100, discount_until=TODAY - DAY, category=shelf)
    make_product(store, "Zebra", price=1, deleted_at=timezone.now())
    make_product(make_store("other"), "Foreign", price=1)


def test_products_with_price_discount_and_whether_it_holds(client, goods):
    assert cells(get(client, PRODUCTS)) == [
        ["apple lamp", "L$5", "0 %", "–", "Lights", "Yes", "No"],
        ["Boat", "L$1,250", "10 %", "Today", "None", "No", "Yes"],
        ["Chair", "L$0", "20 %", "Today until 15 Jun 2026", "None", "No", "No"],
        ["desk", "L$30", "30 %", "From 16 Jun 2026", "None", "No", "No"],
        ["Egg", "L$40", "100 %", "Ended 14 Jun 2026", "Lights", "No", "No"],
    ]


def test_the_day_is_that_of_the_store(client, goods):
    with time_machine.travel("2026-06-16T06:59:00Z", tick=False):
        before = cells(get(client, PRODUCTS))[3][3]
    with time_machine.travel("2026-06-16T07:00:00Z", tick=False):
        after = cells(get(client, PRODUCTS))[3][3]

    assert (before, after) == ("From 16 Jun 2026", "Today")


def test_deleted_products_have_a_list_of_their_own(client, goods):
    assert names(get(client, f"{PRODUCTS}deleted/")) == ["Zebra"]


SORTED = {
    "name": ["apple lamp", "Boat", "Chair", "desk", "Egg"],
    "-name": ["Egg", "desk", "Chair", "Boat", "apple lamp"],
    "category": ["Boat", "Chair", "desk", "apple lamp", "Egg"],
    "-category": ["Egg", "apple lamp", "desk", "Chair", "Boat"],
    "price": ["Chair", "apple lamp", "desk", "Egg", "Boat"],
    "-price": ["Boat", "Egg", "desk", "apple lamp", "Chair"],
    "-discount": ["Egg", "desk", "Chair", "Boat", "apple lamp"],
    "-copy": ["apple lamp", "Egg", "desk", "Chair", "Boat"],
    "-blocks_credit": ["Boat", "Egg", "desk", "Chair", "apple lamp"],
    "no such sort": ["apple lamp", "Boat", "Chair", "desk", "Egg"],
}


def test_products_are_sorted(client, goods):
    # Ties go by key, in the direction of the sort.
    found = {sort: names(get(client, f"{PRODUCTS}?sort={sort}")) for sort in SORTED}

    assert found == SORTED


FOUND = {
    "q=LAMP": ["apple lamp"],
    "q=%25": [],
    "q=_": [],
    "q=zebra": [],
    "price_more=30": ["Boat", "Egg"],
    "price_less=1": ["Chair"],
    "price_more=4&price_less=31": ["apple lamp", "desk"],
    "discount=30": ["desk", "Egg"],
    "holds=yes": ["Boat", "Chair"],
    "holds=no": ["apple lamp", "desk", "Egg"],
    "copy=yes": ["apple lamp"],
    "blocks_credit=no": ["apple lamp", "Chair", "desk", "Egg"],
    "holds=yes&discount=20": ["Chair"],
}


def test_products_are_narrowed(client, goods):
    assert {query: names(get(client, f"{PRODUCTS}?{query}")) for query in FOUND} == FOUND


def test_products_of_a_category(client, store, goods):
    shelf = Product.objects.get(name="Egg").category
    other = make_category(make_store(), "Foreign")

    page = get(client, f"{PRODUCTS}?category={shelf.pk}")
    foreign = get(client, f"{PRODUCTS}?category={other.pk}")

    assert names(page) == ["apple lamp", "Egg"]
    assert [chip.all("span")[0].text for chip in page.all("a", class_="chip")] == ["In Lights"]
    assert foreign.error("category").startswith("Select a valid choice.")
    assert names(foreign) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("price_more", "9223372036854775808"),
        ("price_less", "٣"),
        ("discount", "101"),
        ("category", "9223372036854775808"),
        ("category", "x"),
        ("holds", "maybe"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_at_its_field(client, goods, field, typed):
    page = get(client, f"{PRODUCTS}?{field}={typed}")

    assert page.error(field)
    assert page.one("div", class_="empty").one("h2").text == "A filter cannot be read"


def test_categories_with_what_stands_in_them(client, store, goods):
    make_category(store, "empty shelf")

    pages = {query: cells(get(client, f"{CATEGORIES}?{query}")) for query in ("", "filled=yes")}

    assert pages == {
        "": [["empty shelf", "0", "0 %"], ["Lights", "2", "0 to 100 %"]],
        "filled=yes": [["Lights", "2", "0 to 100 %"]],
    }


def test_categories_are_sorted_by_what_stands_in_them(client, store, goods):
    seats = make_category(store, "Seats")
    make_product(store, "Bench", category=seats, discount=5)
    make_product(store, "Stool", category=seats, discount=5)
    make_product(store, "Sofa", category=seats, discount=7)
    make_product(store, "Throne", category=seats, discount=90, deleted_at=timezone.now())
    make_category(store, "Air")

    asked = ("products", "-products", "discounts", "-discounts")
    found = {sort: names(get(client, f"{CATEGORIES}?sort={sort}")) for sort in asked}

    assert found == {
        "products": ["Air", "Lights", "Seats"],
        "-products": ["Seats", "Lights", "Air"],
        "discounts": ["Air", "Seats", "Lights"],
        "-discounts": ["Lights", "Seats", "Air"],
    }


def test_vendors_and_their_groups(client, store):
    street = make_vendor_group(store, "Main street", discount=5)
    make_vendor_group(store, "alley")
    make_vendor(store, "Corner", group=street, discount=10, group_discount=20)
    make_vendor(store, "arcade", discount=20)
    make_vendor(store, "Gone", group=street, retired_at=timezone.now())

    assert cells(get(client, VENDORS)) == [
        ["arcade", "20 %", "0 %", "None"],
        ["Corner", "10 %", "20 %", "Main street"],
    ]
    assert cells(get(client, GROUPS)) == [["alley", "0 %", "0"], ["Main street", "5 %", "1"]]
    assert names(get(client, f"{VENDORS}retired/")) == ["Gone"]
    assert names(get(client, f"{VENDORS}?sort=-group_discount")) == ["Corner", "arcade"]
    assert names(get(client, f"{VENDORS}?members=1")) == ["Corner"]
    assert names(get(client, f"{VENDORS}?group={street.pk}")) == ["Corner"]
    assert names(get(client, f"{VENDORS}?sort=group")) == ["arcade", "Corner"]
    assert names(get(client, f"{VENDORS}?sort=-group")) == ["Corner", "arcade"]
    assert names(get(client, f"{GROUPS}?filled=no")) == ["alley"]
    assert names(get(client, f"{GROUPS}?sort=-vendors")) == ["Main street", "alley"]


@pytest.mark.parametrize("url", [PRODUCTS, CATEGORIES, VENDORS, GROUPS])
def test_an_empty_list_says_what_will_stand_there(client, url):
    page = get(client, url)

    assert page.one("div", class_="empty").one("h2").text.startswith("No ")


@pytest.mark.parametrize("url", [PRODUCTS, CATEGORIES, VENDORS, GROUPS])
def test_only_who_may_edit_is_offered_to_add(store, url):
    shown = {
        role: f"{url}add/" in signed_in(store, role).get(url).content.decode()
        for role in ("owner", "manager", "clerk", "viewer")
    }

    assert shown == {"owner": True, "manager": True, "clerk": False, "viewer": False}


def fill(store, number: int) -> None:
    for place in range(number):
        shelf = make_category(store)
        street = make_vendor_group(store)
        make_product(store, category=shelf, price=place, discount=place % 3)
        make_vendor(store, group=street, discount=place % 5)


def test_a_page_takes_the_same_few_queries_however_many_rows(client, store):
    lists = {
        PRODUCTS: ProductList,
        CATEGORIES: CategoryList,
        VENDORS: VendorList,
        GROUPS: GroupList,
    }
    asked = [f"{url}?sort={sort}" for url, view in lists.items() for sort in view.sorts]
    asked += [f"{url}?q=o" for url in lists]
    asked += [f"{PRODUCTS}?holds=yes&discount=1", f"{VENDORS}?discount=1"]
    counts = []

    for number in (3, 60):
        fill(store, number)
        counts.append({})
        for url in asked:
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            counts[-1][url] = len(captured)

    assert max(counts[1].values()) <= 9
    assert counts[0] == counts[1]


def walk(client, url: str, link: str) -> list[list[str]]:
    """The names on each page from there on."""
    pages = []
    while url:
        page = get(client, url)
        pages.append(names(page))
        url = page.one("a", id=link).attrs.get("href", "")
    return pages


@pytest.mark.parametrize(
    "sort", [f"{sign}{name}" for name in ProductList.sorts for sign in ("", "-")]
)
def test_links_lead_through_all_pages_and_back(client, store, sort):
    shelves = [None, *(make_category(store, name) for name in ("lights", "Air", "Seats"))]
    for place in range(60):
        name = f"{'lamp' if place % 2 else 'Lamp'} {place:02}"
        shelf = shelves[place % 4]
        make_product(
            store, name, price=place % 4, discount=place % 3, copy=place % 5 == 0, category=shelf
        )

    forward = walk(client, f"{PRODUCTS}?sort={sort}&per_page=25", "page-next")
    back = walk(client, f"{PRODUCTS}?sort={sort}&per_page=25&page=last", "page-previous")

    assert forward == back[::-1]
    assert sorted(name for page in forward for name in page) == sorted(
        Product.objects.values_list("name", flat=True)
    )
    assert [len(page) for page in forward] == [25, 25, 10]


def test_links_follow_what_is_computed_too(client, store):
    fill(store, 30)
    for shelf in Category.objects.filter(pk__lte=Category.objects.first().pk + 3):
        make_product(store, category=shelf, discount=50)
    asked = [
        f"{url}?sort={sign}{sort}&per_page=25"
        for url, sort in (
            (CATEGORIES, "products"),
            (CATEGORIES, "discounts"),
            (VENDORS, "group"),
            (GROUPS, "vendors"),
        )
        for sign in ("", "-")
    ]

    for url in asked:
        forward, back = (
            walk(client, url, "page-next"),
            walk(client, f"{url}&page=last", "page-previous"),
        )

        assert forward == back[::-1]
        assert [len(page) for page in forward] == [25, 5]
        assert len({name for page in forward for name in page}) == 30


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize(
    ("model", "column", "index"),
    [
        (Product, "name_order", "product_by_name"),
        (Product, "price", "product_by_price"),
        (Vendor, "discount", "vendor_by_discount"),
    ],
)
def test_a_sort_walks_its_index(store, model, column, index):
    rows = model.objects.filter(
        store=store, **{"deleted_at" if model is Product else "retired_at": None}
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    plan = rows.order_by(column, "pk").values_list(column, "pk")[:50].explain()

    assert index in plan
