"""Pages of the Customers list: no gaps, no repeats, the same by links as by number, however long the list is."""

from functools import cached_property

import pytest
from django.db.models import F, Q
from django.test import Client

from customers.identity import NewCustomer, add_many
from customers.models import CreditAccount, Customer
from customers.views import CustomerList
from stores import filterset, paging
from stores.filterset import StoreFilterSet
from stores.models import Store
from tests.doors.pages import read
from tests.factories import make_customer, make_member, make_store

pytestmark = pytest.mark.django_db
URL = "/stores/lamps/customers/"
SORTS = [f"{sign}{name}" for name in CustomerList.sorts for sign in ("", "-")]
TOTAL = 120


def crowded_store() -> Store:
    """120 customers with many ties in every column."""
    store = make_store("lamps")
    people = [NewCustomer(f"customer{number * 7 % TOTAL}") for number in range(TOTAL)]
    add_many(store=store, people=people)
    Customer.objects.filter(store=store).update(
        spent=F("id") % 4 - 1,
        spent_year=F("id") % 3,
        owns=F("id") % 2,
        discount=F("id") % 5,
        subscriber=Q(name_key__endswith="7"),
    )
    CreditAccount.objects.filter(store=store).update(credit=F("customer_id") % 4)
    return store


@pytest.fixture(scope="module")
def _store(once) -> Store:
    return once(crowded_store)


@pytest.fixture
def store(_store, db) -> Store:
    return Store.objects.get(pk=_store.pk)


@pytest.fixture
def client(store):
    client = Client()
    client.force_login(make_member(store, "viewer").user)
    return client


def shown(client, query: str) -> list[int]:
    response = client.get(query if query.startswith("/") else URL + query)
    assert response.status_code == 200, query
    return (
        [row["pk"] for row in response.context["table"].data] if "table" in response.context else []
    )


def expected(store, sort: str) -> list[int]:
    """All keys as the database orders them."""
    name = sort.removeprefix("-")
    column = {
        "customer": "name_key",
        "credit": "account__credit",
        "restricted": "account__restricted",
    }
    sign = "-" if sort.startswith("-") else ""
    rows = Customer.objects.filter(store=store, archived_at=None)
    return list(
        rows.order_by(sign + column.get(name, name), f"{sign}pk").values_list("pk", flat=True)
    )


def walk(client, url: str, link: str) -> list[list[int]]:
    """The pages from an address on, by their links."""
    pages = []
    while url:
        response = client.get(url)
        pages.append([row["pk"] for row in response.context["table"].data])
        url = read(response).one("a", id=link).attrs.get("href", "")
    return pages


@pytest.mark.parametrize("sort", SORTS)
def test_links_lead_through_all_pages_and_back(client, store, sort):
    order = expected(store, sort)
    pages = [order[start : start + 25] for start in range(0, TOTAL, 25)]
    start = f"{URL}?sort={sort}&per_page=25"

    forward = walk(client, start, "page-next")
    back = walk(client, f"{start}&page=last", "page-previous")
    numbered = [shown(client, f"{start}&page={number}") for number in range(1, 6)]

    assert forward == pages
    assert back[::-1] == pages
    assert numbered == pages


def test_links_keep_filters_sort_and_size(client, store):
    query = "?sort=-owns&per_page=25&spent_less=3&q=cust"

    page = read(client.get(URL + query + "&page=2"))

    links = [
        page.one("a", id=f"page-{name}")["href"] for name in ("first", "previous", "next", "last")
    ]
    kept = "sort=-owns&per_page=25&spent_less=3&q=cust"
    assert [link.startswith(f"{URL}?{kept}") for link in links] == [True] * 4
    assert links[0] == f"{URL}?{kept}"
    assert links[3] == f"{URL}?{kept}&page=5"
    sizes = {size: page.one("a", id=f"per-page-{size}")["href"] for size in (25, 50, 100)}
    assert sizes == {
        size: f"{URL}?sort=-owns&per_page={size}&spent_less=3&q=cust" for size in (25, 50, 100)
    }
    jump = page.one("form", class_="jump").values()
    assert jump == {"sort": "-owns", "per_page": "25", "spent_less": "3", "q": "cust", "page": "2"}


@pytest.mark.parametrize(
    ("per_page", "size"),
    [
        ("25", 25),
        ("50", 50),
        ("100", 100),
        ("", 50),
        ("10", 50),
        ("0", 50),
        ("-25", 50),
        ("٢٥", 50),
        ("25.0", 50),
        ("1000000", 50),
    ],
)
def test_size_of_a_page(client, store, per_page, size):
    assert len(shown(client, f"?per_page={per_page}")) == size


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "1.5", "٢", "1e1", "1", "01"])
def test_what_is_no_page_number_shows_the_first(client, store, number):
    assert shown(client, f"?per_page=25&page={number}") == expected(store, "-spent")[:25]


@pytest.mark.parametrize("number", ["6", "1,000", "999999999999999999"])
def test_a_page_beyond_the_last_is_answered_kindly(client, store, number):
    page = read(client.get(f"{URL}?per_page=25&sort=owns&page={number}"))

    empty = page.one("div", class_="empty")
    assert empty.one("p").text == "The last page is 5."
    assert empty.one("a")["href"] == f"{URL}?per_page=25&sort=owns&page=5"
    assert empty.one("h2").text.startswith("There is no page ")


def test_the_pager_says_where_one_is(client, store):
    first = read(client.get(f"{URL}?per_page=25"))
    last = read(client.get(f"{URL}?per_page=25&page=last"))

    assert first.one("p", id="count").text == "Showing 1–25 of 120 customers"
    assert last.one("p", id="count").text == "Showing 101–120 of 120 customers"
    off = {
        name: "href" not in first.one("a", id=f"page-{name}")
        for name in ("first", "previous", "next", "last")
    }
    assert off == {"first": True, "previous": True, "next": False, "last": False}
    off = {
        name: "href" not in last.one("a", id=f"page-{name}")
        for name in ("first", "previous", "next", "last")
    }
    assert off == {"first": False, "previous": False, "next": True, "last": True}


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_key_that_is_not_ours_is_ignored(client, store, name):
    first = expected(store, "-spent")[:25]
    token = client.get(f"{URL}?per_page=25&sort=owns").context["page"].last_token
    mine = client.get(f"{URL}?per_page=25").context["page"].last_token
    other = make_store("candles")
    make_customer(other, "anna")
    client.force_login(make_member(other, "viewer").user)
    foreign = client.get("/stores/candles/customers/").context["page"].last_token
    client.force_login(make_member(store, "viewer").user)

    tokens = [token, foreign, mine[:-1], "x" + mine, mine.replace(":", ""), "W10", "null", "🙂"]

    assert {t: shown(client, f"?per_page=25&{name}={t}") == first for t in tokens} == dict.fromkeys(
        tokens, True
    )


def test_a_customer_who_comes_in_between_shifts_nobody_on_the_next_page(client, store):
    order = expected(store, "-customer")
    page = read(client.get(f"{URL}?per_page=25&sort=-customer"))
    make_customer(store, "zoe")

    assert shown(client, page.one("a", id="page-next")["href"]) == order[25:50]


@pytest.fixture
def short(monkeypatch):
    """Limits so small that 120 customers are many."""
    monkeypatch.setattr(paging, "CAP", 40)
    monkeypatch.setattr(paging, "FAR", 30)
    monkeypatch.setattr(paging, "ANCHOR_STEP", 10)
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("sort", "size"), [("-spent", 7), ("spent", 13), ("credit", 7), ("-customer", 13)]
)
def test_anchors_and_pages_from_the_end_show_what_offset_shows(
    client, store, short, sort, size, monkeypatch
):
    from stores import addresses

    monkeypatch.setattr(addresses, "PER_PAGE", (7, 13, 100))
    order = expected(store, sort)

    pages = [order[start : start + size] for start in range(0, TOTAL, size)]
    numbered = [
        shown(client, f"?sort={sort}&per_page={size}&page={number}")
        for number in range(1, len(pages) + 1)
    ]

    assert numbered == pages
    assert walk(client, f"{URL}?sort={sort}&per_page={size}", "page-next") == pages


@pytest.mark.parametrize("sort", ["-spent", "credit", "customer"])
@pytest.mark.parametrize("query", ["q=cust", "q=cu", "q=cust&spent_less=2", "spent_less=2"])
def test_many_matches_are_walked_past_and_few_are_gathered_with_the_same_pages(
    client, store, monkeypatch, sort, query
):
    matching = Q(spent__lt=2) if "spent" in query else Q()
    keys = set(Customer.objects.filter(matching).values_list("pk", flat=True))
    order = [key for key in expected(store, sort) if key in keys]
    pages = [order[start : start + 25] for start in range(0, len(order), 25)]
    start = f"{URL}?sort={sort}&per_page=25&{query}"
    ways = []
    gathers = StoreFilterSet.gathers.func

    def asked(filters):
        ways.append(gathers(filters))
        return ways[-1]

    spied = cached_property(asked)
    spied.__set_name__(StoreFilterSet, "gathers")
    monkeypatch.setattr(StoreFilterSet, "gathers", spied)
    monkeypatch.setattr(filterset, "FEW", 0)

    linked = walk(client, start, "page-next")
    numbered = [shown(client, f"{start}&page={number}") for number in range(1, len(pages) + 1)]

    assert linked == numbered == pages
    # By links the next page is near. By number the last is so far that all are gathered.
    number = len(pages)
    assert ways[:number] == [False] * number
    assert (ways[number], ways[-1]) == (False, len(order) ** 2 <= TOTAL * number * 25)
    assert ways[-1]


@pytest.mark.parametrize("sort", ["-spent", "credit", "customer"])
def test_a_long_result_is_counted_to_the_cap_and_still_walked_whole(client, store, short, sort):
    few = set(Customer.objects.filter(spent__lt=2).values_list("pk", flat=True))
    order = [key for key in expected(store, sort) if key in few]
    start = f"{URL}?sort={sort}&per_page=25&spent_less=2"

    forward = walk(client, start, "page-next")
    back = walk(client, f"{start}&page=last", "page-previous")

    assert [key for page in forward for key in page] == order
    # The last page is full, so the first, walked back to, may show some rows of the second again.
    rest = [key for page in back[:-1][::-1] for key in page]
    assert rest == order[-len(rest) :]
    assert back[-1] == order[:25]
    assert len(rest) + 25 >= len(order)
    page = read(client.get(start))
    assert page.one("p", id="count").text == "Showing 1–25 of 40+ customers"
    beyond = read(client.get(f"{start}&page=3"))
    assert beyond.one("div", class_="empty").one("h2").text == "There is no page 3"


def test_the_size_of_a_page_is_remembered_and_told_to_others(client, store):
    stranger = Client()
    stranger.force_login(make_member(store, "clerk").user)
    client.get(f"{URL}?per_page=100")

    page = read(client.get(URL))

    assert len(shown(client, URL)) == 100
    assert page.one("a", id="page-next")["href"].startswith(f"{URL}?per_page=100&page=2&after=")
    assert page.one("form", class_="jump").values() == {"per_page": "100", "page": "1"}
    assert len(shown(stranger, URL)) == 50
    client.get(f"{URL}?per_page=50")
    assert len(shown(client, URL)) == 50
    assert "per_page" not in read(client.get(URL)).one("a", id="page-next")["href"]


@pytest.mark.parametrize("wanted", ["7", "1000", "", "x"])
def test_a_size_that_is_not_offered_is_not_remembered(client, store, wanted):
    client.get(f"{URL}?per_page={wanted}")

    assert len(shown(client, URL)) == 50
    assert "per_page" not in client.session
