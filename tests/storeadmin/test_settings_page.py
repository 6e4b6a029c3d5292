"""The settings of a store: each section is saved alone, by its owner, and leaves its trail."""

import datetime as dt

import pytest
from django.test import Client

from customers.models import Purchase
from stores.models import AuditEntry, Store
from tests.doors.pages import Node, read
from tests.factories import buy, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
URL = "/stores/lamps/settings/"


@pytest.fixture
def store():
    return make_store("lamps", name="Lamps")


def signed_in(store, role: str = "owner") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def client(store):
    return signed_in(store)


def section(page: Node, name: str) -> Node:
    forms = page.all("form", method="post", action=URL)
    (found,) = [form for form in forms if form.values()["section"] == name]
    return found


def send(client, section_name: str, /, **typed):
    fields = {**section(read(client.get(URL)), section_name).values(), **typed}
    return client.post(URL, fields)


def test_name_and_group_are_saved(client, store):
    response = send(client, "store", name=" Lamps & more ", group_name="Lamp lovers")

    store.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, URL)
    assert (store.name, store.group_name) == ("Lamps & more", "Lamp lovers")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == (
        "store.edit",
        {"name": ["Lamps", "Lamps & more"], "group_name": ["", "Lamp lovers"]},
    )


def test_another_time_zone_counts_the_days_anew(client, store):
    at = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
    buy(make_customer(store), make_product(store), at=at)
    before = Purchase.objects.get().counts_on

    response = send(client, "calendar", time_zone="Australia/Sydney")

    store.refresh_from_db()
    assert response.status_code == 302
    assert store.time_zone == "Australia/Sydney"
    assert (before, Purchase.objects.get().counts_on) == (
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 1),
    )
    assert AuditEntry.objects.filter(action="store.time_zone").count() == 1


@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("store", "name", ""),
        ("store", "name", "x" * 121),
        ("store", "group_name", "x" * 121),
        ("calendar", "time_zone", "Mars/Olympus"),
        ("calendar", "time_zone", ""),
        ("calendar", "time_zone", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(client, unchanged, name, field, typed):
    with unchanged():
        response = send(client, name, **{field: typed})

    form = section(read(response), name)
    assert response.status_code == 200
    assert form.error(f"{name}_{field}")


def test_what_somebody_else_saved_meanwhile_is_said(client, store):
    page = read(client.get(URL))
    names, calendar = (section(page, name).values() for name in ("store", "calendar"))
    Store.objects.update(name="Other", time_zone="Europe/Paris")

    first = client.post(URL, {**names, "name": "Mine"})
    second = client.post(URL, {**calendar, "time_zone": "Asia/Tokyo"})
    store.refresh_from_db()
    between = (store.name, store.time_zone)
    again = client.post(URL, section(read(second), "calendar").values())

    store.refresh_from_db()
    assert (first.status_code, second.status_code, again.status_code) == (409, 409, 302)
    assert "Now “Other”, changed meanwhile." in section(read(first), "store").text
    assert between == ("Other", "Europe/Paris")
    assert store.time_zone == "Asia/Tokyo"


def test_the_same_again_changes_nothing(client, unchanged):
    with unchanged():
        statuses = [send(client, name).status_code for name in ("store", "calendar")]

    assert statuses == [302, 302]


@pytest.mark.parametrize("wanted", ["", "no such section", "x" * 3000])
def test_a_section_that_is_none_saves_nothing(client, unchanged, wanted):
    with unchanged():
        assert send(client, "store", section=wanted, name="Other").status_code == 200


@pytest.mark.parametrize("role", ["manager", "clerk", "viewer"])
def test_only_owners_see_the_settings(store, role):
    client = signed_in(store, role)

    assert [client.get(URL).status_code, client.post(URL).status_code] == [403, 403]
    assert URL not in client.get("/stores/lamps/customers/").content.decode()


def test_the_page_asks_little(client, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(3):
        client.get(URL)
