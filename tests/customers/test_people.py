"""Correcting the name of a customer, archiving one and listing them again."""

import uuid

import pytest
from django.test import Client

from customers import profiles
from customers.models import Customer, CustomerCount
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_member, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
LIST = "/stores/lamps/customers/"
KNOWN = uuid.UUID("4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01")
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def anna(store):
    return make_customer(store, "anna.bel")


def signed_in(store, role="clerk") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def clerk(store):
    return signed_in(store)


def page_of(customer, name: str) -> str:
    return f"{customer.get_absolute_url()}{name}/"


def form(client, url: str):
    return read(client.get(url)).one("form", method="post", action=url)


def correct(client, customer, **typed: str):
    url = page_of(customer, "name")
    return client.post(url, {**form(client, url).values(), **typed})


def named(customer):
    return Customer.objects.values_list("username", "uuid").get(pk=customer.pk)


def found(client, term: str) -> list[str]:
    page = read(client.get(LIST, {"q": term}))
    return [cell.one("a")["title"] for cell in page.all("td", class_="name")]


def test_a_name_is_corrected_and_the_old_one_still_finds(clerk, anna):
    response = correct(clerk, anna, username="Anna Bell", uuid=str(KNOWN))

    assert (response.status_code, response["Location"]) == (302, anna.get_absolute_url())
    assert named(anna) == ("anna.bell", KNOWN)
    assert [found(clerk, term) for term in ("anna.bel", "anna.bell", "4f2b0c1e")] == [
        ["anna.bell"]
    ] * 3


def test_the_form_opens_with_what_is_known(clerk, anna):
    profiles.correct(customer=anna, username="anna.bell", uuid=KNOWN, by=None)

    values = form(clerk, page_of(anna, "name")).values()

    assert (values["username"], values["uuid"]) == ("anna.bell", str(KNOWN))


def test_nothing_changed_is_saved_as_nothing(clerk, anna, unchanged):
    with unchanged():
        response = correct(clerk, anna)

    assert response.status_code == 302


NOBODY = str(uuid.UUID(int=0))


@pytest.mark.parametrize("typed", ["", "  ", NOBODY])
def test_a_uuid_that_is_not_theirs_is_taken_out_and_free_for_its_owner(clerk, store, anna, typed):
    profiles.correct(customer=anna, username="anna.bel", uuid=KNOWN, by=None)

    response = correct(clerk, anna, uuid=typed)

    assert response.status_code == 302
    assert named(anna) == ("anna.bel", None)
    assert found(clerk, "4f2b0c1e") == []
    clerk.post(
        f"{LIST}add/",
        {**form(clerk, f"{LIST}add/").values(), "username": "bert", "uuid": str(KNOWN)},
    )
    assert found(clerk, "4f2b0c1e") == ["bert"]


def test_a_uuid_that_came_in_meanwhile_is_kept(clerk, anna, unchanged):
    url = page_of(anna, "name")
    blank = form(clerk, url).values()
    profiles.correct(customer=anna, username="anna.bel", uuid=KNOWN, by=None)
    stale = form(clerk, url).values() | {"uuid": ""}
    another = uuid.uuid4()

    with unchanged():
        clerk.post(url, blank)
    profiles.correct(customer=anna, username="anna.bel", uuid=another, by=None)
    with unchanged():
        clerk.post(url, stale)

    assert named(anna) == ("anna.bel", another)


def test_it_says_whether_anything_was_saved(clerk, anna):
    profiles.correct(customer=anna, username="anna.bel", uuid=KNOWN, by=None)
    url = page_of(anna, "name")
    values = form(clerk, url).values()

    said = [
        clerk.post(url, {**values, **typed}, headers=DIALOG)["HX-Trigger"]
        for typed in ({}, {"uuid": ""}, {"uuid": ""})
    ]

    assert ["anna.bel was saved." in one for one in said] == [False, True, False]
    assert ["Nothing was changed." in one for one in said] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("username", ""), ("username", "a_b"), ("username", "x" * 65), ("uuid", "no uuid")],
)
def test_what_cannot_be_taken_is_said_at_its_field(clerk, anna, unchanged, name, typed):
    with unchanged():
        response = correct(clerk, anna, **{name: typed})

    shown = read(response).one("form", method="post", action=page_of(anna, "name"))
    assert response.status_code == 200
    assert shown.error(name) != ""
    assert shown.values()[name] == typed


@pytest.mark.parametrize("typed", [{"username": "Bert"}, {"uuid": str(KNOWN)}])
def test_what_is_somebody_elses_leads_to_them(clerk, store, anna, unchanged, typed):
    bert = make_customer(store, "bert", uuid=KNOWN)

    with unchanged():
        response = correct(clerk, anna, **typed)

    shown = read(response).one("form", method="post", action=page_of(anna, "name"))
    assert shown.error(next(iter(typed))) == "That is bert."
    assert bert.get_absolute_url() in [link.attrs.get("href") for link in shown.all("a")]


def test_an_archived_customer_is_gone_from_the_list_and_kept(clerk, store, anna):
    buy(anna, money=5)
    url = page_of(anna, "archive")
    asked = form(clerk, url)

    response = clerk.post(url, asked.values())

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert found(clerk, "anna") == []
    assert CustomerCount.objects.get(store=store).listed == 0
    profile = read(clerk.get(anna.get_absolute_url()))
    assert "not listed, not counted" in profile.one("p", class_="alert-warning").text
    links = [link.text for link in profile.one("p", class_="profile-links").all("a")]
    assert links == ["Credit entries", "Correct the name"]


def test_archiving_offers_to_undo_it(clerk, anna):
    response = clerk.post(page_of(anna, "archive"), follow=True)

    said = read(response).one("div", id="toasts")
    assert said.one("p").text == "anna.bel was archived. Undo"
    assert said.one("a")["href"] == page_of(anna, "unarchive")


def test_an_archived_customer_is_listed_again(clerk, store, anna):
    clerk.post(page_of(anna, "archive"))
    url = page_of(anna, "unarchive")

    response = clerk.post(url, form(clerk, url).values())

    assert (response.status_code, response["Location"]) == (302, anna.get_absolute_url())
    assert found(clerk, "anna") == ["anna.bel"]
    assert CustomerCount.objects.get(store=store).listed == 1


@pytest.mark.parametrize("page", ["archive", "unarchive"])
def test_doing_it_twice_counts_once(clerk, store, anna, page):
    clerk.post(page_of(anna, page))
    clerk.post(page_of(anna, page))

    assert CustomerCount.objects.get(store=store).listed == (0 if page == "archive" else 1)


@pytest.mark.parametrize("page", ["name", "archive", "unarchive"])
def test_looking_changes_nothing_also_in_a_dialog(clerk, anna, unchanged, page):
    with unchanged():
        whole = read(clerk.get(page_of(anna, page)))
        part = read(clerk.get(page_of(anna, page), headers=DIALOG))

    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)
    assert part.one("h2", id="dialog-title").text == whole.one("h1").text
    assert part.one("form")["hx-post"] == page_of(anna, page)


@pytest.mark.parametrize("page", ["name", "archive", "unarchive"])
def test_a_dialog_closes_when_it_is_done(clerk, anna, page):
    fields = {"username": "anna.bell"} if page == "name" else {}

    response = clerk.post(page_of(anna, page), fields, headers=DIALOG)

    assert (response.status_code, response.content) == (204, b"")
    assert '"dialog:close"' in response["HX-Trigger"]


@pytest.mark.parametrize("page", ["name", "archive", "unarchive"])
def test_a_viewer_does_none_of_it(store, anna, unchanged, page):
    viewer = signed_in(store, "viewer")

    with unchanged():
        statuses = [viewer.get(page_of(anna, page)).status_code]
        statuses.append(viewer.post(page_of(anna, page), {"username": "x"}).status_code)

    assert statuses == [403, 403]
