"""All that is measured, by name."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks import (
    bulk_credit,
    found,
    imports,
    ladders,
    pages,
    peers,
    person,
    prices,
    purchases,
    rolling,
    sales_file,
    sold,
)
from benchmarks.ground import Ground
from benchmarks.report import Line

WORKS: dict[str, Callable[[Ground], Iterator[Line]]] = {
    "pages": pages.measure,
    "found": found.measure,
    "sold": sold.measure,
    "person": person.measure,
    # While there is no other store: the admin as delivered lists all of them.
    "peers": peers.measure,
    "prices": prices.measure,
    "ladders": ladders.measure,
    "bulk_credit": bulk_credit.measure,
    "imports": imports.measure,
    # Before rows of purchases are inserted by hand, which no figure knows.
    "rolling": rolling.measure,
    "purchases": purchases.measure,
    "sales_file": sales_file.measure,
}


def measure(ground: Ground, names: Sequence[str]) -> Iterator[Line]:
    """The lines of the works of those names, of all where there are none."""
    for name, work in WORKS.items():
        if not names or name in names:
            yield from work(ground)
