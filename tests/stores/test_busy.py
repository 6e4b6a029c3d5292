"""A database that is busy or gone for a moment: an answer that says so, no error page of ours."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from stores.models import Store
from tests.doors.pages import read
from tests.factories import make_member, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make_member(make_store("lamps"), "owner").user)
    return client


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("closed")]
)
def test_a_busy_database_is_503_with_a_hint(client, monkeypatch, error):
    def busy(store):
        raise error

    monkeypatch.setattr(Store, "today", busy)

    response = client.get("/stores/lamps/customers/")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Busy for a moment" in read(response).one("main").text


@pytest.mark.parametrize(
    "error", [LookupError("a mistake"), OperationalError("no such table: stores_store")]
)
def test_any_other_error_is_not_hidden(client, monkeypatch, error):
    def broken(store):
        raise error

    monkeypatch.setattr(Store, "today", broken)

    with pytest.raises(type(error), match=str(error)):
        client.get("/stores/lamps/customers/")
