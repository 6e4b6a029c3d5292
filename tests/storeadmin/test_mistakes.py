"""A mistake of ours: a page that says so, with a number that the log has too."""

import re

import pytest
from django.test import Client

from stores.models import Store
from tests.doors.pages import read
from tests.factories import make_member, make_store

pytestmark = pytest.mark.django_db


def test_a_mistake_has_a_number_that_the_log_has_too(monkeypatch, caplog):
    client = Client(raise_request_exception=False)
    client.force_login(make_member(make_store("lamps"), "owner").user)

    def broken(store):
        raise LookupError("a mistake")

    monkeypatch.setattr(Store, "today", broken)

    response = client.get("/stores/lamps/customers/")

    number = response["X-Mistake"]
    assert response.status_code == 500
    assert re.fullmatch("[0-9a-f]{8}", number)
    page = read(response).one("main")
    assert page.one("h1").text == "Something went wrong on our side"
    assert page.one("span", class_="code").text == number
    assert f"mistake {number}: GET /stores/lamps/customers/" in caplog.messages
