"""Ids, names and tokens of another store in queries and forms open nothing either."""

import uuid

import pytest
from django.urls import reverse

from customers.models import CreditEntry, Customer
from stores.models import Batch
from tests.doors import pages
from tests.doors.outcomes import declared
from tests.doors.routes import all_routes
from tests.doors.test_walk import address
from tests.doors.world import CANARY, CANARY_UUID, World, checksum, leaks, undone
from tests.factories import PASSWORD, balances, make_member


@pytest.fixture(autouse=True)
def whole(world, caplog):
    """Each test changes what it likes, and takes it back; the other store stays as it was even so."""
    caplog.set_level("CRITICAL", "django")
    with undone():
        yield
        assert checksum(world.other.store) == world.other_sum


def url(name: str, shop, *ids: int) -> str:
    return reverse(name, args=[shop.store.slug, *ids])


def profile(world: World, shop) -> str:
    return url("customers:profile", shop, shop.customer.pk)


def opened(world: World, path: str, actor: str = "owner") -> dict[str, str]:
    page = pages.read(world.ask(actor, "GET", path))
    return next(form.values() for form in page.all("form", method="post", action=path))


def foreign_opened(world: World) -> str:
    """What the profile of the other store's customer was opened with, as its own keeper sees it."""
    return opened(world, profile(world, world.other), "keeper")["opened"]


def test_a_profile_opened_in_another_store_is_not_saved_here(world):
    path = profile(world, world.own)
    fields = {**opened(world, path), "opened": foreign_opened(world), "note": "taken over"}

    response = world.ask("owner", "POST", path, fields)

    assert response.status_code == 200
    assert "The form is damaged; close it and open it again." in pages.read(response).text
    assert leaks(response, pages.body(response)) == []
    assert Customer.objects.get(pk=world.own.customer.pk).note == "home note"


def test_a_token_used_in_another_store_is_free_here(world):
    path = profile(world, world.own)
    token = uuid.uuid4()
    with undone():
        there = profile(world, world.other)
        fields = {**opened(world, there, "keeper"), "credit": "1", "reason": "other"}
        world.ask("keeper", "POST", there, {**fields, "token": token})
        assert CreditEntry.objects.filter(token=token).count() == 1

        fields = {**opened(world, path), "token": token, "credit": "100", "reason": "other"}
        response = world.ask("owner", "POST", path, fields)

        assert response.status_code == 302
        assert balances(world.own.customer) == (100, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"username": f"{CANARY}anna"},
        {"username": f"{CANARY}before"},
        {"username": "quite.new", "uuid": str(CANARY_UUID)},
    ],
)
def test_names_and_uuids_of_another_store_are_free_here(world, fields):
    path = url("customers:add", world.own)
    token = opened(world, path)["token"]

    response = world.ask("owner", "POST", path, {**fields, "token": token})

    assert response.status_code == 302
    added = Customer.objects.get(store=world.own.store, username=fields["username"])
    assert response["Location"] == added.get_absolute_url()


def test_a_product_of_another_store_filters_as_one_that_does_not_exist(world):
    path = url("customers:list", world.own)

    foreign, missing = (
        pages.read(world.ask("owner", "GET", path, {"owns": name}))
        for name in (world.other.product.name, "no such lamp")
    )

    assert foreign.error("owns") == missing.error("owns") == "There is no product of that name."
    assert foreign.one("div", id="results").text == missing.one("div", id="results").text


@pytest.mark.parametrize(
    ("page", "row", "fields"),
    [
        ("customers:bulk_credit", "customer", {"credit": "5", "reason": "other", "policy": "stop"}),
        ("products:bulk_discount", "product", {"discount": "7"}),
        ("products:bulk_rates", "stall", {"discount": "7"}),
    ],
)
def test_ticked_rows_of_another_store_are_none(world, page, row, fields):
    foreign = getattr(world.other, row).pk
    path = url(page, world.own)

    opened = world.ask("owner", "GET", path, {"tick": foreign})
    fields = {**fields, "ticked": foreign, "audience": "ticked"}
    response = world.ask("owner", "POST", path, fields)

    assert "Ticked (0)" in pages.read(opened).text
    batch = Batch.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (302, batch.get_absolute_url())
    assert (batch.store, batch.state, batch.planned) == (world.own.store, "previewed", 0)


def test_names_of_products_are_those_of_the_store(world):
    path = url("products:names", world.own)

    suggested = pages.read(world.ask("viewer", "GET", path, {"owns": "lamp"}))

    assert [option["value"] for option in suggested.all("option")] == ["home lamp"]


@pytest.mark.parametrize(
    "term",
    [f"{CANARY}anna", f"{CANARY}before", f"{CANARY}@example.org", str(CANARY_UUID), CANARY[:2]],
)
def test_a_search_for_people_of_another_store_finds_nobody(world, term):
    path = url("customers:list", world.own)

    page = pages.read(world.ask("owner", "GET", path, {"q": term}))

    assert page.one("div", id="results").one("h2").text == "No customers found"


@pytest.mark.parametrize("page", ["customers:list", "customers:purchases", "customers:credit"])
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_place_in_a_list_of_another_store_is_ignored(world, page, direction):
    def path(shop):
        return url(page, shop, *([] if page == "customers:list" else [shop.customer.pk]))

    shown = world.ask("keeper", "GET", path(world.other)).context["page"]

    plain = world.ask("owner", "GET", path(world.own))
    answer = world.ask("owner", "GET", path(world.own), {direction: shown.last_token})

    assert shown.last_token
    assert answer.context["page"].keys == plain.context["page"].keys
    assert leaks(answer, pages.body(answer)) == []


def test_a_picture_is_found_under_its_own_customer_only(world):
    own, other = world.own, world.other
    name = own.customer.picture.name.rpartition("/")[2]
    foreign = other.customer.picture.name.rpartition("/")[2]
    friend = url("customers:profile", own, own.friend.pk)

    answers = [
        world.ask("owner", "GET", path).status_code
        for path in (
            f"{friend}picture/{name}",
            f"{profile(world, own)}picture/{foreign}",
            f"{profile(world, own)}picture/..%2f{foreign}",
        )
    ]

    assert answers == [404, 404, 404]


@pytest.mark.parametrize(
    "where", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_host(world, where):
    fields = {"login": "the-owner", "password": PASSWORD, "next": where}

    response = world.ask("nobody", "POST", reverse("account_login"), fields)

    assert (response.status_code, response["Location"]) == (302, "/")


def test_every_change_wants_a_token_of_the_page(world):
    refused = {}

    for route in all_routes():
        row = declared(route.name)
        if "slug" in route.slots and row and row["POST"][0] == 302:
            path = address(route, world.own)
            client = world.clients["owner"]
            client.handler.enforce_csrf_checks = True
            refused[route.name] = world.ask("owner", "POST", path, {}).status_code
            client.handler.enforce_csrf_checks = False

    assert refused == dict.fromkeys(refused, 403)
    assert "customers:profile" in refused


@pytest.mark.parametrize("change", ["removed", "viewer", "inactive"])
def test_a_right_that_is_taken_away_is_gone_at_the_next_request(world, change):
    path = url("customers:add", world.own)
    user = world.users["owner"]
    before = world.ask("owner", "GET", path).status_code
    membership = world.own.store.members.filter(user=user)
    if change == "removed":
        membership.delete()
    elif change == "viewer":
        membership.update(role="viewer")
    else:
        type(user).objects.filter(pk=user.pk).update(is_active=False)

    after = world.ask("owner", "GET", path).status_code

    assert (before, after) == (200, {"removed": 404, "viewer": 403, "inactive": 302}[change])


def test_the_store_comes_from_the_address_not_from_the_session(world):
    make_member(world.third.store, "viewer", world.users["owner"])
    own, other = url("customers:list", world.own), url("customers:list", world.third)

    shown = [
        world.ask("owner", "GET", path).context["request"].store.slug for path in (own, other, own)
    ]

    assert shown == ["own-store", "third-store", "own-store"]
