"""Every word that a page shows goes through gettext: in a language that marks whatever is translated, nothing stays
unmarked but the data of the store.

`pytest tests/test_translation.py -k customers` lists what is left in one part of the program, with a page it stands on.
"""

import re
from collections.abc import Callable, Iterator
from gettext import NullTranslations
from typing import Any
from zoneinfo import available_timezones

import pytest
import time_machine
from django.utils.translation import trans_real

from storeadmin import help as help_pages
from tests.conftest import all_rows
from tests.doors import pages
from tests.doors.conftest import NOW
from tests.doors.outcomes import QUERIES
from tests.doors.routes import Route, all_routes
from tests.doors.test_walk import address
from tests.doors.world import World, undone

# They speak to programs or to those who write them, or to the keeper of the machine; the last two only lead on.
LEFT_OUT = set(
    "admin api openapi api_docs api_start healthz styleguide styleguide_form home account_set_password".split()
)


def part_of(route: Route) -> str:
    return route.name.partition(":")[0]


ROUTES = [route for route in all_routes() if part_of(route) not in LEFT_OUT]
PARTS = sorted({part_of(route) for route in ROUTES})

# One letter alone is the initial of somebody without a picture.
LETTER = re.compile(r"[^\W\d_]{2}")
IN_A_MESSAGE = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>|&\w+;)")
# What is cut to fit its place may have lost its end.
MARKED = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)")
SHOWN = ("title", "placeholder", "aria-label", "alt", "data-empty")
# Code, the keys of a keyboard, the texts of the help, which are documents of their own, and the columns of a sheet,
# which are called as in its header.
NO_WORDS = ("script", "style", "code", "pre", "kbd")
NO_WORDS_CLASSES = {"code", "words", "export-columns"}
HELP = {
    text
    for topic in help_pages.TOPICS
    for text in (help_pages.read(topic).title, help_pages.read(topic).words)
}
DATA = [
    r"storeadmin",
    r"L\$|USD|EUR|UUID|CSV|UTF-8|UTF-16|Allomancy|CasperVend",
    r"home word|home stool",
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
        return once(World)


@pytest.fixture
def world(made: World, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    marked = Marked()
    trans_real.deactivate()
    monkeypatch.setattr(trans_real, "_default", marked)
    monkeypatch.setattr(trans_real, "translation", lambda language: marked)
    with time_machine.travel(NOW, tick=True):
        yield made
    trans_real.deactivate()


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


def shown(node: pages.Node) -> Iterator[str]:
    """The words that a page shows, or reads out, piece by piece."""
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.tag in NO_WORDS or NO_WORDS_CLASSES & set(child.attrs.get("class", "").split()):
            continue
        else:
            yield from (child[name] for name in SHOWN if name in child)
            if child.attrs.get("type") in ("submit", "button", "reset") and "value" in child:
                yield child["value"] if child.tag == "input" else ""
            yield from shown(child)


def unmarked(page: pages.Node, data: re.Pattern[str], known: set[str]) -> Iterator[str]:
    for piece in shown(page):
        words = " ".join(piece.split())
        if words.replace(" ", "_") in ZONES or words in known:
            continue
        if LETTER.search(data.sub("", MARKED.sub("", words))):
            yield words


def answers(world: World, route: Route) -> Iterator[Any]:
    """The pages of a route and the pieces of them, and its form sent back with faults."""
    path = address(route, world.own)
    query = QUERIES[route.name](world.own) if route.name in QUERIES else {}
    for actor in ("owner", "viewer") if "slug" in route.slots else ("owner", "nobody"):
        yield world.ask(actor, "GET", path, query)
        yield world.ask(actor, "GET", path, query, headers={"HX-Request": "true"})
    yield world.ask("owner", "POST", path, {}, headers={"HX-Request": "true"})


def left(world: World, part: str) -> dict[str, str]:
    """The words of a part that are not translated, each with the first request that shows it."""
    data, known = stored(), HELP if part.startswith("help") else set()
    found: dict[str, str] = {}
    for route in ROUTES:
        if part_of(route) == part:
            with undone():
                for answer in answers(world, route):
                    content = pages.body(answer)
                    if pages.is_html(answer) and content:
                        asked = answer.request["REQUEST_METHOD"], answer.request["PATH_INFO"]
                        for words in unmarked(pages.read(answer), data, known):
                            found.setdefault(words, " ".join(asked))
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_word_is_translated(world, part, caplog):
    caplog.set_level("CRITICAL", "django")
    found = left(world, part)

    if found:
        lines = [f"{path:<50} {words}" for words, path in found.items()]
        pytest.fail("\n".join([f"{len(found)} not translated:", *lines]), pytrace=False)
