"""Every word that a page shows goes through gettext: in a language that marks whatever is translated, nothing stays
unmarked but the data of the store.

`pytest tests/test_translation.py -k customers` lists what is left in one part of the program, with a page it stands on.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string

from storeadmin import help as help_pages
from tests.doors import pages
from tests.doors.conftest import NOW
from tests.doors.outcomes import QUERIES
from tests.doors.routes import Route, all_routes
from tests.doors.test_walk import address, fields_of
from tests.doors.world import World, undone
from tests.factories import make_member, make_store
from tests.marked import marked, shown, stored, told, unmarked

# They speak to programs or to those who write them, or to the keeper of the machine; the last two only lead on.
LEFT_OUT = set(
    "admin api openapi api_docs api_start healthz styleguide styleguide_form home account_set_password".split()
)


def part_of(route: Route) -> str:
    return route.name.partition(":")[0]


ROUTES = [route for route in all_routes() if part_of(route) not in LEFT_OUT]
PARTS = sorted({part_of(route) for route in ROUTES})

EMPTY = "empty-store"
HTMX = {"HX-Request": "true"}

HELP = {
    text
    for document in map(help_pages.read, help_pages.TOPICS)
    for text in (document.title, f"{document.title} · home store", document.words)
}


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> World:
    with time_machine.travel(NOW, tick=True):
        return once(world_and_empty_store)


def world_and_empty_store() -> World:
    world = World()
    make_member(make_store(EMPTY, name="home empty"), "owner", world.users["owner"])
    return world


@pytest.fixture
def world(made: World, db: None) -> Iterator[World]:
    with time_machine.travel(NOW, tick=True), marked():
        yield made


def answers(world: World, route: Route) -> Iterator[Any]:
    """The pages of a route and the pieces of them, its form sent with and without faults, and its lists where they find
    nothing or hold nothing.
    """
    path = address(route, world.own)
    query = QUERIES[route.name](world.own) if route.name in QUERIES else {}
    for actor in ("owner", "viewer") if "slug" in route.slots else ("owner", "nobody"):
        yield world.ask(actor, "GET", path, query)
        yield world.ask(actor, "GET", path, query, headers=HTMX)
    if route.slots == ("slug",):
        for asked in ({"q": "nowhere to be found"}, {"page": "99"}):
            yield world.ask("owner", "GET", path, asked)
        yield world.ask("owner", "GET", route.path({"slug": EMPTY}), query)
    yield world.ask("owner", "POST", path, {}, headers=HTMX)
    if "slug" in route.slots:
        yield world.ask(
            "owner", "POST", path, fields_of(world, route, "owner", world.own), headers=HTMX
        )


def left(world: World, part: str) -> dict[str, str]:
    """The words of a part that are not translated, each with the first request that shows it."""
    known = HELP if "help" in part else set()
    found: dict[str, str] = {}
    for route in ROUTES:
        if part_of(route) == part:
            with undone():
                said = [(asked_of(answer), words_of(answer)) for answer in answers(world, route)]
                data = stored()
            for asked, pieces in said:
                for words in unmarked(pieces, data, known):
                    found.setdefault(words, asked)
    return found


def asked_of(answer: Any) -> str:
    return f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']}"


def words_of(answer: Any) -> list[str]:
    is_page = bool(pages.body(answer)) and pages.is_html(answer)
    return [*told(answer), *(shown(pages.read(answer)) if is_page else ())]


@pytest.mark.parametrize("part", PARTS)
def test_every_word_is_translated(world, part, caplog):
    caplog.set_level("CRITICAL", "django")
    found = left(world, part)

    if found:
        lines = [f"{path:<50} {words}" for words, path in found.items()]
        pytest.fail("\n".join([f"{len(found)} not translated:", *lines]), pytrace=False)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_pages_of_errors_are_translated(world, name, rf):
    request = rf.get("/")
    request.user, request.htmx = world.users["owner"], False
    html = render_to_string(f"{name}.html", {"request_id": "1"}, request)

    assert list(unmarked(shown(pages.tree(html)), stored(), set())) == []
