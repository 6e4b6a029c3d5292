"""The Customers page by hand: behind the same middleware, one statement for the rows, f-strings."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse

from benchmarks.imports_floor import execute

STORE = """
SELECT s.id, s.name, n.listed FROM stores_store s
JOIN stores_member m ON m.store_id = s.id JOIN customers_customercount n ON n.store_id = s.id
WHERE s.slug = %(slug)s AND m.user_id = %(user)s
"""
OF_CUSTOMERS = "c.store_id = %(store)s AND c.archived_at IS NULL"
OF_ACCOUNTS = "a.store_id = %(store)s AND a.listed"
SORTS = {
    "customer": ("c.name_key", "c.id", OF_CUSTOMERS),
    "spent": ("c.spent", "c.id", OF_CUSTOMERS),
    "spent_year": ("c.spent_year", "c.id", OF_CUSTOMERS),
    "owns": ("c.owns", "c.id", OF_CUSTOMERS),
    "credit": ("a.credit", "a.customer_id", OF_ACCOUNTS),
    "restricted": ("a.restricted", "a.customer_id", OF_ACCOUNTS),
    "discount": ("c.discount", "c.id", OF_CUSTOMERS),
    "subscriber": ("c.subscriber", "c.id", OF_CUSTOMERS),
}
ROWS = """
SELECT c.id, c.username, c.spent, c.spent_year, c.owns, a.credit, a.restricted, c.discount,
    c.subscriber, {value}
FROM {tables} WHERE {those}{after} ORDER BY {value} {way}, {key} {way} LIMIT %(number)s
"""
MINUS = "\N{MINUS SIGN}"
CUSTOMERS_FIRST = "customers_customer c CROSS JOIN customers_creditaccount a"
ACCOUNTS_FIRST = "customers_creditaccount a CROSS JOIN customers_customer c"


@login_required
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of `?sort=`, after the row with `value` and `id` where those are given; with `last`,
    that many rows from the end.
    """
    store, name, listed = door(request, slug)
    sort, last = request.GET["sort"], request.GET.get("last")
    after = _after(sort, request.GET["value"], request.GET["id"]) if "id" in request.GET else None
    rows = page(store, sort, after=after, from_end=bool(last), number=int(last or 50))
    return answer(f"Customers · {name}", f"{listed:,}", reversed(rows) if last else rows)


def door(request: HttpRequest, slug: str) -> tuple[int, str, int]:
    """The store of a member: key, name, and how many customers it lists."""
    found = execute(STORE, {"slug": slug, "user": request.user.pk})
    if not found:
        raise Http404
    store, name, listed = found[0]
    return store, name, listed


def answer(title: str, count: str, rows: Iterable[tuple[Any, ...]]) -> HttpResponse:
    """A list of customers."""
    return HttpResponse(
        f"<!DOCTYPE html><title>{title}</title><p>{count} customers</p>"
        f"<table><tbody>{''.join(map(_row, rows))}</tbody></table>"
    )


def page(
    store: int,
    sort: str,
    *,
    after: tuple[Any, int] | None,
    from_end: bool = False,
    number: int = 50,
) -> list[tuple[Any, ...]]:
    """The rows of a page, what they are sorted by last of each."""
    value, key, those = SORTS[sort.removeprefix("-")]
    down = sort.startswith("-") != from_end
    sql = ROWS.format(
        value=value,
        key=key,
        those=f"{those} AND a.customer_id = c.id",
        tables=CUSTOMERS_FIRST if key == "c.id" else ACCOUNTS_FIRST,
        way="DESC" if down else "ASC",
        after=f" AND ({value}, {key}) {'<' if down else '>'} (%(value)s, %(id)s)" if after else "",
    )
    bounds = {"value": after[0], "id": after[1]} if after else {}
    return execute(sql, {"store": store, "number": number, **bounds})


def value_of(sort: str, key: int) -> Any:
    """What the row of a customer is sorted by."""
    value = SORTS[sort.removeprefix("-")][0]
    tables = f"{CUSTOMERS_FIRST} WHERE c.id = %(id)s AND a.customer_id = c.id"
    sql = f"SELECT {value} FROM {tables}"
    found = execute(sql, {"id": key})[0][0]
    return int(found) if isinstance(found, bool) else found


def _after(sort: str, value: str, key: str) -> tuple[Any, int]:
    """SQLite compares numbers with numbers only; PostgreSQL reads a text as what it stands for."""
    is_text = sort.endswith("customer") or connection.vendor == "postgresql"
    return value if is_text else int(value), int(key)


def _row(row: tuple[Any, ...]) -> str:
    key, name, spent, year, owns, credit, restricted, discount, subscriber, _ = row
    balances = "".join(f"<td>{money(amount)}</td>" for amount in (credit, restricted))
    return (
        f'<tr data-href="/customers/{key}/"><td title="{name}">{name}</td><td>{money(spent)}</td>'
        f"<td>{money(year)}</td><td>{owns:,}</td>{balances}<td>{discount} %</td>"
        f"<td>{'Yes' if subscriber else 'No'}</td></tr>"
    )


def money(amount: int) -> str:
    """An amount in L$."""
    return f"L${amount:,}" if amount >= 0 else f"{MINUS}L${-amount:,}"
