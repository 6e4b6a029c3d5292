"""The page of all exports."""

import pytest

from tests.doors.pages import read
from tests.factories import make_store
from tests.sheets import sheet, signed_in

pytestmark = pytest.mark.django_db
URL = "/stores/lamps/exports/"


@pytest.fixture
def store():
    return make_store("lamps")


def test_every_export_has_a_word_and_a_link_that_opens(store):
    client = signed_in(store)

    sections = read(client.get(URL)).all("section", class_="export-entry")

    assert [one.one("h2").text for one in sections] == [
        "Customers",
        "Purchases",
        "Credit entries",
        "Products",
        "For the accountant",
        "Best customers",
        "Best products",
    ]
    for section in sections:
        page = read(client.get(section.one("a")["href"]))
        assert section.one("p").text
        assert len(sheet(client, page.one("form", id="export")["action"])) == 1


def test_the_menu_leads_there_who_may(store):
    def items(role):
        page = read(signed_in(store, role).get("/stores/lamps/customers/"))
        return [one["href"] for one in page.one("nav", class_="main-menu").all("a")]

    assert [URL in items(role) for role in ("owner", "manager", "clerk", "viewer")] == [
        True,
        True,
        False,
        False,
    ]


def test_who_may_not_export_is_refused_and_strangers_find_nothing(store):
    assert signed_in(store, "clerk").get(URL).status_code == 403
    assert signed_in(make_store()).get(URL).status_code == 404
