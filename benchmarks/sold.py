"""The Purchases page: first, by key, jumped to by number, last."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks.bare_sales import CAP
from benchmarks.beside import NEXT, ROWS, VISITS, Differs, Pages, beside, get, shown
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line

GOAL = 6.0


def measure(ground: Ground) -> Iterator[Line]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    tidy()
    for place, addresses in PLACES.items():
        ours, floor = beside(ground, client, addresses(ground, client))
        note = f"{ours.wall * 1000 / VISITS:,.1f} ms a visit"
        yield Line(f"Purchases page, {place}, {VISITS} visits", ours, floor, GOAL, note=note)


def _first(ground: Ground, client: Client) -> Pages:
    return _ours(ground), _by_hand(ground)


def _by_key(ground: Ground, client: Client) -> Pages:
    """The page after one in the middle of those that have a number, by its link."""
    page = get(client, _ours(ground, page=_numbered(ground) // 2))
    found = NEXT.search(page)
    if found is None:
        raise Differs(page, "no next page")
    return unescape(found[1]), _by_hand(ground, after=shown(page)[-1][0])


def _jumped(ground: Ground, client: Client) -> Pages:
    """The farthest full page but one that has a number. By hand the row before it is known."""
    number = _numbered(ground) - 1
    before = get(client, _ours(ground, page=number - 1))
    return _ours(ground, page=number), _by_hand(ground, after=shown(before)[-1][0])


def _last(ground: Ground, client: Client) -> Pages:
    """Counted, the last page holds the rest; else it is as long as any."""
    rest = ground.purchases % ROWS if ground.purchases <= CAP else 0
    return _ours(ground, page="last"), _by_hand(ground, last=rest or ROWS)


PLACES = {"first": _first, "by key": _by_key, "jumped to": _jumped, "last": _last}


def _ours(ground: Ground, **query: Any) -> str:
    return f"{reverse('sales:purchases', args=[ground.store.slug])}?{urlencode(query)}"


def _by_hand(ground: Ground, **query: Any) -> str:
    return f"/bare/{ground.store.slug}/purchases/?{urlencode(query)}"


def _numbered(ground: Ground) -> int:
    """How many pages have a number: counting stops at the cap."""
    return min(ground.purchases, CAP) // ROWS
