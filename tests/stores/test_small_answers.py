"""Pages go over the line packed, where the browser can unpack them."""

import gzip

import pytest
from django.test import Client

from tests.factories import make_customer, make_member, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    store = make_store("lamps")
    make_customer(store, "anna.bell")
    client = Client()
    client.force_login(make_member(store).user)
    return client


def test_a_page_is_packed(client):
    plain = client.get("/stores/lamps/customers/")
    packed = client.get("/stores/lamps/customers/", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) * 3 < len(plain.content)
    assert b"anna.bell" in gzip.decompress(packed.content)


def test_an_export_is_packed_as_it_streams(client):
    url, query = "/stores/lamps/customers/export.csv", {"sent": "yes", "column": "username"}
    plain = client.get(url, query)
    packed = client.get(url, query, headers={"accept-encoding": "gzip"})

    assert packed.streaming
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
