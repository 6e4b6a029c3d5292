"""Owned products, purchases and credit entries: on the profile, and on pages of their own."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import credit, purchases
from customers.models import Balance
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_product,
    make_store,
    set_window,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
TODAY = dt.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, TODAY)
    return store


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", credit=100)


@pytest.fixture
def viewer(store):
    client = Client()
    client.force_login(make_member(store, "viewer").user)
    return client


def page_of(customer, name: str = "") -> str:
    return customer.get_absolute_url() + (f"{name}/" if name else "")


def table(page, heading: str) -> list[list[str]]:
    """The rows of the table that has a column of that name, its headers left out."""
    (found,) = [one for one in page.all("table") if heading in [h.text for h in one.all("th")]]
    return [[cell.text for cell in row.all("td")] for row in found.one("tbody").all("tr")]


@pytest.fixture
def history(store, anna):
    """One of everything that a profile tells of."""
    lamp, chair = make_product(store, "Lamp"), make_product(store, "Chair")
    bert = make_customer(store, "bert")
    buy(anna, lamp, money=1500, quantity=3, on=dt.date(2026, 1, 1))
    buy(anna, chair, money=40, credit=30, on=dt.date(2026, 1, 2))
    buy(anna, chair, money=70, recipient=bert, on=dt.date(2026, 1, 3))
    buy(bert, make_product(store, "Vase"), money=9, recipient=anna, on=dt.date(2026, 1, 4))
    buy(anna, money=11, on=dt.date(2026, 1, 5))
    whole = buy(anna, make_product(store, "Bowl"), money=20, on=dt.date(2026, 1, 6))
    purchases.take_back(purchase=whole, by=None)
    part = buy(anna, make_product(store, "Cup"), money=30, quantity=3, on=dt.date(2026, 1, 7))
    purchases.take_back(purchase=part, by=None, quantity=1)
    gone = make_product(store, "Gone")
    buy(anna, gone, money=5, on=dt.date(2026, 1, 8))
    purchases.remove_product(customer=anna, product=gone, by=None)
    return bert


def test_owned_products(viewer, anna, history):
    shown = table(read(viewer.get(page_of(anna, "products"))), "From")

    assert shown == [
        ["Cup × 2", "7 Jan 2026", "L$30", "Bought"],
        ["Vase", "4 Jan 2026", "L$9", "Gift from bert"],
        ["Chair", "2 Jan 2026", "L$70", "Bought"],
        ["Lamp × 3", "1 Jan 2026", "L$1,500", "Bought"],
    ]
    assert table(read(viewer.get(page_of(anna))), "From") == shown
    assert table(read(viewer.get(page_of(history))), "From") == [
        ["Chair", "3 Jan 2026", "L$70", "Gift from anna"]
    ]


def test_purchases(viewer, anna, history):
    page = read(viewer.get(page_of(anna, "purchases")))

    assert table(page, "State") == [
        ["just now", "Cup", "Self", "−1", "−L$10", "L$0", "Return"],
        ["just now", "Bowl", "Self", "−1", "−L$20", "L$0", "Return"],
        ["8 Jan 2026", "Gone", "Self", "1", "L$5", "L$0", "Removed"],
        ["7 Jan 2026", "Cup", "Self", "3", "L$30", "L$0", "1 of 3 returned"],
        ["6 Jan 2026", "Bowl", "Self", "1", "L$20", "L$0", "Returned"],
        ["5 Jan 2026", "No product named", "Self", "1", "L$11", "L$0", ""],
        ["3 Jan 2026", "Chair", "Gift to bert", "1", "L$70", "L$0", ""],
        ["2 Jan 2026", "Chair", "Self", "1", "L$40", "L$30", ""],
        ["1 Jan 2026", "Lamp", "Self", "3", "L$1,500", "L$0", ""],
    ]
    struck = [row.all("td")[1].text for row in page.all("tr", class_="struck")]
    assert struck == ["Gone", "Bowl"]
    (gift,) = [link for link in page.one("tbody").all("a") if link.text == "bert"]
    assert gift["href"] == page_of(history)


def test_purchases_are_paged_newest_first(viewer, anna):
    for day in range(60):
        buy(anna, money=day + 1, on=dt.date(2026, 1, 1) + dt.timedelta(days=day // 3))
    url, pages = f"{page_of(anna, 'purchases')}?per_page=25", []

    while url:
        page = read(viewer.get(url))
        pages.append([row[4] for row in table(page, "State")])
        url = next((link["href"] for link in page.all("a", rel="next")), "")

    amounts = [f"L${money}" for money in range(60, 0, -1)]
    assert pages == [amounts[:25], amounts[25:50], amounts[50:]]
    last = read(viewer.get(f"{page_of(anna, 'purchases')}?per_page=25&page=9"))
    assert [row[4] for row in table(last, "State")] == amounts[50:]
    profile = read(viewer.get(page_of(anna)))
    assert [row[4] for row in table(profile, "State")] == amounts[:10]
    assert "All 60 purchases" in profile.text


def test_owned_products_are_paged_newest_product_first(viewer, store, anna):
    for number in range(60):
        buy(anna, make_product(store, f"P{number}"))

    profile = read(viewer.get(page_of(anna)))
    first = read(viewer.get(page_of(anna, "products")))
    more = next(link["href"] for link in first.all("a") if link.text == "More products")
    second = read(viewer.get(page_of(anna, "products") + more))

    named = [[row[0] for row in table(page, "From")] for page in (profile, first, second)]
    order = [f"P{number}" for number in range(59, -1, -1)]
    assert named == [order[:10], order[:50], order[50:]]
    assert "More products" not in second.text


def test_credit_entries_of_each_balance(viewer, store, anna):
    by = make_member(store, "owner").user
    credit.grant(
        customer=anna, balance=Balance.CREDIT, amount=50, by=by, reason="prize", note="June"
    )
    credit.take(customer=anna, balance=Balance.CREDIT, amount=20, by=by, reason="other")
    buy(anna, make_product(store, "Lamp"), money=0, credit=30)
    credit.grant(customer=anna, balance=Balance.RESTRICTED, amount=7, by=None)

    page = read(viewer.get(page_of(anna, "credit")))
    other = read(viewer.get(page_of(anna, "credit") + "?balance=restricted"))

    day = "15 Jun 2026"
    assert table(page, "Why") == [
        [day, "Paid for a purchase: Lamp", "", "–", "−L$30", "L$100"],
        [day, "Deducted", "Other", str(by), "−L$20", "L$130"],
        [day, "Added", "Prize or contest: June", str(by), "+L$50", "L$150"],
        [day, "Starting credit", "", "–", "+L$100", "L$100"],
    ]
    assert table(other, "Why") == [[day, "Added", "", "–", "+L$7", "L$7"]]
    tabs = [link.text for link in page.one("ul", class_="tabs").all("a")]
    assert tabs == ["Credit: L$100", "Restricted Credit: L$7"]


def test_credit_entries_are_paged_within_their_balance(viewer, anna):
    for _ in range(60):
        credit.grant(customer=anna, balance=Balance.RESTRICTED, amount=1, by=None)
    url, pages = f"{page_of(anna, 'credit')}?balance=restricted&per_page=25", []

    while url:
        page = read(viewer.get(url))
        pages.append([row[5] for row in table(page, "Why")])
        url = next((link["href"] for link in page.all("a", rel="next")), "")

    amounts = [f"L${after}" for after in range(60, 0, -1)]
    assert pages == [amounts[:25], amounts[25:50], amounts[50:]]


@pytest.mark.parametrize("only", ["", "&first=2026-06-15", "&place=61"])
def test_any_page_of_credit_entries_is_found_without_reading_past_others(viewer, anna, only):
    for _ in range(60):
        credit.grant(customer=anna, balance=Balance.CREDIT, amount=1, by=None)
    url = f"{page_of(anna, 'credit')}?balance=credit&per_page=25{only}"

    with CaptureQueriesContext(connection) as asked:
        pages = [read(viewer.get(f"{url}&page={number}")) for number in (1, 2, 3)]

    shown = [[row[5] for row in table(page, "Why")] for page in pages]
    amounts = [f"L${after}" for after in range(160, 99, -1)]
    assert shown == [amounts[:25], amounts[25:50], amounts[50:]]
    assert not [one["sql"] for one in asked if "OFFSET" in one["sql"]]


@pytest.mark.parametrize("balance", ["", "x", "credit_seq", "__class__"])
def test_an_unknown_balance_is_credit(viewer, anna, balance):
    page = read(viewer.get(f"{page_of(anna, 'credit')}?balance={balance}"))

    assert page.one("a", aria_current="true", href="?balance=credit").text == "Credit: L$100"


@pytest.mark.parametrize("name", ["products", "purchases", "credit"])
def test_without_history_it_is_said_in_words(viewer, store, name):
    words = {
        "products": "Owns no product.",
        "purchases": "Paid for nothing yet.",
        "credit": "This balance has never moved.",
    }

    page = read(viewer.get(page_of(make_customer(store, "new"), name)))

    assert words[name] in page.text
    assert page.one("main").all("table") == []


@pytest.mark.parametrize("name", ["products", "purchases", "credit"])
def test_a_dialog_gets_the_piece_and_looking_changes_nothing(
    viewer, anna, history, unchanged, name
):
    with unchanged():
        whole = read(viewer.get(page_of(anna, name)))
        part = read(viewer.get(page_of(anna, name), headers=DIALOG))

    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)
    assert whole.one("h1").text == part.one("h2", id="dialog-title").text
    tables = [[row.text for row in page.all("tr")] for page in (whole, part)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    "after", ["0", "-1", "x", "999999999999999999", "٣", "9223372036854775808"]
)
def test_a_strange_place_in_owned_products_is_answered(viewer, anna, history, after):
    assert viewer.get(page_of(anna, "products"), {"after": after}).status_code == 200
