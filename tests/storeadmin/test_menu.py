"""The menu of a store: kept between visits, and yet each sees their own, where they are."""

import pytest
from django.test import Client

from stores.models import Role
from tests.doors.pages import read
from tests.factories import make_member, make_store

pytestmark = pytest.mark.django_db

OWNERS_ONLY = {"Books", "Members", "Settings"}


@pytest.fixture
def store():
    return make_store("lamps")


def visit(store, role=Role.OWNER, path="customers/"):
    client = Client()
    client.force_login(make_member(store, role).user)
    return read(client.get(f"/stores/{store.slug}/{path}"))


def links(page):
    return {link.text.strip(): link for link in page.one("nav", class_="main-menu").all("a")}


def to_go(page):
    return {link.text.strip() for link in page.one("ul", id="go-pages").all("a")}


@pytest.mark.parametrize("first", [Role.OWNER, Role.VIEWER])
def test_each_role_sees_its_own_whoever_came_before(store, first):
    second = Role.VIEWER if first == Role.OWNER else Role.OWNER
    seen = {role: visit(store, role) for role in (first, second)}
    assert set(links(seen[Role.OWNER])) - set(links(seen[Role.VIEWER])) == OWNERS_ONLY | {"Exports"}
    for page in seen.values():
        assert to_go(page) == set(links(page))


def test_it_shows_where_one_is(store):
    for path, name in [
        ("customers/", "Customers"),
        ("batches/", "Bulk changes"),
        ("customers/", "Customers"),
    ]:
        shown = links(visit(store, path=path))
        assert [label for label, link in shown.items() if "aria-current" in link.attrs] == [name]


def test_it_leads_to_pages_of_the_store_one_is_in(store):
    other = make_store("tables")
    for one in (store, other, store):
        assert all(
            link["href"].startswith(f"/stores/{one.slug}/") for link in links(visit(one)).values()
        )


def test_the_name_of_a_store_is_not_kept(store):
    visit(store)
    store.name = "Brighter Lamps"
    store.save()
    assert "Brighter Lamps" in visit(store).one("header", class_="side").text


def test_who_signs_out_sends_a_token_of_their_own(store):
    tokens = {visit(store).one("meta", name="csrf-token")["content"] for _ in range(2)}
    forms = {
        visit(store).one("details", class_="user").one("input", name="csrfmiddlewaretoken")["value"]
        for _ in range(2)
    }
    assert len(tokens) == len(forms) == 2


def test_stores_to_switch_between_stand_in_order_whatever_their_case(store):
    user = make_member(store).user
    for name in ("Zebra", "apple", "Banana"):
        make_member(make_store(name.lower(), name=name), user=user)
    client = Client()
    client.force_login(user)
    switcher = read(client.get("/stores/lamps/customers/")).one("details", class_="switcher")
    assert [link.text for link in switcher.one("ul").all("a")][:2] == ["apple", "Banana"]
