"""Removing a product from what a customer owns, and undoing exactly that."""

import pytest
from django.test import Client

from customers.models import Purchase
from tests.doors.pages import read
from tests.factories import buy, figure, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def anna(store):
    return make_customer(store, "anna")


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp")


def signed_in(store, role="manager") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def manager(store):
    return signed_in(store)


def removal(customer, product) -> str:
    return f"{customer.get_absolute_url()}products/{product.pk}/removal/"


def undo_of(response) -> str:
    return read(response).one("div", id="toasts").all("a")[-1]["href"]


def test_a_removed_product_is_no_longer_owned_but_still_spent(manager, anna, lamp):
    buy(anna, lamp, money=70)
    url = removal(anna, lamp)
    fields = read(manager.get(url)).one("form", method="post", action=url).values()

    response = manager.post(url, fields)

    assert (response.status_code, response["Location"]) == (302, anna.get_absolute_url())
    assert (figure(anna, "owns"), figure(anna, "spent")) == (0, 70)
    profile = read(manager.get(anna.get_absolute_url()))
    assert "Owns no product." in profile.text
    assert len(profile.all("tr", class_="struck")) == 1


def test_undo_restores_exactly_what_was_removed(manager, anna, lamp):
    buy(anna, lamp)
    manager.post(removal(anna, lamp))
    again = buy(anna, lamp)
    second = manager.post(removal(anna, lamp), follow=True)

    url = undo_of(second)
    shown = read(manager.get(url)).one("form", method="post", action=url)
    manager.post(shown["action"], shown.values())

    marked = Purchase.objects.filter(payer=anna, removed_at=None).values_list("pk", flat=True)
    assert list(marked) == [again.pk]
    assert figure(anna, "owns") == 1


def test_an_undo_that_is_too_late_says_so(manager, anna, lamp, unchanged):
    buy(anna, lamp)
    url = undo_of(manager.post(removal(anna, lamp), follow=True))
    manager.post(url)

    with unchanged():
        response = manager.post(url, follow=True)

    said = read(response).one("div", id="toasts").all("p")[-1].text
    assert said == "That removal was undone already."


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "x",
        "2026-06-15",
        "2026-06-15T12:00:00",
        "2026-99-99T00:00:00Z",
        "9999-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_moment_that_is_none_undoes_nothing(manager, anna, lamp, unchanged, moment):
    buy(anna, lamp)
    url = removal(anna, lamp).replace("removal", "restoration")

    with unchanged():
        response = manager.post(f"{url}?removed_at={moment}")

    assert response.status_code == 302


def test_a_product_that_is_not_owned_is_not_removed(manager, anna, lamp, unchanged):
    with unchanged():
        response = manager.post(removal(anna, lamp), follow=True)

    said = read(response).one("div", id="toasts").one("p").text
    assert said == "anna does not own Lamp."


def test_in_a_dialog_the_answer_offers_the_undo(manager, anna, lamp):
    buy(anna, lamp)

    response = manager.post(removal(anna, lamp), headers=DIALOG)

    assert (response.status_code, response.content) == (204, b"")
    assert "Lamp was removed from anna." in response["HX-Trigger"]
    assert "/restoration/?removed_at=" in response["HX-Trigger"]


@pytest.mark.parametrize("page", ["removal", "restoration"])
def test_looking_changes_nothing(manager, anna, lamp, unchanged, page):
    buy(anna, lamp)
    url = removal(anna, lamp).replace("removal", page)

    with unchanged():
        whole, part = read(manager.get(url)), read(manager.get(url, headers=DIALOG))

    assert whole.one("h1").text == part.one("h2", id="dialog-title").text
    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)


@pytest.mark.parametrize("role", ["clerk", "viewer"])
@pytest.mark.parametrize("page", ["removal", "restoration"])
def test_only_managers_and_owners_do_it(store, anna, lamp, unchanged, role, page):
    buy(anna, lamp)
    client = signed_in(store, role)
    url = removal(anna, lamp).replace("removal", page)

    with unchanged():
        statuses = [client.get(url).status_code, client.post(url).status_code]

    assert statuses == [403, 403]
    assert "removal" not in client.get(anna.get_absolute_url()).content.decode()
