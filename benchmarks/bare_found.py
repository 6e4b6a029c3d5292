"""Filters and the search of the Customers page by hand: counted to the cap, then few matches are
sorted, and of many the index of the sort is walked.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse

from benchmarks import bare
from benchmarks.imports_floor import execute

CAP = 10_000


@dataclass(frozen=True)
class Narrowed:
    """What narrows the list: where matches are found, and what a row walked past is asked."""

    tables: str
    those: str
    walked: str
    key: str = "c.id"


def _of_customers(condition: str) -> Narrowed:
    return Narrowed("customers_customer c", f"{bare.OF_CUSTOMERS} AND {condition}", condition)


HOLDER = "c.subscriber AND a.credit > 900"
FILTERS = {
    "subscribers": _of_customers("c.subscriber"),
    "discounted": _of_customers("c.discount >= 30"),
    "holders": Narrowed(
        bare.ACCOUNTS_FIRST,
        f"{bare.OF_ACCOUNTS} AND a.customer_id = c.id AND c.archived_at IS NULL AND {HOLDER}",
        HOLDER,
    ),
}
COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM {tables} WHERE {those} LIMIT %(cap)s) found"
GATHERED = "c.id IN (SELECT {key} FROM {tables} WHERE {those} LIMIT %(cap)s)"
ROWS = f"""
SELECT c.id, c.username, c.spent, c.spent_year, c.owns, a.credit, a.restricted, c.discount,
    c.subscriber, 0
FROM {bare.CUSTOMERS_FIRST}
WHERE {bare.OF_CUSTOMERS} AND a.customer_id = c.id AND {{those}}
ORDER BY c.spent DESC, c.id DESC LIMIT 50
"""
FOUND_BY = {
    "postgresql": "t.text LIKE %(like)s",
    "sqlite": "t.customer_id IN"
    " (SELECT rowid FROM customers_search WHERE customers_search MATCH %(phrase)s)",
}


@login_required
def filtered(request: HttpRequest, slug: str) -> HttpResponse:
    """Who the filter of that name finds, highest spent first."""
    return _page(request, slug, FILTERS[request.GET["filter"]], {})


@login_required
def searched(request: HttpRequest, slug: str) -> HttpResponse:
    """Who the term finds, highest spent first."""
    return _page(request, slug, _search(), _words(request.GET["q"]))


def hits(store: int, term: str) -> int:
    """How many customers a term finds, to the cap."""
    return _count(_search(), {"store": store, "cap": CAP + 1, **_words(term)})


def _search() -> Narrowed:
    return Narrowed(
        tables="customers_searchtext t",
        those=f"t.store_id = %(store)s AND {FOUND_BY[connection.vendor]}",
        walked="(SELECT t.text LIKE %(like)s FROM customers_searchtext t"
        " WHERE t.customer_id = c.id)",
        key="t.customer_id",
    )


def _words(term: str) -> dict[str, Any]:
    return {"like": f"%{term}%", "phrase": f'"{term}"'}


def _count(narrowed: Narrowed, params: dict[str, Any]) -> int:
    sql = COUNT.format(tables=narrowed.tables, those=narrowed.those)
    found: int = execute(sql, params)[0][0]
    return found


def _page(
    request: HttpRequest, slug: str, narrowed: Narrowed, words: dict[str, Any]
) -> HttpResponse:
    store, name, listed = bare.door(request, slug)
    params = {"store": store, "cap": CAP + 1, **words}
    number, those = _count(narrowed, params), narrowed.walked
    if number <= isqrt(50 * listed):
        those = GATHERED.format(key=narrowed.key, tables=narrowed.tables, those=narrowed.those)
    rows = execute(ROWS.format(those=those), params)
    return bare.answer(name, f"{number:,}" if number <= CAP else f"{CAP:,}+", rows)
