"""The page of a vendor's key: made, shown once, replaced, revoked."""

import pytest
from django.test import Client

from sales import keys
from sales.models import VendorKey
from stores.models import AuditEntry
from tests import factories
from tests.doors.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return factories.make_store("lamps")


@pytest.fixture
def stall(store):
    return factories.make_vendor(store, "Stall")


@pytest.fixture
def client(store):
    client = Client()
    client.force_login(factories.make_member(store).user)
    return client


@pytest.fixture
def page(stall):
    return f"/stores/lamps/vendors/{stall.pk}/key/"


def secret_on(response):
    return read(response).one(id="secret").text


def test_a_key_is_made_and_shown_once(client, page, stall):
    assert "has no key" in read(client.get(page)).one("main").text

    response = client.post(page, {"pays_out": "on"})

    secret = secret_on(response)
    key = keys.find(secret)
    assert (key.vendor, key.pays_out, key.by) == (stall, True, key.by)
    assert read(response).one("button", data_copy=secret)
    again = client.get(page)
    assert secret not in again.content.decode()
    assert key.shown in read(again).one("main").text
    assert secret not in str(list(AuditEntry.objects.values()))


def test_it_is_shown_in_the_dialog_too(client, page):
    response = client.post(page, {}, headers={"HX-Request": "true", "HX-Target": "dialog-body"})

    assert keys.find(secret_on(response)).pays_out is False
    assert "HX-Trigger" not in response.headers


def test_another_key_takes_its_place(client, page):
    first = secret_on(client.post(page, {}))
    second = secret_on(client.post(page, {}))

    assert keys.find(first) is None
    assert keys.find(second)


def test_it_is_revoked_after_a_question(client, page):
    secret = secret_on(client.post(page, {}))
    asked = client.get(f"{page}revocation/")
    assert keys.find(secret)

    response = client.post(f"{page}revocation/")

    assert "refused at once" in read(asked).one("main").text
    assert response.status_code == 302
    assert keys.find(secret) is None
    assert "has no key" in read(client.get(page)).one("main").text


def test_whether_it_is_used_stands_there(client, page):
    secret = secret_on(client.post(page, {}))
    assert "never" in read(client.get(page)).one("dl", class_="figures").text
    keys.find(secret)
    assert "never" not in read(client.get(page)).one("dl", class_="figures").text


@pytest.mark.parametrize("role", ["manager", "clerk", "viewer"])
def test_only_owners_may(store, page, role, unchanged):
    client = Client()
    client.force_login(factories.make_member(store, role).user)
    with unchanged():
        for address in (page, f"{page}revocation/"):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403


def test_it_is_linked_from_the_vendor_for_owners(store, client, page, stall):
    links = read(client.get(stall.get_absolute_url())).one("p", class_="profile-links")
    assert links.one("a", href=page).text == "Key"

    manager = Client()
    manager.force_login(factories.make_member(store, "manager").user)
    links = read(manager.get(stall.get_absolute_url())).one("p", class_="profile-links")
    assert links.all("a", href=page) == []


def test_a_vendor_of_another_store_is_not_found(client, unchanged):
    theirs = factories.make_vendor(factories.make_store())
    keys.issue(vendor=theirs, by=None)
    with unchanged():
        for end in ("", "revocation/"):
            assert client.post(f"/stores/lamps/vendors/{theirs.pk}/key/{end}").status_code == 404
    assert VendorKey.objects.filter(revoked_at=None).count() == 1
