"""Every word that a page shows goes through gettext: in a language that marks whatever is translated, nothing stays
unmarked but the data of the store.

`pytest tests/test_translation.py -k customers` lists what is left in one part of the program, with a page it stands on.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from gettext import NullTranslations
from typing import Any
from zoneinfo import available_timezones

import pytest
import time_machine
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.translation import trans_real

from storeadmin import help as help_pages
from tests.conftest import all_rows
from tests.doors import pages
from tests.doors.conftest import NOW
from tests.doors.outcomes import QUERIES
from tests.doors.routes import Route, all_routes
from tests.doors.test_walk import address, fields_of
from tests.doors.world import World, undone
from tests.factories import make_member, make_store

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

# One letter alone is the initial of somebody without a picture.
LETTER = re.compile(r"[^\W\d_]{2}")
IN_A_MESSAGE = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>|&\w+;)")
# What is cut to fit its place may have lost its end.
MARKED = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)")
SHOWN = ("title", "placeholder", "aria-label", "alt")
# Code, the keys of a keyboard, the texts of the help, which are documents of their own, and the columns of a sheet,
# which are called as in its header.
NO_WORDS = ("script", "style", "code", "pre", "kbd")
NO_WORDS_CLASSES = {"code", "words", "export-columns"}
HELP = {
    text
    for document in map(help_pages.read, help_pages.TOPICS)
    for text in (document.title, f"{document.title} · home store", document.words)
}
DATA = [
    r"storeadmin",
    r"L\$|USD|EUR|UUID|CSV|UTF-8|UTF-16|Allomancy|CasperVend",
    # What the forms of the walk are sent with, and a field that is not for people.
    r"home word|home stool|nowhere to be found|somebody\.new|renamed|New (?:lamp|shelf|stall|street|view)|NEW-1",
    r"(?:TOTAL|INITIAL)_FORMS",
    r"https?://\S+|\S+@\S+|\S+\.csv",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"\b\d\d:\d\d (?:PDT|PST)|\bUTC\b",
]
ZONES = available_timezones()
OURS = re.compile(r"\b(?:home|the-)")
# Words of the program that are kept as they were written: by model, the fields; within JSON, under the key `words`.
KEPT = {"stores.Batch": ["title", "words"]}


class Marked(NullTranslations):
    """A language in which every message is its English, in brackets; what is filled in stands outside of them."""

    def gettext(self, message: str) -> str:
        pieces = IN_A_MESSAGE.split(message.rpartition("\x04")[2])
        return "".join(
            piece if place % 2 or not LETTER.search(piece) else f"⟦{piece}⟧"
            for place, piece in enumerate(pieces)
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def to_language(self) -> str:
        return "en"


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> World:
    with time_machine.travel(NOW, tick=True):
        return once(world_and_empty_store)


def world_and_empty_store() -> World:
    world = World()
    make_member(make_store(EMPTY, name="home empty"), "owner", world.users["owner"])
    return world


@pytest.fixture
def world(made: World, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    marked = Marked()
    # Panels are kept by language: nobody shall see those of another one that calls itself English.
    panels = caches["template_fragments"]
    panels.clear()
    trans_real.deactivate()
    monkeypatch.setattr(trans_real, "_default", marked)
    monkeypatch.setattr(trans_real, "translation", lambda language: marked)
    with time_machine.travel(NOW, tick=True):
        yield made
    trans_real.deactivate()
    panels.clear()


def stored() -> re.Pattern[str]:
    """What a person typed: each text of a row that holds the word of the store or a name of its people; and what is kept."""
    texts = {
        text
        for model, rows in all_rows().items()
        for row in rows
        for field, value in row.items()
        for name, text in _texts(field, value)
        if OURS.search(text) or name in KEPT.get(model, [])
    }
    return re.compile("|".join([*map(re.escape, sorted(texts, key=len, reverse=True)), *DATA]))


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict | list):
        for key, one in (
            value.items() if isinstance(value, dict) else ((name, one) for one in value)
        ):
            yield from _texts(key, one)


def shown(node: pages.Node, *, in_file: bool = False) -> Iterator[str]:
    """The words that a page shows, or reads out, piece by piece; of a file that is imported, not its cells."""
    for child in node.children:
        if isinstance(child, str):
            yield child
            continue
        classes = set(child.attrs.get("class", "").split())
        if child.tag in NO_WORDS or NO_WORDS_CLASSES & classes or (in_file and "dir" in child):
            continue
        yield from (child[name] for name in SHOWN if name in child)
        if child.tag == "input" and child.attrs.get("type") in ("submit", "button", "reset"):
            yield child.attrs.get("value", "")
        yield from shown(child, in_file=in_file or "columns" in classes)


def told(answer: Any) -> Iterator[str]:
    """What a toast says of a deed."""
    event = answer.headers.get("HX-Trigger", "")
    toast = json.loads(event).get("toast") if event.startswith("{") else None
    if toast:
        yield from (toast["text"], (toast["undo"] or {}).get("label", ""))


def unmarked(pieces: Iterable[str], data: re.Pattern[str], known: set[str]) -> Iterator[str]:
    for piece in pieces:
        words = " ".join(piece.split())
        if words.replace(" ", "_") in ZONES or words in known:
            continue
        if LETTER.search(data.sub("", MARKED.sub("", words))):
            yield words


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
