"""Adding a customer by hand."""

import uuid

import pytest
from django.test import Client

from customers import profiles
from customers.models import CreditEntry, Customer
from tests.doors.pages import read
from tests.factories import balances, make_customer, make_member, make_plain_store, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
URL = "/stores/lamps/customers/add/"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
KNOWN = uuid.UUID("4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01")


@pytest.fixture
def store():
    return make_store("lamps")


def signed_in(store, role="owner") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def owner(store):
    return signed_in(store)


def opened(client) -> dict[str, str]:
    return read(client.get(URL)).one("form", method="post", action=URL).values()


def add(client, **typed: str):
    return client.post(URL, {**opened(client), **typed})


def test_a_customer_is_added_with_what_they_start_with(owner, store):
    response = add(
        owner,
        username=" Jane  Doe ",
        uuid=str(KNOWN).upper(),
        credit="1,000",
        restricted="5",
        discount="10",
    )

    jane = Customer.objects.get(store=store)
    assert (response.status_code, response["Location"]) == (302, jane.get_absolute_url())
    assert (jane.username, jane.uuid, jane.discount) == ("jane.doe", KNOWN, 10)
    assert balances(jane) == (1000, 5)
    entries = CreditEntry.objects.filter(account=jane.pk).order_by("balance")
    assert [(one.balance, one.delta, one.kind) for one in entries] == [
        ("credit", 1000, "opening"),
        ("restricted", 5, "opening"),
    ]


def test_a_name_alone_is_enough(owner, store):
    add(owner, username="janedoe Resident")

    jane = Customer.objects.get(store=store)
    assert (jane.username, jane.uuid, jane.discount, balances(jane)) == ("janedoe", None, 0, (0, 0))


def test_in_the_dialog_it_closes_and_says_so(owner, store):
    response = owner.post(URL, {**opened(owner), "username": "jane"}, headers=DIALOG)

    assert (response.status_code, response.content) == (204, b"")
    assert "jane was added." in response["HX-Trigger"]


def test_the_dialog_is_the_form_without_its_frame(owner):
    part = read(owner.get(URL, headers=DIALOG))

    assert part.all("html") == []
    assert part.one("h2", id="dialog-title").text == "Add customer"
    assert part.one("form")["hx-post"] == URL


def test_looking_changes_nothing(owner, unchanged):
    with unchanged():
        owner.get(URL)


REFUSED = [
    ("username", ""),
    ("username", "   "),
    ("username", "a b c"),
    ("username", "jane_doe"),
    ("username", "jane.doe.third"),
    ("username", "ж"),
    ("username", "x" * 65),
    ("username", "x" * 129),
    ("uuid", "no uuid"),
    ("uuid", "4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e0"),
    ("credit", "-1"),
    ("credit", "9223372036854775808"),
    ("credit", "1000000000001"),
    ("credit", "٣"),
    ("restricted", "abc"),
    ("discount", "101"),
    ("discount", "101 %"),
    ("discount", "٥"),
]


def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_added(owner, unchanged):
    fields = {**opened(owner), "username": "jane", "uuid": str(KNOWN), "credit": "7"}
    answers = {}

    with unchanged():
        for name, typed in REFUSED:
            typed_all = {**fields, name: typed}
            response = owner.post(URL, typed_all)
            form = read(response).one("form", method="post", action=URL)
            kept = {n: v for n, v in form.values().items() if n != "csrfmiddlewaretoken"}
            wanted = {n: v for n, v in typed_all.items() if n != "csrfmiddlewaretoken"}
            answers[name, typed] = (response.status_code, bool(form.error(name)), kept == wanted)

    assert answers == dict.fromkeys(REFUSED, (200, True, True))


def test_control_characters_are_refused(owner, unchanged):
    fields = opened(owner)

    with unchanged():
        assert owner.post(URL, {**fields, "username": "ja\0ne"}).status_code == 400


@pytest.mark.parametrize("typed", ["jane.doe", "Jane Doe", "JANE.DOE", "Jane.Doe"])
def test_a_name_that_is_there_leads_to_that_customer(owner, store, unchanged, typed):
    jane = make_customer(store, "jane.doe")
    fields = opened(owner)

    with unchanged():
        response = owner.post(URL, {**fields, "username": typed})

    form = read(response).one("form", method="post", action=URL)
    (link,) = [link for link in form.all("a") if link.attrs.get("href") == jane.get_absolute_url()]
    assert (response.status_code, link.text) == (200, "jane.doe")
    assert form.error("username") == "That is jane.doe."


def test_a_uuid_that_is_there_leads_to_that_customer(owner, store, unchanged):
    jane = make_customer(store, "jane.doe", uuid=KNOWN)
    profiles.archive(customer=jane, by=None)
    fields = opened(owner)

    with unchanged():
        response = owner.post(URL, {**fields, "username": "other", "uuid": str(KNOWN)})

    form = read(response).one("form", method="post", action=URL)
    assert form.error("uuid") == "That is jane.doe, archived."
    assert jane.get_absolute_url() in [link.attrs.get("href") for link in form.all("a")]


def test_the_null_uuid_is_unknown(owner, store):
    add(owner, username="jane", uuid=str(uuid.UUID(int=0)))
    add(owner, username="bert", uuid=str(uuid.UUID(int=0)))

    assert list(Customer.objects.order_by("id").values_list("username", "uuid")) == [
        ("jane", None),
        ("bert", None),
    ]


def test_a_form_sent_twice_adds_one_customer(owner, store):
    fields = {**opened(owner), "username": "jane", "credit": "5"}

    statuses = [owner.post(URL, fields).status_code for _ in range(2)]

    jane = Customer.objects.get(store=store)
    assert statuses == [302, 200]
    assert balances(jane) == (5, 0)


@pytest.mark.parametrize(
    "again", [{"username": "joe"}, {"username": "joe", "credit": "9"}, {"username": "jane doe"}]
)
def test_a_form_sent_again_with_other_values_is_refused(owner, unchanged, again):
    fields = {**opened(owner), "username": "jane", "credit": "5", "discount": "10"}
    owner.post(URL, fields)

    with unchanged():
        response = owner.post(URL, {**fields, **again})

    form = read(response).one("form", method="post", action=URL)
    assert response.status_code == 409
    assert "This form was sent before, with other values." in form.text
    assert form.values()["username"] == again["username"]


def test_a_clerk_adds_without_credit_or_discount(store):
    clerk = signed_in(store, "clerk")
    fields = opened(clerk)

    clerk.post(
        URL, {**fields, "username": "jane", "credit": "9", "restricted": "9", "discount": "9"}
    )

    jane = Customer.objects.get(store=store)
    assert sorted(fields) == ["csrfmiddlewaretoken", "token", "username", "uuid"]
    assert (balances(jane), jane.discount) == ((0, 0), 0)


def test_a_viewer_adds_nobody(store, unchanged):
    viewer = signed_in(store, "viewer")

    with unchanged():
        statuses = [viewer.get(URL).status_code, viewer.post(URL, {"username": "jane"}).status_code]

    assert statuses == [403, 403]
    assert "add/" not in viewer.get("/stores/lamps/customers/").content.decode()


def test_other_stores_keep_the_name_as_it_is_written():
    store = make_plain_store("lamps")
    owner = signed_in(store)

    add(owner, username="Zoë  van der Berg", credit="12.50")

    zoe = Customer.objects.get(store=store)
    assert (zoe.username, balances(zoe)) == ("Zoë van der Berg", (1250, 0))
