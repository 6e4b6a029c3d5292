"""Pages as a person uses them: signed in, a form opened, filled in and sent, what a page says read back."""

from typing import Any

from django.test import Client

from stores.models import Batch, Role, Store
from tests.doors.pages import Node, read
from tests.factories import make_member

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


def signed_in(store: Store, role: str = Role.MANAGER) -> Client:
    """A client of a new member of the store."""
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


def form_at(client: Client, url: str, *, action: str = "") -> Node:
    """The form on a page that goes to `action`, by default to the page itself."""
    return read(client.get(url)).one("form", method="post", action=action or url)


def send(client: Client, url: str, *, action: str = "", htmx: bool = False, **typed: Any) -> Any:
    """Open a form, fill in what was typed, send it; None leaves a field out."""
    fields = {**form_at(client, url, action=action).values(), **typed}
    data = {name: value for name, value in fields.items() if value is not None}
    return client.post(action or url, data, headers=DIALOG if htmx else {})


def press(client: Client, batch: Batch, deed: str, *, htmx: bool = False) -> Any:
    """Press the button of a batch that says so."""
    url = f"{batch.get_absolute_url()}{deed}/"
    return client.post(url, headers=DIALOG if htmx else {})


def deeds_on(page: Node) -> dict[str, str]:
    """The buttons of the page of a batch, with the last part of where they lead."""
    forms = page.one("div", id="batch-state").all("form", method="post")
    return {form.one("button").text: form["action"].split("/")[-2] for form in forms}


def facts_on(page: Node) -> dict[str, str]:
    """What the page of a batch says by label: what was asked for, then the numbers."""
    found: dict[str, str] = {}
    for facts in page.one("div", id="batch-state").all("dl"):
        values = [value.text for value in facts.all("dd")]
        found |= dict(zip((term.text for term in facts.all("dt")), values, strict=True))
    return found


def warnings_on(page: Node) -> list[str]:
    return [warning.text for warning in page.all("p", class_="alert-warning")]


def lists_on(page: Node) -> dict[str, str]:
    """The lists of rows on the page of a batch with what each leads to; the open one leads to ''."""
    links = page.one("ul", class_="tabs").all("a")
    return {
        link.text: "" if "aria-current" in link else link["href"].partition("?")[2]
        for link in links
    }


def rows_on(page: Node) -> list[list[str]]:
    """The cells of the table on a page."""
    return [[cell.text for cell in row.all("td")] for row in page.one("tbody").all("tr")]


def state_on(page: Node) -> str:
    return page.one("p", class_="batch-line").one("span", class_="state").text
