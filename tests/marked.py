"""A language that marks whatever is translated, and what of a page, an answer or a row stays unmarked."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.core.cache import caches
from django.utils.translation import trans_real

from stores.templatetags import stores_ui
from tests.conftest import all_rows
from tests.doors import pages

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
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DATA = [
    UUID,
    r"storeadmin",
    r"L\$|USD|EUR|UUID|CSV|UTF-8|UTF-16|Allomancy|CasperVend",
    # What the forms of the walk are sent with, and a field that is not for people.
    r"home word|home stool|nowhere to be found|somebody\.new|renamed|New (?:lamp|shelf|stall|street|view)|NEW-1",
    r"(?:TOTAL|INITIAL)_FORMS",
    r"https?://\S+|\S+@\S+|\S+\.csv",
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


@contextmanager
def marked() -> Iterator[None]:
    """A block in which this is the only language there is."""
    language = Marked()
    forget_words()
    trans_real.deactivate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trans_real, "_default", language)
        patch.setattr(trans_real, "translation", lambda code: language)
        yield
    trans_real.deactivate()
    forget_words()


def forget_words() -> None:
    """What is kept by language: nobody shall see that of another one that calls itself English."""
    caches["template_fragments"].clear()
    stores_ui._day.cache_clear()


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
    return any_of(texts, DATA)


def any_of(texts: Iterable[str], data: Iterable[str]) -> re.Pattern[str]:
    """Any of these texts, the longest first, or what else is data; but no text within a uuid."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join([UUID, *map(re.escape, longest_first), *data]))


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
        if LETTER.search(data.sub("", MARKED.sub(" ", words))):
            yield words
