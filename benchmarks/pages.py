"""The Customers page, each sort both ways: first, by key in the middle, last, and jumped to."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import bare
from benchmarks.clock import Cost, in_turn
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line

GOAL = 6.0
ROWS = 50
# The kernel counts the CPU of PostgreSQL in steps as long as a page or two.
VISITS = 5
ROW = re.compile(r'<tr data-href="[^"]*?/(\d+)/[^"]*"[^>]*>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
NAME = re.compile(r'title="([^"]*)"')
NEXT = re.compile(r'id="page-next" rel="next" href="([^"]*)"')
TAG = re.compile(r"<[^>]*>")

Pages = tuple[str, str]


class Differs(Exception):
    """Ours and the page by hand show other rows."""


def measure(ground: Ground) -> Iterator[Line]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    tidy()
    for place, addresses in PLACES.items():
        costs = [_beside(ground, client, addresses, sort) for sort in _sorts()]
        ours, floor = (_sum([pair[side] for pair in costs]) for side in (0, 1))
        slowest = max((mine.wall, sort) for (mine, _), sort in zip(costs, _sorts(), strict=True))
        note = f"slowest sort {slowest[1]}, {slowest[0] * 1000 / VISITS:,.1f} ms"
        work = f"Customers page, {place}, {len(costs)} sorts, {VISITS} visits each"
        yield Line(work, ours, floor, GOAL, note=note)


def _sorts() -> list[str]:
    return [f"{way}{name}" for name in bare.SORTS for way in ("", "-")]


def _beside(
    ground: Ground, client: Client, addresses: Callable[[Ground, Client, str], Pages], sort: str
) -> tuple[Cost, Cost]:
    """What a page of ours and the one by hand cost; they show the same."""
    ours, floor = addresses(ground, client, sort)
    shown, wanted = _shown(client, ours), _shown(client, floor)
    if shown != wanted or not shown:
        raise Differs(ours, shown[:2], wanted[:2])
    visits = (partial(_visit, client, url) for url in (ours, floor))
    return in_turn(ground.rounds, *visits)


def _visit(client: Client, url: str) -> None:
    for _ in range(VISITS):
        client.get(url)


def _first(ground: Ground, client: Client, sort: str) -> Pages:
    return _ours(ground, sort=sort), _by_hand(ground, sort=sort)


def _by_key(ground: Ground, client: Client, sort: str) -> Pages:
    """The page after one in the middle, by its link."""
    jumped = client.get(_ours(ground, sort=sort, page=_pages(ground) // 2)).content.decode()
    found = NEXT.search(jumped)
    if found is None:
        raise Differs(sort, "no next page")
    return unescape(found[1]), _after(ground, sort, int(ROW.findall(jumped)[-1][0]))


def _jumped(ground: Ground, client: Client, sort: str) -> Pages:
    """A page far on, by its number. By hand the row before it is known already."""
    number = _pages(ground) // 3
    before = client.get(_ours(ground, sort=sort, page=number - 1)).content.decode()
    ours = _ours(ground, sort=sort, page=number)
    return ours, _after(ground, sort, int(ROW.findall(before)[-1][0]))


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


def _shown(client: Client, url: str) -> list[tuple[str, ...]]:
    """The rows of a page: key, name, and what else their cells say."""
    response = client.get(url)
    if response.status_code != 200:
        raise Differs(url, response.status_code)
    rows = []
    for key, cells in ROW.findall(response.content.decode()):
        name = NAME.search(cells)
        texts = [TAG.sub("", text).strip() for _, text in CELL.findall(cells)]
        rows.append((key, unescape(name[1]) if name else "", *texts[-7:]))
    return rows


def _sum(costs: list[Cost]) -> Cost:
    whole = costs[0]
    for one in costs[1:]:
        whole = whole + one
    return whole
