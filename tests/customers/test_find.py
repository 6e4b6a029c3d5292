"""Going to a customer by a few letters: who is found, in which order, at what cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import profiles
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_member, make_plain_store, make_store

pytestmark = pytest.mark.django_db
URL = "/stores/lamps/customers/find/"


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    client = Client()
    client.force_login(make_member(store, "viewer").user)
    return client


def found(client, typed: str) -> list[tuple[str, str]]:
    page = read(client.get(URL, {"q": typed}))
    (found,) = page.all("ul", class_="go-list")
    assert found["data-typed"] == typed
    return [(link["title"], link["href"]) for link in found.all("a")]


def test_who_spent_most_comes_first_and_eight_are_shown(client, store):
    people = [make_customer(store, f"resident{number}") for number in range(10)]
    for number, one in enumerate(people):
        buy(one, money=number * 10)

    expected = [
        (f"resident{number}", people[number].get_absolute_url()) for number in range(9, 1, -1)
    ]
    assert found(client, "resident") == expected


def test_they_are_found_as_in_the_list(client, store):
    anna = make_customer(store, "anna.bell", email="lily@example.org")
    make_customer(store, "bert")

    for typed in ("an", "anna bell", "lily@"):
        assert found(client, typed) == [("anna.bell", anna.get_absolute_url())]


def test_nobody_else_is_found(client, store):
    make_customer(make_store("stars"), "anna.star")
    profiles.archive(customer=make_customer(store, "anna.gone"), by=None)

    assert found(client, "anna") == []
    assert "No customer found." in read(client.get(URL, {"q": "anna"})).text


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_nothing_typed_finds_nobody_and_asks_nothing(client, store, typed):
    make_customer(store, "anna")
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        assert found(client, typed) == []

    assert len(asked) == 3  # the session, the user, the door of the store


def test_names_are_only_text():
    member = make_member(make_plain_store("lamps"))
    make_customer(member.store, "<b>anna</b>")
    client = Client()
    client.force_login(member.user)

    ((name, _),) = found(client, "anna")
    assert name == "<b>anna</b>"
    assert read(client.get(URL, {"q": "anna"})).all("b") == []


def test_it_takes_three_queries_more_than_the_door(client, store):
    for number in range(10):
        make_customer(store, f"anna{number}")
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        assert len(found(client, "anna")) == 8

    assert len(asked) == 6
    assert not any("OFFSET" in query["sql"] for query in asked.captured_queries)
