"""The Purchases page and the page of one purchase."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import profiles
from customers.identity import Person
from products.models import Product, Vendor
from sales import checkout, returns
from sales.checkout import Order
from sales.models import Delivery, Payout
from stores import paging
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_coupon,
    make_customer,
    make_product,
    make_user,
    make_vendor,
    noon,
)
from tests.forms import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_june")]
URL = "/stores/lamps/purchases/"
MOST_QUERIES = 9
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def client(store):
    return signed_in(store, "viewer")


@pytest.fixture
def sold(store):
    """Anna buys a lamp at the mall and a chair for Bert at the fair; Bert returns a lamp of his."""
    lamp, chair = make_product(store, "Lamp"), make_product(store, "Chair")
    mall, fair = make_vendor(store, "Mall"), make_vendor(store, "Fair")
    anna = make_customer(store, "anna.bell", credit=50)
    bert = make_customer(store, "bert.cole")
    day = dt.timedelta(days=1)
    one = buy(anna, lamp, vendor=mall, receipt="R-1", on=TODAY - 4 * day, money=70, credit=30)
    two = buy(anna, chair, vendor=fair, receipt="R-2", on=TODAY - 3 * day, recipient=bert)
    three = buy(bert, lamp, vendor=mall, receipt="S-3", on=TODAY - 2 * day)
    four = returns.take_back(purchase=three, wish=returns.Wish(), by=None).purchase
    return {"lamp": one, "gift": two, "regretted": three, "return": four}


def found(client, **query) -> list[int]:
    page = client.get(URL, query)
    assert page.status_code == 200
    return [row["pk"] for row in page.context["table"].data] if "table" in page.context else []


def keys(sold, *names) -> list[int]:
    return [sold[name].pk for name in names]


def cells(client, **query) -> list[list[str]]:
    page = read(client.get(URL, query))
    return [[cell.text for cell in row.all("td")] for row in page.one("tbody").all("tr")]


def test_everything_is_listed_newest_first(client, sold):
    assert cells(client) == [
        ["Lamp", "just now", "bert.cole", "−1", "−L$100", "−L$100", "L$0", "–", "Self", "Return", "Mall", "S-3"],
        ["Lamp", "2 days ago", "bert.cole", "1", "L$100", "L$100", "L$0", "–", "Self", "Sale", "Mall", "S-3"],
        ["Chair", "3 days ago", "anna.bell", "1", "L$100", "L$100", "L$0", "–", "bert.cole", "Gift", "Fair", "R-2"],
        ["Lamp", "4 days ago", "anna.bell", "1", "L$100", "L$70", "L$30", "–", "Self", "Sale", "Mall", "R-1"],
    ]  # fmt: skip
    assert found(client, sort="at") == keys(sold, "lamp", "gift", "regretted", "return")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"product": "Lamp"}, ["return", "regretted", "lamp"]),
        ({"product": "chair"}, ["gift"]),
        ({"customer": "anna.bell"}, ["gift", "lamp"]),
        ({"customer": "Bert Cole"}, ["return", "regretted", "gift"]),
        ({"since": "2026-06-12"}, ["return", "regretted", "gift"]),
        ({"until": "2026-06-12"}, ["gift", "lamp"]),
        ({"since": "2026-06-13", "until": "2026-06-13"}, ["regretted"]),
        ({"counts_from": "2026-06-13"}, ["return", "regretted"]),
        ({"counts_from": "2026-06-13", "sort": "at"}, ["regretted", "return"]),
        ({"counts_from": "2026-06-12", "counts_until": "2026-06-12"}, ["gift"]),
        ({"counts_until": "2026-06-12"}, ["gift", "lamp"]),
        ({"counts_until": "0001-01-01"}, []),
        ({"counts_from": "0001-01-01", "payer": "bert.cole"}, ["return", "regretted"]),
        ({"payer": "anna.bell"}, ["gift", "lamp"]),
        ({"gift": "yes"}, ["gift"]),
        ({"gift": "no"}, ["return", "regretted", "lamp"]),
        ({"returned": "yes"}, ["return"]),
        ({"returned": "no"}, ["regretted", "gift", "lamp"]),
        ({"q": "R-"}, ["gift", "lamp"]),
        ({"q": "R-2"}, ["gift"]),
        ({"q": "bert"}, ["return", "regretted", "gift"]),
        ({"q": "a"}, ["gift", "lamp"]),
        ({"q": "cole", "product": "Lamp", "gift": "no"}, ["return", "regretted"]),
        ({"q": "nobody"}, []),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ["return", "regretted", "gift", "lamp"]),
        ({"since": "9999-12-31"}, []),
        ({"until": "0001-01-01"}, []),
    ],
)
@pytest.mark.parametrize("cap", [paging.CAP, 1])
def test_filters_and_search_find_the_same_few_or_many(client, sold, query, names, cap, monkeypatch):
    for module in ("stores.paging", "stores.filters"):
        monkeypatch.setattr(f"{module}.CAP", cap)

    assert found(client, **query) == keys(sold, *names)


def test_a_vendor_is_filtered_by_its_key(client, sold):
    fair = Vendor.objects.get(name="Fair")

    page = client.get(URL, {"vendor": fair.pk})

    assert [row["pk"] for row in page.context["table"].data] == keys(sold, "gift")
    assert [chip["text"] for chip in page.context["chips"]] == ["At Fair"]


@pytest.mark.parametrize(
    "query",
    [
        {"product": "Boat"},
        {"customer": "nobody.here"},
        {"vendor": "987654"},
        {"since": "soon"},
        {"counts_from": "soon"},
        {"payer": "nobody.here"},
        {"gift": "perhaps"},
        {"delivery": "lost"},
    ],
)
def test_what_cannot_be_read_filters_nothing_and_is_said(client, sold, query):
    page = client.get(URL, query)

    assert page.context["empty_title"] == "A filter cannot be read"


@pytest.mark.parametrize("cap", [paging.CAP, 1])
def test_the_state_of_the_latest_delivery_is_shown_and_filtered(client, store, cap, monkeypatch):
    monkeypatch.setattr("stores.paging.CAP", cap)
    lamp = make_product(store, "Lamp", copy=True)
    sales = [
        checkout.buy(order=Order(store=store, product=lamp, buyer=Person(name))).purchase
        for name in ("anna", "bert", "carl")
    ]
    Delivery.objects.filter(purchase=sales[0]).update(state="failed")
    Delivery.objects.filter(purchase=sales[1]).update(state="failed")
    Delivery.objects.create(
        store=store, kind="again", purchase=sales[1], product=lamp, recipient=sales[1].recipient
    )

    assert found(client, delivery="failed") == [sales[0].pk]
    assert found(client, delivery="queued") == [sales[2].pk, sales[1].pk]
    assert [row[7] for row in cells(client)] == ["Queued", "Queued", "Failed"]


def test_a_deleted_product_is_struck_through(client, sold):
    Product.objects.filter(name="Chair").update(deleted_at=timezone.now())

    struck = [node.text for node in read(client.get(URL)).one("tbody").all("s")]

    assert struck == ["Chair"]


def test_a_page_takes_the_same_few_queries_however_many_purchases(client, store, sold):
    lamp = Product.objects.get(name="Lamp")
    mall = Vendor.objects.get(name="Mall")
    queries = [
        {},
        {"page": "last"},
        {"product": "Lamp"},
        {"customer": "anna.bell"},
        {"vendor": mall.pk},
        {"q": "anna"},
        {"delivery": "queued"},
        {"product": "Lamp", "customer": "anna.bell", "since": "2020-01-01", "gift": "no"},
        {"q": "R-", "customer": "anna.bell", "delivery": "queued", "vendor": mall.pk},
    ]
    counts = []
    for more in (0, 60):
        people = [make_customer(store) for _ in range(more // 6)]
        for number in range(more):
            buy(people[number % 10], lamp, vendor=mall)
        cache.clear()
        asked = []
        for query in queries:
            with CaptureQueriesContext(connection) as context:
                found(client, **query)
            asked.append(len(context))
        counts.append(asked)

    assert max(counts[1]) <= MOST_QUERIES + 2
    assert counts[0] == counts[1]


def test_pages_lead_on_without_gaps(client, store):
    anna, lamp = make_customer(store, "anna"), make_product(store, "Lamp")
    made = [buy(anna, lamp, at=noon(store, TODAY)).pk for _ in range(60)]

    first = client.get(URL, {"per_page": 25})
    second = client.get(first.context["links"]["next"])

    shown = [row["pk"] for page in (first, second) for row in page.context["table"].data]
    assert shown == made[::-1][:50]


def test_an_empty_store_says_what_stands_here(client):
    assert client.get(URL).context["empty_title"] == "No purchases yet"


class TestOnePurchase:
    @pytest.fixture
    def sale(self, store):
        lamp = make_product(store, "Lamp", price=200, copy=True)
        blogger = make_customer(store, "blog.writer")
        coupon = make_coupon(store, "WRITER", blogger, commission=10, share=5)
        anna = make_customer(store, "anna.bell", discount=10, uuid=uuid.UUID(int=1))
        buy(anna, money=1)
        order = Order(
            store=store,
            product=lamp,
            buyer=Person("anna.bell"),
            recipient=Person("bert.cole"),
            vendor=make_vendor(store, "Mall"),
            coupon=coupon,
            quantity=2,
            receipt="R-9",
        )
        return checkout.buy(order=order)

    def page(self, client, purchase):
        return read(client.get(f"{URL}{purchase.pk}/")).one("main")

    def test_says_all_that_came_of_it(self, client, sale):
        page = self.page(client, sale.purchase)

        rows = {
            section["aria-labelledby"]: [
                [cell.text for cell in row.all("td")] for row in section.all("tr")[1:]
            ]
            for section in page.all("section")
        }
        assert page.one("h1").text == "Lamp"
        assert rows["payouts-title"] == [
            ["Refund", "anna.bell", "L$40", "Due"],
            ["Commission", "blog.writer", "L$40", "Due"],
        ]
        assert rows["deliveries-title"] == [["just now", "Sale", "Queued", "None yet"]]
        assert rows["entries-title"] == [["Share of a coupon", "Credit", "+L$20"]]
        assert "WRITER: L$20 to the customer as credit, L$40 to blog.writer" in page.text
        assert [value.text for value in page.one("dl", class_="figures").all("dd")] == [
            "L$400",
            "L$400",
            "L$0",
            "L$0",
            "L$400",
        ]
        assert "receipt R-9" in page.text
        assert page.all("div", class_="sheet-foot") == []

    def test_shows_returns_with_their_terms_and_leads_to_them(self, client, sale):
        back = returns.take_back(
            purchase=sale.purchase,
            wish=returns.Wish(quantity=1, note="broken"),
            by=make_user("ina"),
        )

        of_sale, of_return = (
            self.page(client, purchase) for purchase in (sale.purchase, back.purchase)
        )

        (row,) = of_sale.all("section", aria_labelledby="returns-title")[0].all("tr")[1:]
        assert [cell.text for cell in row.all("td")] == [
            "just now",
            "−1",
            "L$180",
            "money",
            "ina",
        ]
        assert of_return.one("h1").text == "Return of Lamp"
        assert "L$20 of what was paid is refunded" in of_return.text
        assert "broken" in of_return.text

    def test_offers_to_return_and_to_redeliver_by_right(self, store, sale):
        offered = {}
        for role in ("owner", "clerk", "viewer"):
            page = self.page(signed_in(store, role), sale.purchase)
            foot = page.all("div", class_="sheet-foot")
            offered[role] = [
                node.text for part in foot for node in part.walk() if node.tag in ("a", "button")
            ]

        assert offered == {"owner": ["Redeliver", "Return"], "clerk": ["Redeliver"], "viewer": []}

    def test_takes_few_queries_however_much_came_of_it(self, client, sale):
        counts = []
        for more in (0, 5):
            for _ in range(more):
                Delivery.objects.create(
                    store=sale.purchase.store,
                    kind="again",
                    state="failed",
                    purchase=sale.purchase,
                    product=sale.purchase.product,
                    recipient=sale.purchase.recipient,
                )
            with CaptureQueriesContext(connection) as context:
                self.page(client, sale.purchase)
            counts.append(len(context))

        assert counts == [9, 9]


def test_a_product_a_vendor_and_a_customer_lead_to_their_purchases(store, sold):
    client = signed_in(store, "viewer")
    lamp, mall = Product.objects.get(name="Lamp"), Vendor.objects.get(name="Mall")
    anna = sold["lamp"].payer
    lead = {
        f"/stores/lamps/products/{lamp.pk}/": ("Buyers", keys(sold, "return", "regretted", "lamp")),
        f"/stores/lamps/vendors/{mall.pk}/": (
            "Purchases",
            keys(sold, "return", "regretted", "lamp"),
        ),
        f"/stores/lamps/customers/{anna.pk}/": ("Purchases and gifts", keys(sold, "gift", "lamp")),
    }

    for url, (words, wanted) in lead.items():
        (link,) = [one for one in read(client.get(url)).one("main").all("a") if one.text == words]
        page = client.get(link["href"])
        assert [row["pk"] for row in page.context["table"].data] == wanted, url


def test_a_customer_who_was_archived_is_still_filtered_by_name(client, sold):
    profiles.archive(customer=sold["lamp"].payer, by=None)

    assert found(client, customer="anna.bell") == keys(sold, "gift", "lamp")


def test_payouts_of_a_sale_are_not_made_by_looking(client, store, sold):
    before = Payout.objects.count()

    client.get(f"{URL}{sold['lamp'].pk}/")

    assert Payout.objects.count() == before


def test_what_the_store_sent_is_no_sale(store, client):
    lamp = make_product(store, "Lamp")
    purchase = checkout.send(store=store, product=lamp, to=Person("carla.dee"), by=None)

    (row,) = client.get(URL).context["table"].data

    assert (row["pk"], row["kind"]) == (purchase.pk, "Sent by the store")
    assert client.get(f"{URL}{purchase.pk}/").context["story"].kind == "Sent by the store"
