"""From one profile to the next in the list that it was opened from: the same order, few queries, by key."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import profiles
from customers.models import Customer
from stores.models import Store
from tests.customers.test_list_pages import SORTS, URL, crowded_store, expected, shown
from tests.doors.pages import Node, read
from tests.factories import make_customer, make_member

pytestmark = pytest.mark.django_db


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


def links(page: Node) -> tuple[str, str]:
    """Where the profile leads before and after; '' at the ends."""
    before, after = (page.one("a", id=f"beside-{name}") for name in ("before", "after"))
    assert [("href" in one) != ("aria-disabled" in one) for one in (before, after)] == [True, True]
    return before.attrs.get("href", ""), after.attrs.get("href", "")


def keys(page: Node) -> list[int | None]:
    found = (re.search(r"/customers/(\d+)/\?", link) for link in links(page))
    return [int(one[1]) if one else None for one in found]


def profile(client, key: int, query: str) -> Node:
    return read(client.get(f"{URL}{key}/{query}"))


@pytest.mark.parametrize("sort", SORTS)
def test_the_order_is_that_of_the_list(client, store, sort):
    order = expected(store, sort)

    for place in (0, 1, 60, len(order) - 1):
        beside = [order[place - 1] if place else None, *order[place + 1 : place + 2]]
        found = keys(profile(client, order[place], f"?sort={sort}"))
        assert found == [*beside, None][:2]


@pytest.mark.parametrize("query", ["q=customer1", "spent_more=0", "q=customer1&credit_more=1"])
@pytest.mark.parametrize("sort", ["-spent", "credit", "subscriber"])
def test_filters_narrow_it(client, query, sort):
    query = f"?{query}&sort={sort}"
    order = shown(client, f"{query}&per_page=100")
    assert 5 < len(order) < 100

    found = [keys(profile(client, key, query)) for key in order[:3]]
    assert found == [[None, order[1]], [order[0], order[2]], [order[1], order[3]]]


def test_rows_lead_there_and_profiles_on_and_back(client, store):
    order = shown(client, "?q=customer1&page=1&per_page=25")
    page = read(client.get(f"{URL}?q=customer1&page=1&per_page=25"))
    first = page.one("tbody").all("tr")[0]["data-href"]
    assert first == f"{URL}{order[0]}/?q=customer1&sort=-spent"

    here = read(client.get(first))
    _, after = links(here)
    assert after == f"{URL}{order[1]}/?q=customer1&sort=-spent"
    back = [link["href"] for link in here.all("a") if link.text == "All customers"]
    assert back == [f"{URL}?q=customer1&sort=-spent"]


def test_who_is_in_the_list_no_more_still_leads_on(client, store):
    order = expected(store, "-spent")
    profiles.archive(customer=Customer.objects.get(pk=order[5]), by=None)

    assert keys(profile(client, order[5], "?sort=-spent")) == [order[4], order[6]]
    assert keys(profile(client, order[4], "?sort=-spent")) == [order[3], order[6]]


@pytest.mark.parametrize("query", ["", "?q=customer1", "?sort=-spent&spent_more=lots"])
def test_without_a_list_there_are_no_links(client, store, query):
    page = profile(client, expected(store, "-spent")[3], query)

    assert page.all("ul", class_="beside") == []


def test_a_sort_that_there_is_not_is_that_of_the_list(client, store):
    order = expected(store, "-spent")

    assert keys(profile(client, order[3], "?sort=nothing")) == [order[2], order[4]]


def test_another_store_is_never_led_to(client, store):
    make_customer(stranger := Store.objects.create(slug="other", name="Other"), "aaa")
    assert stranger.pk != store.pk
    order = expected(store, "customer")

    assert keys(profile(client, order[0], "?sort=customer"))[0] is None


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("sort=-spent", 1),
        ("sort=-credit", 1),
        ("sort=-spent&q=customer1", 2),
        ("sort=owns&q=customer1&spent_more=0", 2),
    ],
)
def test_it_takes_at_most_two_queries_more_and_never_an_offset(client, store, query, more):
    key = expected(store, "-spent")[60]
    client.get(f"{URL}{key}/")
    with CaptureQueriesContext(connection) as plain:
        client.get(f"{URL}{key}/")
    with CaptureQueriesContext(connection) as led:
        client.get(f"{URL}{key}/?{query}")

    assert len(led) - len(plain) == more
    assert not any("OFFSET" in query["sql"] for query in led.captured_queries)
