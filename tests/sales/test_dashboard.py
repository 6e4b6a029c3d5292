"""The dashboard: what its figures are, where they lead, who sees them, and that it costs the same however much was sold."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import closing, purchases, turnover
from customers.models import PurchaseDay
from loyalty.models import LoyaltyTier
from sales import dashboard, rankings
from sales.models import Payout
from stores import paging
from stores.models import Role
from tests.doors.pages import body, read
from tests.factories import buy, make_customer, make_product, make_store, make_tier, noon
from tests.forms import rows_on, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean", "mid_june")]

URL = "/stores/lamps/dashboard/"
BEST_CUSTOMERS, BEST_PRODUCTS, TIERS = (
    f"{URL}{name}/" for name in ("customers", "products", "tiers")
)
PURCHASES = "/stores/lamps/purchases/"
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 6, 15)
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
ALL = {"first": "2026-05-01", "last": "2026-06-30"}


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client(store):
    return signed_in(store, Role.OWNER)


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", credit=70, restricted=5)


@pytest.fixture
def bert(store):
    return make_customer(store, "bert")


@pytest.fixture
def sold(store, lamp, anna, bert):
    """In May 350 less 50 by Anna; in June 30 by her, 20 by Bert for her, and 7 of credit."""
    bought = buy(anna, lamp, on=MAY, money=100, quantity=2)
    buy(anna, make_product(store, "Chair"), on=dt.date(2026, 5, 31), money=250)
    buy(anna, lamp, on=JUNE, money=30)
    buy(bert, lamp, on=JUNE, money=20, recipient=anna)
    buy(anna, lamp, on=JUNE, money=0, credit=7)
    purchases.take_back(purchase=bought, by=None, quantity=1)


def cells(rows):
    """The texts of rows, heads of rows too."""
    return [[cell.text for cell in row.children if not isinstance(cell, str)] for row in rows]


def months_on(page):
    """The numbers by month that are not all nothing."""
    rows = cells(page.one("details", class_="numbers").all("tr")[1:])
    return {label: sums for label, *sums in rows if set(sums) != {"L$0", "0"}}


def figures_on(page):
    """Label and value of the figures."""
    return {
        figure.one("dt").text: figure.all("dd")[0].text
        for figure in page.all("div", class_="figure")
    }


def link_of(page, label):
    (figure,) = [one for one in page.all("div", class_="figure") if one.one("dt").text == label]
    return figure.one("a")["href"]


def table_at(client, url, query=None):
    return rows_on(read(client.get(url, query)))


def money_of_rows(client, url):
    """The money of all rows of the list of purchases at that address."""
    page = read(client.get(url))
    heads = [cell.text for cell in page.one("thead").all("th")]
    place = next(place for place, head in enumerate(heads) if head.startswith("Money"))
    cells = [row[place] for row in rows_on(page)]
    return sum(int(text.replace("L$", "").replace("−", "-").replace(",", "")) for text in cells)


@pytest.mark.parametrize("closed", [False, True])
def test_months_and_where_they_lead(client, store, sold, closed):
    if closed:
        closing.close_days(store)
    page = read(client.get(URL)).one("main")

    assert months_on(page) == {
        "May 26": ["L$300", "2", "1", "1", "0"],
        "Jun 26": ["L$50", "3", "0", "1", "1"],
    }
    spent, customers = page.all("svg", class_="chart")
    assert [title.text for title in spent.all("title")][-2:] == [
        "May 26: L$300 in 2 purchases",
        "Jun 26: L$50 in 3 purchases",
    ]
    assert [title.text for title in customers.all("title")][-2:] == [
        "May 26: 0 returning, 1 new",
        "Jun 26: 1 returning, 1 new",
    ]
    may, june = [link["href"] for link in spent.all("a")]
    assert (money_of_rows(client, may), money_of_rows(client, june)) == (300, 50)
    returning, new = [link["href"] for link in customers.all("a")][-2:]
    assert [row[1] for row in table_at(client, returning)] == ["Aanna"]
    assert [row[1] for row in table_at(client, new)] == ["Bbert"]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    ("query", "spent", "bought", "returns", "new"),
    [
        ({}, "L$300", "4", "0", "1"),
        ({"period": "month"}, "L$300", "2", "1", "1"),
        ({"period": "90"}, "L$350", "5", "1", "2"),
        ({"period": "year"}, "L$350", "5", "1", "2"),
        ({"first": "2026-06-01", "last": "2026-06-01"}, "L$50", "3", "0", "1"),
        ({"first": "2020-01-01", "last": "2020-12-31"}, "L$0", "0", "0", "0"),
    ],
)
def test_a_period_in_figures(client, store, sold, closed, query, spent, bought, returns, new):
    if closed:
        closing.close_days(store)
    page = read(client.get(URL, query))

    shown = figures_on(page)
    assert [shown[name] for name in ("Spent", "Purchases", "Returns", "New customers")] == [
        spent,
        bought,
        returns,
        new,
    ]
    assert len(table_at_or_none(client, link_of(page, "Purchases"))) == int(bought)
    assert len(table_at_or_none(client, link_of(page, "Returns"))) == int(returns)
    assert len(table_at_or_none(client, link_of(page, "New customers"))) == int(new)


def table_at_or_none(client, url):
    page = read(client.get(url))
    return rows_on(page) if page.all("tbody") else []


def test_the_default_begins_29_days_ago(client, store, anna):
    buy(anna, on=TODAY - 30 * DAY, money=1)
    buy(anna, on=TODAY - 29 * DAY, money=20)
    buy(anna, money=300)

    page = read(client.get(URL))

    assert figures_on(page)["Spent"] == "L$320"
    assert page.one("input", name="first")["value"] == "2026-05-17"


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ({"period": "fortnight"}, "period", "Select a valid choice"),
        ({"period": "days"}, "first", "Enter a day."),
        ({"first": "2026-02-30", "last": "2026-03-01"}, "first", "Enter a valid date."),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "last", "not before the first"),
        ({"first": "2025-01-01", "last": "2026-01-02"}, "last", "at most 366 days"),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "first", "from 1970 to 2999"),
    ],
)
def test_a_period_that_cannot_be_read_is_said_beside_the_field(client, sold, query, field, says):
    response = client.get(URL, query)
    page = read(response)

    assert response.status_code == 200
    assert says in page.error(field)
    assert "Spent" not in figures_on(page)
    assert months_on(page)["Jun 26"][0] == "L$50"


def test_days_beside_a_named_period_are_not_looked_at(client, sold):
    page = read(client.get(URL, {"period": "month", "first": "no day", "last": ""}))

    assert figures_on(page)["Spent"] == "L$300"
    assert page.one("input", name="first")["value"] == "2026-05-01"


def test_an_empty_store_shows_noughts(client, store):
    page = read(client.get(URL))

    assert set(figures_on(page).values()) == {"L$0", "0"}
    assert (
        page.one("main").all("svg", class_="chart") == page.all("details", class_="numbers") == []
    )
    for words in ("Nothing was spent in the last twelve months.", "Nobody bought in the last"):
        assert words in page.text
    for url in (BEST_CUSTOMERS, BEST_PRODUCTS):
        assert "Nothing was spent in these days." in read(client.get(url)).text
    assert "There are no customers yet." in read(client.get(TIERS)).text


def test_what_is_open_now(client, store, sold):
    for amount, state in ((40, "due"), (2, "due"), (100, "cancelled")):
        Payout.objects.create(store=store, kind="commission", name="x", amount=amount, state=state)

    page = read(client.get(URL))

    assert figures_on(page)["Credit owed"] == "L$68"
    assert figures_on(page)["Payouts due"] == "L$42"
    assert link_of(page, "Credit owed") == "/stores/lamps/books/"
    assert len(table_at(client, link_of(page, "Payouts due"))) == 2


def test_more_payouts_than_are_added_up(client, store, monkeypatch):
    monkeypatch.setattr(dashboard, "CAP", 1)
    for amount in (40, 2, 1):
        Payout.objects.create(store=store, kind="commission", name="x", amount=amount)

    assert figures_on(read(client.get(URL)))["Payouts due"] == "More than L$42"


@pytest.mark.parametrize("role", ["viewer", "clerk", "manager"])
def test_credit_owed_is_for_those_who_see_the_books(store, sold, role):
    page = read(signed_in(store, role).get(URL))

    assert "Credit owed" not in figures_on(page)
    assert figures_on(page)["Spent"] == "L$300"


@pytest.mark.parametrize("url", [URL, BEST_CUSTOMERS, BEST_PRODUCTS, TIERS])
def test_a_stranger_finds_nothing(store, sold, url):
    assert signed_in(make_store("chairs"), Role.OWNER).get(url).status_code == 404


def test_the_menu_begins_with_it(client, store):
    first = read(client.get(PURCHASES)).one("nav", class_="main-menu").all("a")[0]
    assert (first.text, first["href"]) == ("Dashboard", URL)


def test_best_customers_and_products_with_their_rows(client, store, sold, anna):
    other = make_customer(make_store("chairs"), "zoe")
    buy(other, make_product(other.store), on=JUNE, money=9_000)
    page = read(client.get(BEST_CUSTOMERS, ALL))

    assert rows_on(page) == [["anna", "L$330", "4"], ["bert", "L$20", "1"]]
    name, money, _ = page.one("tbody").all("tr")[0].all("a")
    assert name["href"] == f"/stores/lamps/customers/{anna.pk}/"
    assert money_of_rows(client, money["href"]) == 330
    page = read(client.get(BEST_PRODUCTS, ALL))
    assert rows_on(page) == [["Chair", "L$250", "1"], ["Lamp", "L$100", "4"]]
    name, money, _ = page.one("tbody").all("tr")[1].all("a")
    assert money_of_rows(client, name["href"]) == money_of_rows(client, money["href"]) == 100


def test_a_period_has_its_own_best(client, sold):
    query = {"first": "2026-06-01", "last": "2026-06-30"}
    assert table_at(client, BEST_CUSTOMERS, query) == [["anna", "L$30", "2"], ["bert", "L$20", "1"]]


def test_who_returned_all_is_not_among_the_best(client, store, lamp, bert):
    purchases.take_back(purchase=buy(bert, lamp, on=JUNE, money=20), by=None)
    assert "Nothing was spent" in read(client.get(BEST_CUSTOMERS, ALL)).text


def test_only_ten_are_shown_and_all_are_exported(client, store):
    for number in range(12):
        buy(make_customer(store, f"c{number:02}"), on=JUNE, money=100 + number)

    page = read(client.get(BEST_CUSTOMERS, ALL))

    assert [row[0] for row in rows_on(page)] == [f"c{number:02}" for number in range(11, 1, -1)]
    (export,) = [link["href"] for link in page.all("a") if link.text == "Export more"]
    assert "12 customers" in read(client.get(export)).text
    sheet = client.get(
        "/stores/lamps/exports/best-customers.csv",
        {**ALL, "sent": "yes", "column": ["name", "money"]},
    )
    lines = body(sheet).decode("utf-8-sig").split()
    assert lines == [
        "Customer,Spent",
        *(f"c{number:02},{100 + number}" for number in range(11, -1, -1)),
    ]


def test_a_sheet_of_the_best_products(client, sold):
    response = client.get("/stores/lamps/exports/best-products.csv", ALL)

    assert response["Content-Disposition"] == (
        'attachment; filename="lamps-best-products-2026-05-01-2026-06-30.csv"'
    )
    assert body(response).decode("utf-8-sig").split("\r\n") == [
        "Place,Product,Spent,Purchases",
        "1,Chair,250,1",
        "2,Lamp,100,4",
        "",
    ]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"first": "2025-01-01", "last": "2026-06-30"}, "at most 366 days"),
        ({"first": "", "last": "2026-06-30"}, "This field is required"),
        ({"first": "x", "last": "2026-06-30"}, "Enter a valid date"),
    ],
)
def test_a_sheet_of_days_that_cannot_be_taken_is_not_made(client, sold, query, says):
    response = client.get("/stores/lamps/exports/best-customers.csv", query, follow=True)

    assert response.redirect_chain
    assert says in read(response).text


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("clerk", 403), ("manager", 200)])
def test_the_best_are_exported_by_those_who_may_export(store, sold, role, status):
    client = signed_in(store, role)

    assert client.get("/stores/lamps/exports/best-customers/", ALL).status_code == status
    shown = [link.text for link in read(client.get(BEST_CUSTOMERS, ALL)).one("main").all("a")]
    assert ("Export" in shown) is (status == 200)


def test_a_large_period_is_remembered_and_says_since_when(client, store, sold, bert, monkeypatch):
    monkeypatch.setattr(paging, "CAP", 3)
    before = table_at(client, BEST_CUSTOMERS, ALL)
    buy(bert, on=JUNE, money=1_000)

    page = read(client.get(BEST_CUSTOMERS, ALL))

    assert rows_on(page) == before
    assert "Counted at 12:00." in page.text
    cache.clear()
    assert table_at(client, BEST_CUSTOMERS, ALL)[0] == ["bert", "L$1,020", "2"]


def test_customers_of_each_tier(client, store, sold):
    silver = make_tier(store, threshold=300, discount=5)
    make_tier(store, threshold=1_000, discount=10)

    page = read(client.get(TIERS))

    assert cells(page.all("tr")[1:]) == [
        ["No tier", "no tier", "1"],
        ["5 %", "from L$300 in all", "1"],
        ["10 %", "from L$1,000 in all", "0"],
    ]
    links = [link["href"] for link in page.one("svg", class_="chart").all("a")]
    assert links == [
        "/stores/lamps/loyalty/tiers/none/",
        f"/stores/lamps/loyalty/tiers/{silver.pk}/",
    ]
    assert [len(table_at(client, link)) for link in links] == [1, 1]


def test_tiers_of_many_customers_are_remembered_until_the_ladder_changes(
    client, store, sold, monkeypatch
):
    monkeypatch.setattr("sales.views.dashboard.CAP", 1)
    tier = make_tier(store, threshold=300, discount=5)
    read(client.get(TIERS))
    make_customer(store, "carl")

    page = read(client.get(TIERS))
    assert [row[-1] for row in rows_on(page)] == ["1", "1"]
    assert "Counted at 12:00." in page.text

    LoyaltyTier.objects.filter(pk=tier.pk).update(threshold=10)
    assert [row[-1] for row in rows_on(read(client.get(TIERS)))] == ["1", "2"]


def test_a_customer_by_month_with_their_rows(client, store, sold, anna, bert):
    url = f"/stores/lamps/customers/{anna.pk}/months/"
    page = read(client.get(url))

    assert rows_on(page) == [["L$300", "2"], ["L$30", "2"]]
    titles = [title.text for title in page.one("svg", class_="chart").all("title")]
    assert (len(titles), titles[-2:]) == (
        24,
        ["May 26: L$300 in 2 purchases", "Jun 26: L$30 in 2 purchases"],
    )
    links = [link["href"] for link in page.one("svg", class_="chart").all("a")]
    assert [money_of_rows(client, link) for link in links] == [300, 30]
    assert rows_on(read(client.get(f"/stores/lamps/customers/{bert.pk}/months/"))) == [
        ["L$20", "1"]
    ]
    other = make_customer(make_store("chairs"))
    assert client.get(f"/stores/lamps/customers/{other.pk}/months/").status_code == 404


def test_a_customer_who_bought_nothing_lately(client, store, bert):
    buy(bert, on=dt.date(2024, 6, 30), money=1)
    page = read(client.get(f"/stores/lamps/customers/{bert.pk}/months/"))
    assert "Nothing was bought in the last 24 months." in page.text


def queries_of(client, url, query=None):
    client.get(url, query)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url, query)
    return len(queries)


def test_pages_ask_the_same_however_much_was_sold(client, store, sold, lamp):
    make_tier(store)
    urls = [URL, f"{BEST_CUSTOMERS}?{urlencode(ALL)}", f"{BEST_PRODUCTS}?{urlencode(ALL)}", TIERS]
    closing.close_days(store)
    before = [queries_of(client, url) for url in urls]
    for number in range(60):
        buy(make_customer(store), lamp, on=JUNE - number * 5 * DAY, money=1)
    closing.close_days(store)

    assert [queries_of(client, url) for url in urls] == before
    assert before[0] <= 19
    assert max(before[1:]) <= 9


def test_a_closed_year_is_read_from_its_days_alone(client, store, sold):
    closing.close_days(store)
    PurchaseDay.objects.update(money=5)

    assert months_on(read(client.get(URL)))["May 26"][0] == "L$10"

    PurchaseDay.objects.update(stale=True)
    assert months_on(read(client.get(URL)))["May 26"][0] == "L$300"


def test_what_is_being_added_up_again_is_said(client, store, sold, monkeypatch):
    closing.close_days(store)
    monkeypatch.setattr(turnover, "CAP", 0)
    PurchaseDay.objects.update(stale=True)

    assert "are being added up again" in read(client.get(URL)).text
    monkeypatch.undo()
    assert "are being added up again" not in read(client.get(URL)).text


def test_the_edge_of_a_month_is_that_of_the_store(client, store, anna):
    """23:59 of 31 May in Los Angeles is June in Greenwich."""
    buy(anna, at=noon(store, dt.date(2026, 5, 31)) + dt.timedelta(hours=11, minutes=59), money=8)

    page = read(client.get(URL))

    assert months_on(page) == {"May 26": ["L$8", "1", "0", "1", "0"]}
    (link,) = page.one("main").all("svg", class_="chart")[0].all("a")
    assert money_of_rows(client, link["href"]) == 8


def test_only_money_that_brought_any_is_ranked(store, anna, lamp):
    buy(anna, lamp, on=JUNE, money=0, credit=7)
    assert rankings.best(store, rankings.PRODUCTS, JUNE, TODAY).rows == []
