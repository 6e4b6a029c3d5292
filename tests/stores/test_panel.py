"""The panel of filters of a list: drawn once while nothing is chosen, and never for what it is not."""

import pytest
from django.core.cache import caches
from django.test import Client

from tests.doors.pages import Node, read
from tests.factories import make_category, make_member, make_plain_store, make_product, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_drawn():
    caches["template_fragments"].clear()


@pytest.fixture
def store():
    return make_store("lamps")


def client_of(store) -> Client:
    client = Client()
    client.force_login(make_member(store).user)
    return client


@pytest.fixture
def client(store):
    return client_of(store)


def field(client: Client, url: str, name: str, tag: str = "input") -> Node:
    """A field of the panel on a page."""
    return read(client.get(url)).one("div", id="filter-fields").one(tag, name=name)


def test_what_is_typed_stays_and_is_no_others(client):
    url = "/stores/lamps/customers/"
    assert "value" not in field(client, url, "spent_more")
    assert field(client, f"{url}?spent_more=1234", "spent_more")["value"] == "1234"
    assert field(client, f"{url}?spent_more=x", "spent_more")["value"] == "x"
    assert "is-invalid" in field(client, f"{url}?spent_more=x", "spent_more")["class"]
    assert "value" not in field(client, url, "spent_more")
    assert "is-invalid" not in field(client, url, "spent_more")["class"]


def test_amounts_are_asked_for_in_the_currency_of_the_store(client):
    dollars = make_plain_store("soap")

    assert field(client, "/stores/lamps/customers/", "spent_more")["inputmode"] == "numeric"
    page = "/stores/soap/customers/"
    assert field(client_of(dollars), page, "spent_more")["inputmode"] == "decimal"


def test_choices_of_the_store_are_those_of_now(client, store):
    make_product(store, "Lamp", category=make_category(store, "Lights"))
    assert "Chairs" not in field(client, "/stores/lamps/products/", "category", "select").text

    make_category(store, "Chairs")

    assert "Chairs" in field(client, "/stores/lamps/products/", "category", "select").text
