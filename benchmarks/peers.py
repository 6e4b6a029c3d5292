"""Ours beside the ways that Django and its libraries offer, over the same rows."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import peer_writes
from benchmarks.beside import Differs, get, shown
from benchmarks.bulk_credit import Ours
from benchmarks.clock import Cost, cost, in_turn, medians
from benchmarks.found import MANY, SOME
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line
from stores.models import User

STAFF = "bench-staff"
ROWS = 50
IN_ADMIN = re.compile(r'<td class="field-spent(?: [^"]*)?">([^<]*)<')
NUMBER = re.compile(r"[^0-9]")
# Costs of bulk changes are told for so many rows.
SHARE = 1_000
WRITES = {
    "save() in a loop": (peer_writes.one_by_one, 1_000),
    "bulk_update": (peer_writes.in_bulk, 10_000),
}


WORDS = {"delivered": "as delivered", "tuned": "tuned"}


class Pages:
    """The Customers page of ours and of a peer, sorted by what was spent."""

    def __init__(self, ground: Ground):
        self.ground = ground
        self.ours, self.peer = (Client(SERVER_NAME="127.0.0.1") for _ in range(2))
        self.ours.force_login(ground.owner)
        self.peer.force_login(_staff())

    def line(self, peer: str, what: str, query: dict[str, Any], theirs: str) -> Line:
        """A page of ours and a peer's: both show the same by what they are sorted by."""
        slug = self.ground.store.slug
        ours = f"{reverse('customers:list', args=[slug])}?{urlencode(query)}"
        seen, wanted = _spent(get(self.ours, ours)), _spent(get(self.peer, theirs))
        if seen != wanted or not seen:
            raise Differs(theirs, seen[:3], wanted[:3])
        deeds = (partial(self.ours.get, ours), partial(self.peer.get, theirs))
        return _line(f"{peer}: {what}", *in_turn(self.ground.rounds, *deeds))


def measure(ground: Ground) -> Iterator[Line]:
    pages = Pages(ground)
    tidy()
    for what, query in _asked(ground).items():
        for peer in ("delivered", "tuned"):
            theirs = {"o": "-2", **_renamed(query, page="p")}
            url = f"/peers/{peer}/customers/customer/?{urlencode(theirs)}"
            yield pages.line(f"Django admin {WORDS[peer]}", what, query, url)
        url = f"/peers/{ground.store.slug}/table/?{urlencode({'sort': '-spent', **query})}"
        yield pages.line("django-tables2 with django-filter", what, query, url)
    url = f"/peers/{ground.store.slug}/summed/?sort=-spent"
    yield pages.line("the same, spent summed at read time", "first page", {}, url)
    yield from _writes(ground)


def _asked(ground: Ground) -> dict[str, dict[str, Any]]:
    last = -(-ground.customers // ROWS)
    return {
        "first page": {},
        "page in the middle": {"page": last // 2},
        "last page": {"page": last},
        "search, some hits": {"q": SOME},
        "search, many hits": {"q": MANY},
    }


def _renamed(query: dict[str, Any], **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in query.items()}


def _spent(html: str) -> list[int]:
    """What the rows of a page of anybody say was spent."""
    cells = IN_ADMIN.findall(html) or [row[2] for row in _with_key(html)]
    return [int(NUMBER.sub("", cell)) for cell in cells]


def _with_key(html: str) -> list[tuple[str, ...]]:
    """Rows with the customer second: a peer's have no key."""
    return [row if row[0].isdigit() else ("", *row) for row in shown(html)]


def _writes(ground: Ground) -> Iterator[Line]:
    """Ours over everyone with plan and preview, each peer over a part; by the row."""
    spent = []
    for _ in range(ground.rounds):
        tidy()
        change = Ours(ground)
        spent.append(cost(change.plan) + cost(change.apply))
    ours = _share(medians(spent), ground.customers)
    for name, (way, number) in WRITES.items():
        part = min(number, ground.customers)
        costs = []
        for _ in range(ground.rounds):
            tidy()
            keys = peer_writes.keys(ground, part)
            costs.append(_share(cost(partial(way, ground, keys)), part))
        yield _line(f"{name}: bulk credit, {SHARE:,} rows", ours, medians(costs))


def _share(spent: Cost, rows: int) -> Cost:
    database = None if spent.database is None else spent.database * SHARE / rows
    return Cost(spent.wall * SHARE / rows, spent.client * SHARE / rows, database)


def _line(work: str, ours: Cost, peer: Cost) -> Line:
    """The peer stands where the floor does; how many times its cost is ours, in words."""
    line = Line(f"peer {work}", ours, peer)
    ratio = line.ratios[0] or line.ratios[1] or 1
    words = f"{1 / ratio:,.1f} times ahead" if ratio < 1 else f"behind, {ratio:,.1f} times its cost"
    return replace(line, note=words)


def _staff() -> User:
    """Somebody whom the admin lets in."""
    user, _ = User.objects.get_or_create(
        username=STAFF, defaults={"is_staff": True, "is_superuser": True}
    )
    return user
