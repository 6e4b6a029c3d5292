"""People at work: each a thread with a session and a connection of their own, asking for one page
after the other.
"""

import http.client
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from types import MappingProxyType
from typing import NamedTuple

TIMEOUT_SECONDS = 60
HTML = {"Accept": "text/html", "Accept-Encoding": "identity"}


class Page(NamedTuple):
    """A kind of page: where it is, for some chance, and what is sent along."""

    url: Callable[[Random], str]
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass
class Seen:
    """How long the answers of a page took, in seconds, and how many were none or no success."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.seconds + other.seconds, self.errors + other.errors)

    def percentiles(self) -> tuple[float, float, float]:
        """p50, p95 and p99."""
        if len(self.seconds) < 2:
            return (0.0, 0.0, 0.0)
        cuts = statistics.quantiles(self.seconds, n=100, method="inclusive")
        return cuts[49], cuts[94], cuts[98]


class Person(threading.Thread):
    """Asks for pages by chance until the time is over."""

    def __init__(
        self, address: str, cookie: str, pages: dict[str, Page], *, pause: float, seed: int
    ):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection(address, timeout=TIMEOUT_SECONDS)
        self.headers = HTML | {"Cookie": cookie}
        self.pages = pages
        self.pause = pause
        self.dice = Random(seed)
        self.seen: defaultdict[str, Seen] = defaultdict(Seen)
        self.until = 0.0

    def run(self) -> None:
        names = list(self.pages)
        while time.monotonic() < self.until:
            name = self.dice.choice(names)
            self._ask(name)
            time.sleep(self.pause * 2 * self.dice.random())
        self.connection.close()

    def _ask(self, name: str) -> None:
        page = self.pages[name]
        began = time.perf_counter()
        try:
            status = self._status(page.url(self.dice), {**self.headers, **page.headers})
        except (OSError, http.client.HTTPException):
            status = 0
            self.connection.close()
        if status == HTTPStatus.OK:
            self.seen[name].seconds.append(time.perf_counter() - began)
        else:
            self.seen[name].errors += 1

    def _status(self, url: str, headers: dict[str, str]) -> int:
        """As browsers do, once more where the server has closed a connection that was idle."""
        try:
            return self._answer(url, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            return self._answer(url, headers)

    def _answer(self, url: str, headers: dict[str, str]) -> int:
        self.connection.request("GET", url, headers=headers)
        response = self.connection.getresponse()
        response.read()
        return response.status


def at_work(
    address: str,
    cookies: Sequence[str],
    pages: dict[str, Page],
    *,
    seconds: float,
    pause: float,
    meanwhile: Callable[[float], object] | None,
) -> dict[str, Seen]:
    """What people saw, one for each cookie, during so many seconds. What is done meanwhile is told
    when they end.
    """
    until = time.monotonic() + seconds
    crowd = [
        Person(address, cookie, pages, pause=pause, seed=number)
        for number, cookie in enumerate(cookies)
    ]
    for person in crowd:
        person.until = until
        person.start()
    if meanwhile is not None:
        meanwhile(until)
    for person in crowd:
        person.join()
    return {name: sum((person.seen[name] for person in crowd), Seen()) for name in pages}
