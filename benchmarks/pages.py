"""The Customers page, each sort both ways: first, by key in the middle, last, and jumped to."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import bare
from benchmarks.beside import NEXT, ROWS, VISITS, Differs, Pages, beside, get, shown, total
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line

GOAL = 6.0


def measure(ground: Ground) -> Iterator[Line]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    tidy()
    for place, addresses in PLACES.items():
        costs = [beside(ground, client, addresses(ground, client, sort)) for sort in _sorts()]
        slowest = max((mine.wall, sort) for (mine, _), sort in zip(costs, _sorts(), strict=True))
        note = f"slowest sort {slowest[1]}, {slowest[0] * 1000 / VISITS:,.1f} ms"
        work = f"Customers page, {place}, {len(costs)} sorts, {VISITS} visits each"
        yield Line(work, *total(costs), GOAL, note=note)


def _sorts() -> list[str]:
    return [f"{way}{name}" for name in bare.SORTS for way in ("", "-")]


def _first(ground: Ground, client: Client, sort: str) -> Pages:
    return _ours(ground, sort=sort), _by_hand(ground, sort=sort)


def _by_key(ground: Ground, client: Client, sort: str) -> Pages:
    """The page after one in the middle, by its link."""
    jumped = get(client, _ours(ground, sort=sort, page=_pages(ground) // 2))
    found = NEXT.search(jumped)
    if found is None:
        raise Differs(sort, "no next page")
    return unescape(found[1]), _after(ground, sort, int(shown(jumped)[-1][0]))


def _jumped(ground: Ground, client: Client, sort: str) -> Pages:
    """A page far on, by its number. By hand the row before it is known already."""
    number = _pages(ground) // 3
    before = get(client, _ours(ground, sort=sort, page=number - 1))
    ours = _ours(ground, sort=sort, page=number)
    return ours, _after(ground, sort, int(shown(before)[-1][0]))


def _last(ground: Ground, client: Client, sort: str) -> Pages:
    rest = ground.customers % ROWS or ROWS
    ours = _ours(ground, sort=sort, page=_pages(ground))
    return ours, _by_hand(ground, sort=sort, last=rest)


PLACES = {"first": _first, "by key": _by_key, "jumped to": _jumped, "last": _last}


def _after(ground: Ground, sort: str, key: int) -> str:
    value = bare.value_of(sort, key)
    return _by_hand(ground, sort=sort, value=value, id=key)


def _ours(ground: Ground, **query: Any) -> str:
    return f"{reverse('customers:list', args=[ground.store.slug])}?{urlencode(query)}"


def _by_hand(ground: Ground, **query: Any) -> str:
    return f"/bare/{ground.store.slug}/customers/?{urlencode(query)}"


def _pages(ground: Ground) -> int:
    return -(-ground.customers // ROWS)
