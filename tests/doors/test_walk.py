"""The walk through every door: each route and method, for each kind of person, with ids of another store in every slot."""

import itertools

import pytest
from django.apps import apps as django_apps
from django.urls import reverse

from tests.doors import pages
from tests.doors.outcomes import (
    ACTORS,
    BODIES,
    METHODS,
    OF_ROW,
    OUTCOMES,
    PREVIEWED,
    QUERIES,
    SLOTS,
    declared,
)
from tests.doors.routes import Route, all_routes
from tests.doors.world import World, checksum, leaks, undone
from tests.turns import in_turn

ROUTES = all_routes()
IN_STORES = [route for route in ROUTES if "slug" in route.slots]
ADMIN = [route for route in ROUTES if route.name.startswith("admin:")]
OUTSIDE = [route for route in ROUTES if "slug" not in route.slots and route not in ADMIN]
SAFE = ("GET", "HEAD", "OPTIONS")
# The ways to fill the slots for fragments, and for all methods but the two that do the work of a page.
BRIEFLY = ("own", "own slug, foreign ids", "foreign")
NOWHERE = {
    "slug": "no-such-store",
    "name": "no.webp",
    **dict.fromkeys(
        (
            "pk",
            "tier",
            "purchase",
            "delivery",
            "payout",
            "product",
            "category",
            "vendor",
            "group",
            "member",
            "invitation",
            "entry",
            "upload",
            "batch",
            "coupon",
            "view",
        ),
        "987654321",
    ),
    "quote": "00000000-0000-4000-8000-000000000001",
}


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Refusals are what is asked for here; nobody needs a line about each."""
    caplog.set_level("CRITICAL", "django")


def named(routes: list[Route]):
    return pytest.mark.parametrize("route", routes, ids=[route.name for route in routes])


def slot_of(route: Route, slot: str) -> str:
    """Slots are told apart by the namespace of their route."""
    space, colon, _ = route.name.partition(":")
    return slot if slot == "slug" or not colon else f"{space}:{slot}"


def filled(route: Route, shop) -> dict[str, str]:
    """What the shop fills the slots with; a route may have a row of its own."""
    values = shop.slots
    missing = [slot for slot in route.slots if slot_of(route, slot) not in values]
    assert missing == [], f"tell `Shop.slots` in tests/doors/world.py what fills {missing}"
    return {
        slot: values.get(f"{route.name}:{slot}", values[slot_of(route, slot)])
        for slot in route.slots
    }


def address(route: Route, shop) -> str:
    """Where the rows of that shop stand; outside of stores, the slots as declared."""
    if "slug" in route.slots:
        return route.path(filled(route, shop))
    missing = [slot for slot in route.slots if slot_of(route, slot) not in SLOTS]
    assert missing == [], f"say in SLOTS (tests/doors/outcomes.py) what fills {missing}"
    values = {slot: SLOTS[slot_of(route, slot)] for slot in route.slots}
    if "object_id" in values and "content_type_id" not in values:
        _, app, model, *_ = route.pattern.split("/")
        row = django_apps.get_model(app, model)._default_manager.order_by("pk").first()
        values["object_id"] = str(row.pk) if row else values["object_id"]
    return route.path(values)


def ids_of(route: Route) -> list[str]:
    """The slots of rows; every store has the same lists and the same help."""
    return [slot for slot in route.slots if slot not in ("slug", "list", "topic")]


def fields_of(world: World, route: Route, actor: str, shop) -> dict[str, str]:
    """What the form of the route is sent with: as declared, else as its page offers it."""
    if route.name in BODIES:
        return BODIES[route.name](shop)
    if (route, actor) not in world.fields:
        world.fields[route, actor] = offered(world, route, actor)
    return world.fields[route, actor]


def offered(world: World, route: Route, actor: str) -> dict[str, str]:
    """The fields of the form that stands on the page of the route, as it is opened."""
    page = world.ask(actor, "GET", address(route, world.own))
    pages.body(page)
    if page.status_code != 200 or not pages.is_html(page):
        return {}
    forms = [
        form
        for form in pages.read(page).all("form", method="post")
        if form.attrs.get("action", "").partition("?")[0] == page.request["PATH_INFO"]
    ]
    return forms[0].values() if forms else {}


def faults_of(response, *, route: Route, seen: set) -> list[str]:
    """What is wrong with an answer; pages that differ in nothing but ids are read once."""
    shown = response.status_code == 200 and response.wsgi_request.method != "OPTIONS"
    picture = route.name in ("customers:picture", "products:image") and shown
    faults = pages.header_faults(response, picture=picture)
    kind = (route, response.status_code, bool(response.wsgi_request.headers.get("HX-Request")))
    if not route.name.startswith("admin:") and (response.status_code < 400 or kind not in seen):
        faults += pages.inline_faults(response)
        seen.add(kind)
    return faults


def test_every_route_is_declared_and_nothing_else():
    names = {route.name for route in ROUTES}
    undeclared = sorted(name for name in names if declared(name) is None)
    gone = sorted(
        name
        for name in OUTCOMES
        if name not in names
        and not (name.endswith(":*") and {n for n in names if n[: len(name) - 1] == name[:-1]})
    )

    assert undeclared == [], "say in OUTCOMES (tests/doors/outcomes.py) what these answer to whom"
    assert gone == [], "these are declared in OUTCOMES but exist no more"
    wanted = set(METHODS) - {"HEAD"}
    rows = {name: set(row) - {"HEAD"} for name, row in OUTCOMES.items()}
    assert {name: row ^ wanted for name, row in rows.items() if row != wanted} == {}


@named(IN_STORES)
def test_doors_of_a_store(world, route):
    outcomes = declared(route.name)
    assert outcomes is not None, f"say in OUTCOMES what {route.name} answers to whom"
    found, wanted, faults = {}, {}, []

    for actor, method in itertools.product(ACTORS, METHODS):
        due = row_of(outcomes, method)[ACTORS.index(actor)]
        works, fragments = method in ("GET", "POST"), (False, True)
        for case, path, shop, expected in cases(world, route, due, method, actor):
            if not works and case not in BRIEFLY:
                continue
            for htmx in fragments if works and case in BRIEFLY else (False,):
                answer = ask(world, route, actor, method, path, shop, htmx=htmx)
                cell = (actor, method, case, *(["htmx"] if htmx else []))
                found[cell] = answer["status"]
                led_on = method == "POST" and expected == 302 and actor != "nobody"
                shown = 200 if route.name in PREVIEWED else 204
                wanted[cell] = shown if htmx and led_on else expected
                faults += [(cell, fault) for fault in answer["faults"]]

    assert faults == []
    assert {
        cell: (found[cell], wanted[cell]) for cell in found if found[cell] != wanted[cell]
    } == {}
    assert (checksum(), checksum(world.other.store)) == (world.sum, world.other_sum)


def row_of(outcomes, method: str):
    """What a method answers; HEAD answers as GET, where it is not declared otherwise."""
    return outcomes.get(method) or outcomes["GET"]


def cases(world: World, route: Route, due: int, method: str, actor: str):
    """Every way to fill the slots: name, address, shop whose rows stand in the form, status that is due."""
    own, other = filled(route, world.own), filled(route, world.other)
    hidden = 302 if actor == "nobody" else 404
    # A right is asked for, and a method refused, before any row is looked for, unless it is the right of the row.
    lost = (
        due
        if due in (302, 403, 404, 405)
        and not (method == "POST" and due == 302 and actor != "nobody")
        and not (due == 403 and route.name in OF_ROW)
        else 404
    )
    lost = due if method == "OPTIONS" else lost
    yield "own", route.path(own), world.own, due
    for slot in ids_of(route):
        yield f"foreign {slot}", route.path({**own, slot: other[slot]}), world.other, lost
        yield f"no such {slot}", route.path({**own, slot: NOWHERE[slot]}), world.own, lost
    if ids_of(route):
        ids = {slot: other[slot] for slot in ids_of(route)}
        yield "own slug, foreign ids", route.path({**own, **ids}), world.other, lost
        yield "foreign slug, own ids", route.path({**own, "slug": other["slug"]}), world.own, hidden
    yield "foreign", route.path(other), world.other, hidden
    yield "no such store", route.path({**own, "slug": NOWHERE["slug"]}), world.own, hidden


def test_doors_of_the_program(world):
    found, wanted, faults = {}, {}, []

    for route, actor, method in itertools.product(OUTSIDE, ACTORS, METHODS):
        outcomes = declared(route.name)
        assert outcomes is not None, f"say in OUTCOMES what {route.name} answers to whom"
        path = address(route, world.own)
        cell = (route.name, actor, method)
        answer = ask(world, route, actor, method, path, world.own, htmx=False)
        found[cell] = answer["status"]
        wanted[cell] = row_of(outcomes, method)[ACTORS.index(actor)]
        faults += [(cell, fault) for fault in answer["faults"]]

    assert {
        cell: (found[cell], wanted[cell]) for cell in found if found[cell] != wanted[cell]
    } == {}
    assert checksum() == world.sum
    assert faults == []


def test_the_admin_is_for_staff_only(world):
    faults, found = [], {}

    # Who is no staff is led away before anything is looked at, whoever they are and whatever they send.
    ends = list(itertools.product(("owner", "nobody"), ("GET", "POST")))
    theirs = [route for route in ADMIN if declared(route.name) is OUTCOMES["admin:*"]]
    for route, actor, method in (
        (route, *pair)
        for place, route in enumerate(theirs)
        for pair in dict.fromkeys([*ends, *in_turn(ACTORS, METHODS, start=place)])
    ):
        with undone() as said:
            answer = world.ask(actor, method, address(route, world.own))
        found[route.pattern, method, actor] = answer.status_code, answer.headers.get("Location", "")
        faults += pages.header_faults(answer) + leaks(answer, pages.body(answer))
        faults += [f"{method} {route.pattern} writes"] * said["wrote"]

    start = reverse("admin:login")
    away = {
        cell: led
        for cell, led in found.items()
        if led[0] != OUTCOMES["admin:*"][{"HEAD": "GET"}.get(cell[1], cell[1])][0]
        or (led[1].partition("?")[0] != start and cell[0] != "admin/logout/")
    }
    assert away == {}
    assert faults == []


@pytest.mark.parametrize("actor", ["staff", "superuser"])
def test_reading_the_admin_changes_nothing(world, actor):
    faults = []

    for route in ADMIN:
        with undone() as said:
            answer = world.ask(actor, "GET", address(route, world.own))
            content = pages.body(answer)
            if said["wrote"] and checksum() != world.sum:
                faults.append(f"{route.pattern} changes rows")
        if answer.status_code >= 500:
            faults.append(f"{route.pattern} answers {answer.status_code}")
        faults += [f"{route.pattern}: {fault}" for fault in pages.header_faults(answer)]
        if actor == "staff":
            faults += [f"{route.pattern} leaks {word}" for word in leaks(answer, content)]

    assert faults == []


def ask(world: World, route: Route, actor: str, method: str, path: str, shop, *, htmx: bool):
    """One request, taken back: its status and all that is wrong with it."""
    options = {"headers": {"HX-Request": "true", "HX-Target": "results"}} if htmx else {}
    if route.name in QUERIES:
        options["query_params"] = QUERIES[route.name](shop)
    data = fields_of(world, route, actor, shop) if method == "POST" else None
    with undone() as said:
        response = world.ask(actor, method, path, data, **options)
        content = pages.body(response)
        faults = faults_of(response, route=route, seen=world.seen)
        if said["wrote"] and checksum(world.other.store) != world.other_sum:
            faults.append("rows of the other store were changed")
        if said["wrote"] and method in SAFE and checksum() != world.sum:
            faults.append("rows were changed")
    asked = str(options.get("query_params", ""))
    faults += [
        f"leaks {word}"
        for word in leaks(response, content)
        if word not in path and word not in asked
    ]
    if response.status_code >= 500:
        faults.append(repr(getattr(response, "exc_info", None)))
    return {"status": response.status_code, "faults": faults}
