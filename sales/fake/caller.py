"""Asks the vendor API over HTTP until there is an answer: what may have arrived is asked again,
under the same key.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from sales.fake.memory import Memory
from stores import outgoing
from stores.outgoing import Purpose, Unreachable
from stores.outgoing.addresses import DEFAULT_PORTS

START = "/api/v1/"
PATIENCE_SECONDS = 600
PAUSE_SECONDS = 2
ASK_AGAIN = {429, 500, 503}
UNWELCOME = {"unauthorized", "https_only"}


class GaveUp(RuntimeError):
    """There was no answer for too long; the next run asks again with the same key."""


class Unwelcome(RuntimeError):
    """The server does not take the key."""


@dataclass(frozen=True)
class Said:
    """A status and what was said with it."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


class Caller:
    """Speaks with one server, with the key of one vendor."""

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        memory: Memory,
        tell: Callable[[str], None],
        patience: float = PATIENCE_SECONDS,
    ):
        self.url = url.rstrip("/") + START
        self.memory = memory
        self.tell = tell
        self.patience = patience
        self.purpose = _allow(url)
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def get(self, path: str) -> Said:
        return self._until_answered(
            lambda: outgoing.get(self.url + path, purpose=self.purpose, headers=self.headers)
        )

    def post(self, path: str, **body: Any) -> Said:
        """Ask under a new key, which is remembered until there is an answer."""
        self.memory.open = {"path": path, "body": {"key": self.memory.new_key(), **body}}
        self.memory.save()
        return self.finish()

    def finish(self) -> Said:
        """Ask what is open, under the key that it was asked with."""
        question = self.memory.open or {}
        sent = json.dumps(question["body"]).encode()
        said = self._until_answered(
            lambda: outgoing.post(
                self.url + question["path"], purpose=self.purpose, body=sent, headers=self.headers
            )
        )
        self.memory.open = None
        self.memory.save()
        return said

    def _until_answered(self, ask: Callable[[], outgoing.Reply]) -> Said:
        until = time.monotonic() + self.patience
        while True:
            said, why = self._once(ask)
            if said is not None and said.code in UNWELCOME:
                raise Unwelcome(said.body["detail"])
            if said is not None and not _is_open(said):
                return said
            wait = said.body.get("retry_after", PAUSE_SECONDS) if said else PAUSE_SECONDS
            if time.monotonic() + wait > until:
                raise GaveUp(why)
            self.tell(f"  no answer yet ({why}): asking again in {wait} s")
            time.sleep(wait)

    def _once(self, ask: Callable[[], outgoing.Reply]) -> tuple[Said | None, str]:
        try:
            reply = ask()
            said = Said(reply.status, json.loads(reply.body))
        except Unreachable as error:
            return None, str(error)
        except ValueError:
            return None, "an answer that is no JSON"
        return said, said.code


def _is_open(said: Said) -> bool:
    """Whether the same question may have another answer later."""
    return said.status in ASK_AGAIN or said.code == "in_flight"


def _allow(url: str) -> Purpose:
    """The server that was named by hand may be asked, private or not."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 80)
    named = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    settings.OUTGOING_HOSTS = [*settings.OUTGOING_HOSTS, named]
    return Purpose(
        name="the vendor API",
        host=re.escape(host),
        path=rf"{START}[a-z0-9/?=-]*",
        ports={parts.scheme: port},
        most_sent=4096,
        most_read=2048,
    )
