"""A page of ours beside the same by hand: what they show is compared, then they take turns."""

import re
from collections.abc import Sequence
from functools import partial, reduce
from html import unescape
from operator import add

from django.test import Client

from benchmarks.clock import Cost, in_turn
from benchmarks.ground import Ground

# The kernel counts the CPU of PostgreSQL in steps as long as a page or two.
VISITS = 5
ROWS = 50
NEXT = re.compile(r'id="page-next" rel="next" href="([^"]*)"')
# As a dialog asks for its content.
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
BODY = re.compile(r"<tbody[^>]*>(.*?)</tbody>", re.DOTALL)
ROW = re.compile(r'<tr\s*(?:data-href="[^"]*?/(\d+)/[^"]*")?[^>]*>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
FIGURE = re.compile(r'<dd class="value">(.*?)</dd>', re.DOTALL)
PICTURE = re.compile(r'<span [^>]*aria-hidden="true">.*?</span>', re.DOTALL)
# By what else than the name a search found somebody: the page by hand does not tell.
FOUND_BY = re.compile(r'<span class="cut found".*?</span>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")

Pages = tuple[str, str]
Shown = list[tuple[str, ...]]


class Differs(Exception):
    """Ours and the page by hand do not show the same."""


def beside(
    ground: Ground,
    client: Client,
    pages: Pages,
    *,
    headers: dict[str, str] | None = None,
    visits: int = VISITS,
) -> tuple[Cost, Cost]:
    """What visits to a page of ours and to the one by hand cost; they show the same."""
    ours, floor = pages
    seen, wanted = (shown(get(client, url, headers)) for url in pages)
    if seen != wanted or not seen:
        raise Differs(ours, first_difference(seen, wanted))
    deeds = (partial(_visit, client, url, headers, visits) for url in (ours, floor))
    return in_turn(ground.rounds, *deeds)


def total(costs: Sequence[tuple[Cost, Cost]]) -> tuple[Cost, Cost]:
    """Both sides, each summed."""
    ours, floor = (reduce(add, side) for side in zip(*costs, strict=True))
    return ours, floor


def get(client: Client, url: str, headers: dict[str, str] | None = None) -> str:
    """The text of a page."""
    response = client.get(url, headers=headers)
    if response.status_code != 200:
        raise Differs(url, response.status_code)
    return response.content.decode()


def shown(html: str) -> Shown:
    """What the figures and the rows of a page say, each row with its key where it has one."""
    figures = [(_text(figure),) for figure in FIGURE.findall(html)]
    bodies = "".join(BODY.findall(html))
    rows = [(key, *map(_text, CELL.findall(cells))) for key, cells in ROW.findall(bodies)]
    return figures + [tuple(filter(None, row)) for row in rows]


def first_difference(seen: Shown, wanted: Shown) -> object:
    """The first pair that is not alike, or how many there are."""
    pairs = zip(seen, wanted, strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), (len(seen), len(wanted)))


def _text(html: str) -> str:
    return " ".join(unescape(TAG.sub("", FOUND_BY.sub("", PICTURE.sub("", html)))).split())


def _visit(client: Client, url: str, headers: dict[str, str] | None, visits: int) -> None:
    for _ in range(visits):
        client.get(url, headers=headers)
