"""Clicks of people, as many at once as wanted, each in a window of its own."""

import json
from collections.abc import Callable

from django.conf import settings
from django.test import Client

from stores.models import Member
from tests.doors.pages import read

CLICKS = 20
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}

# The status, and what the person is told by it.
Answer = tuple[int, str]


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def click(client: Client, url: str, values: dict[str, str] | None = None) -> Callable[[], Answer]:
    """A deed that sends a form, once, from another window of the same person."""
    window = Client()
    name = settings.SESSION_COOKIE_NAME
    window.cookies[name] = client.cookies[name].value

    def send() -> Answer:
        answer = window.post(url, values or {}, headers=DIALOG)
        events = json.loads(answer.headers.get("HX-Trigger", "{}"))
        return answer.status_code, json.dumps(events, sort_keys=True)

    return send


def form(client: Client, url: str) -> dict[str, str]:
    """The fields of the form in a dialog."""
    (found,) = read(client.get(url, headers=DIALOG)).all("form", method="post")
    return found.values()


def unequal(told: list) -> list[str]:
    """What was answered or raised, if it is not one answer to a deed that was done."""
    answers = sorted({str(one) for one in told})
    return [] if len(answers) == 1 and answers[0].startswith("(204,") else answers
