"""The pages of help: the documents in `docs/`, as the product shows them."""

import functools
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from stores.views import StoreRequest, StoreView

FOLDER = settings.BASE_DIR / "docs"
# In the order in which they are listed, each with its icon.
TOPICS = {
    "first-steps": "map",
    "customers": "users",
    "credit": "coins",
    "loyalty": "award",
    "selling": "receipt",
    "import": "table-import",
    "vendors": "building-store",
    "staff": "users-group",
}
INDEX = "storeadmin/help.html"
TOPIC = "storeadmin/help_topic.html"
# HTML written in a document is shown as it is written.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Document:
    """A document as it is shown: its heading, its first paragraph as plain words, and the rest."""

    title: str
    words: str
    html: SafeString


@functools.cache
def read(topic: str) -> Document:
    """The document of a topic; it opens with its heading and a paragraph."""
    tokens = MARKDOWN.parse((FOLDER / f"{topic}.md").read_text())
    for token, inner in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(inner.content))
    for token in tokens:
        for child in token.children or []:
            _lead(child)
    heading, words = tokens[1], tokens[4]
    return Document(
        title=heading.content,
        words=_plain(words),
        html=_html(tokens[3:]),
    )


def _plain(inline: Token) -> str:
    return "".join(child.content or " " for child in inline.children or [] if not child.nesting)


def _html(tokens: list[Token]) -> SafeString:
    rendered = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return mark_safe(rendered)  # noqa: S308  it escapes whatever stands in the document


def _lead(token: Token) -> None:
    """Lead a link or a picture to where the product serves it."""
    if token.type == "link_open":
        token.attrSet("href", _address(str(token.attrGet("href"))))
    if token.type == "image":
        name = str(token.attrGet("src"))
        width, height = _size(name)
        token.attrs |= {"src": static(f"docs/{name}"), "width": width, "height": height}
        token.attrSet("loading", "lazy")


def _address(written: str) -> str:
    """Where a link leads: another document to its topic, beside this one wherever help is shown,
    any other file to itself.
    """
    parts = urlsplit(written)
    if parts.scheme or not parts.path:
        return written
    path = PurePosixPath(parts.path)
    if path.suffix != ".md":
        return static(f"docs/{path}")
    return parts._replace(path=f"../{path.stem}/").geturl()


def _size(name: str) -> tuple[int, int]:
    with Image.open(FOLDER / name) as picture:
        return picture.size


def topic_menu(shown: str = "") -> dict[str, Any]:
    """The topics, in the place where a store has its menu."""
    items = [
        {
            "label": read(topic).title,
            "url": reverse("help_topic", args=[topic]),
            "icon": icon,
            "active": topic == shown,
        }
        for topic, icon in TOPICS.items()
    ]
    return {"label": _("Help"), "items": items, "key": f"help:{shown}"}


class Help(LoginRequiredMixin, View):
    """All topics, each with its first words."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, INDEX, index() | {"menu": topic_menu()})


class HelpTopic(LoginRequiredMixin, View):
    """One document."""

    def get(self, request: HttpRequest, topic: str) -> HttpResponse:
        return render(request, TOPIC, of_topic(topic) | {"menu": topic_menu(topic)})


class StoreHelp(StoreView):
    """All topics, with the menu of the store that one comes from."""

    def get(self, request: StoreRequest) -> HttpResponse:
        return self.render(INDEX, index())


class StoreHelpTopic(StoreView):
    """One document, with the menu of the store that one comes from."""

    def get(self, request: StoreRequest, topic: str) -> HttpResponse:
        return self.render(TOPIC, of_topic(topic) | {"all_topics": "../"})


def index() -> dict[str, Any]:
    """What the page of all topics shows; they stand below it."""
    topics = [(read(name), f"{name}/") for name in TOPICS]
    return {"title": _("Help"), "topics": topics, "help_url": ""}


def of_topic(topic: str) -> dict[str, Any]:
    """What the page of a topic shows. Raises Http404."""
    if topic not in TOPICS:
        raise Http404
    document = read(topic)
    return {"title": document.title, "document": document}
