"""The Customers page narrowed, with its count: by filters, and by the search with few hits and with
very many.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks import bare_found
from benchmarks.beside import VISITS, Pages, beside
from benchmarks.ground import Ground, tidy
from benchmarks.report import Line
from customers.models import Customer

GOAL = 6.0
FILTERS = {
    "subscribers": {"subscriber": "yes"},
    "discounted": {"discount": "30"},
    "holders": {"subscriber": "yes", "credit_more": "900"},
}
SOME, MANY = "panda", "@example"


def measure(ground: Ground) -> Iterator[Line]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    tidy()
    for name, query in FILTERS.items():
        pages = _pages(ground, query, "filtered", {"filter": name})
        yield _line(ground, client, f"Customers page filtered: {_words(query)}", pages)
    for term in (_rare(ground), SOME, MANY):
        said = _hits(bare_found.hits(ground.store.pk, term))
        pages = _pages(ground, {"q": term}, "searched", {"q": term})
        yield _line(ground, client, f"name search, {said}", pages)


def _line(ground: Ground, client: Client, work: str, pages: Pages) -> Line:
    ours, floor = beside(ground, client, pages)
    note = f"{ours.wall * 1000 / VISITS:,.1f} ms a visit"
    return Line(f"{work}, {VISITS} visits", ours, floor, GOAL, note=note)


def _pages(ground: Ground, query: dict[str, str], floor: str, floor_query: dict[str, str]) -> Pages:
    slug = ground.store.slug
    ours = f"{reverse('customers:list', args=[slug])}?{urlencode(query)}"
    return ours, f"/bare/{slug}/{floor}/?{urlencode(floor_query)}"


def _rare(ground: Ground) -> str:
    """The name of a customer that finds nobody else."""
    middle = Customer.objects.filter(store=ground.store).order_by("pk")[ground.customers // 2 :]
    names = middle.values_list("username", flat=True)[:100].iterator()
    return next(name for name in names if bare_found.hits(ground.store.pk, name) == 1)


def _words(query: dict[str, str]) -> str:
    return " and ".join(f"{name} {value}" for name, value in query.items())


def _hits(number: int) -> str:
    more = number > bare_found.CAP
    return f"{min(number, bare_found.CAP):,}{'+' if more else ''} hit{'' if number == 1 else 's'}"
