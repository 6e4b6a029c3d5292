"""Correcting the name of a customer, archiving one and listing them again."""

import uuid

import pytest
from django.test import Client

from customers import credit, profiles
from customers.models import Customer, CustomerCount
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_member, make_product, make_store

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
    assert links == ["Credit entries", "Purchases and gifts", "Correct the name", "Ban"]


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


ARCHIVED = f"{LIST}archived/"


def archived(client, query: str = "") -> list[str]:
    page = read(client.get(f"{ARCHIVED}{query}"))
    return [cell.one("a")["title"] for cell in page.all("td", class_="name")]


def test_the_customers_page_leads_to_the_archived_and_back(store):
    viewer = signed_in(store, "viewer")
    make_customer(store, "anna")

    there = read(viewer.get(LIST)).all("a", href=ARCHIVED)
    back = read(viewer.get(ARCHIVED)).one("div", class_="actions").all("a")

    assert [link.text for link in there] == ["Archived"]
    assert [(link.text, link["href"]) for link in back] == [("Customers", LIST)]


def test_nobody_archived_is_said_kindly(clerk, anna):
    page = read(clerk.get(ARCHIVED))

    assert page.one("div", class_="empty").one("h2").text == "No archived customers"


def test_archived_customers_are_listed_with_what_is_kept(clerk, store, anna, time_machine):
    buy(anna, make_product(store), money=1_250)
    credit.grant(customer=anna, balance="credit", amount=30, by=None)
    time_machine.move_to("2026-06-15T19:00:00Z")
    profiles.archive(customer=anna, by=None)
    profiles.archive(customer=make_customer(make_store(), "carl"), by=None)
    make_customer(store, "bert")

    page = read(clerk.get(ARCHIVED))

    heads = page.one("table").one("thead").all("th")
    assert [head.text for head in heads if "aria-sort" in head] == ["Archived"]
    (row,) = page.one("tbody").all("tr")
    assert row["data-href"] == anna.get_absolute_url()
    assert [cell.text for cell in row.all("td")] == [
        "ABanna.bel",
        "just now",
        "L$1,250",
        "1",
        "L$30",
        "L$0",
    ]
    assert page.one("p", id="count").text == "1 archived customer"


def test_archived_customers_come_latest_first_and_are_found_by_name(clerk, store, time_machine):
    for day, name in enumerate(("anna.bell", "bert", "carla")):
        time_machine.move_to(f"2026-06-1{day}T19:00:00Z")
        profiles.archive(customer=make_customer(store, name), by=None)

    shown = {query: archived(clerk, query) for query in ("", "?sort=archived", "?q=AN", "?q=%25")}

    assert shown == {
        "": ["carla", "bert", "anna.bell"],
        "?sort=archived": ["anna.bell", "bert", "carla"],
        "?q=AN": ["anna.bell"],
        "?q=%25": [],
    }


def test_who_is_listed_again_leaves_the_archived(clerk, anna):
    clerk.post(page_of(anna, "archive"))
    before = archived(clerk)

    clerk.post(page_of(anna, "unarchive"))

    assert (before, archived(clerk)) == (["anna.bel"], [])


def test_the_profile_says_the_old_names(clerk, anna):
    plain = read(clerk.get(anna.get_absolute_url()))
    for name in ("anna.ball", "anna.bel", "anna.ball", "anna.bell"):
        profiles.correct(customer=anna, username=name, by=None)

    page = read(clerk.get(anna.get_absolute_url()))

    assert "formerly" not in plain.text
    head = page.one("div", class_="profile-head")
    assert head.one("p").text == "formerly anna.ball, anna.bel"


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
