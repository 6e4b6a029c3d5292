"""Every word of the Django admin goes through gettext: names of models and fields, help, filters, actions, what rows are called."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db.models import Field, JSONField, Model
from django.test import Client
from django.urls import reverse

from stores.models import AuditEntry, Batch, Store
from tests.admin_pages import MODELS, add_url, addresses, oldest, page_url, signed_in
from tests.conftest import OUR_APPS
from tests.doors import pages
from tests.doors.conftest import NOW
from tests.factories import make_store, make_user
from tests.grown import grow
from tests.marked import NO_WORDS, SHOWN, any_of, marked, unmarked

# Where values stand: cells, fields that are only read, choices, and what rows are called.
VALUES = ("td", "title", "h1", "h2", "option", "li", "p")
VALUE_CLASSES = re.compile(r"\b(?:readonly|breadcrumbs|field-\w+)\b")
# Codes of the program, which are words of other rows.
CODES = {AuditEntry: ("action", "subject_type"), Batch: ("kind",)}
# What Django says of a password, and pictures that it describes in English.
NOT_OURS = (*NO_WORDS, "bdi", "img", "textarea")
KEEPER = "keeper"
DATA = [
    KEEPER,
    r"\bID\b|UUID|SHA-256|L\$|\b[A-Z]{3}\b",
    r"\b[0-9a-f-]{32,}",
    # Rows of Django, written when a database is made; an app of others.
    r"Can (?:add|change|delete|view) [\w -]+",
    r"Tasks Database Backend",
]
DUMP = re.compile(r"[\[{].*[\]}]")


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> tuple[Store, Client]:
    with time_machine.travel(NOW, tick=True):
        return once(rows)


def rows() -> tuple[Store, Client]:
    store = make_store(name="home store")
    grow(store, 1)
    return store, signed_in(make_user(KEEPER, is_staff=True, is_superuser=True))


@pytest.fixture
def admin(made: tuple[Store, Client], db: None) -> Iterator[tuple[Store, Client]]:
    with time_machine.travel(NOW, tick=True), marked():
        yield made


def pieces(node: pages.Node, *, of_value: bool = False) -> Iterator[tuple[str, bool]]:
    """What a page says, piece by piece, and whether it stands where values do."""
    for child in node.children:
        if isinstance(child, str):
            yield child, of_value
        elif child.tag not in NOT_OURS:
            is_value = of_value or child.tag in VALUES
            is_value = is_value or bool(VALUE_CLASSES.search(child.attrs.get("class", "")))
            yield from ((child[name], is_value) for name in SHOWN if name in child)
            yield from pieces(child, of_value=is_value)


def stored(model: type[Model] | None = None) -> re.Pattern[str]:
    """What stands in rows and is not chosen among words of the program; of one model its codes too."""
    found = {
        text
        for one in apps.get_models()
        if one._meta.app_label in OUR_APPS
        for field in one._meta.concrete_fields
        if _holds_text(field) and (one is model or field.name not in CODES.get(one, ()))
        for text in one._default_manager.values_list(field.name, flat=True)
        if isinstance(text, str) and text
    }
    return any_of(found, DATA)


def _holds_text(field: Field) -> bool:
    return not field.choices and not isinstance(field, JSONField)


def left(answer: Any, model: type[Model] | None = None) -> list[str]:
    said = list(pieces(pages.read(answer)))
    labels = (text for text, is_value in said if not is_value)
    values = (text for text, is_value in said if is_value and not DUMP.fullmatch(text.strip()))
    return [
        *unmarked(labels, re.compile("|".join(DATA)), set()),
        *unmarked(values, stored(model), set()),
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_pages_of_rows_are_translated(model, admin, caplog):
    caplog.set_level("CRITICAL", "django")
    store, client = admin
    row = oldest(model)
    asked = addresses(model, store, row)
    asked |= {"add": add_url(model), "delete": page_url(row, "delete")}
    answers = {what: client.get(address) for what, address in asked.items()}
    shown = {
        what: answer
        for what, answer in answers.items()
        if answer.status_code == 200 and pages.is_html(answer)
    }

    assert shown.keys() >= {"list", "page", "history"}
    assert {what: found for what, answer in shown.items() if (found := left(answer, model))} == {}


@pytest.mark.parametrize("app", ["", *OUR_APPS])
def test_lists_of_models_are_translated(app, admin):
    _, client = admin
    address = reverse("admin:app_list", args=[app]) if app else reverse("admin:index")

    assert left(client.get(address)) == []
