"""Fixtures of the workers that are killed: what is theirs to do, and how much of it is cleared away.

A module of tests names its own in `CHUNKS` (the modules that say how many rows are done at once) and `MANY` (its largest
tables, those that point before those that are pointed at).
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection


@pytest.fixture
def large_batches(request, monkeypatch) -> Callable[[int], None]:
    """Batches of more than so many rows are the worker's."""

    def of(rows: int) -> None:
        for module in request.module.CHUNKS:
            monkeypatch.setattr(module, "CHUNK", rows)

    return of


@pytest.fixture
def emptied_in_order(request, triggers_lifted) -> Iterator[None]:
    """At the end rows go before what they point at: in any order it would take hours. PostgreSQL
    empties such tables at one go.
    """
    yield
    if connection.vendor == "postgresql":
        return
    with triggers_lifted():
        for model in request.module.MANY:
            model.objects.all()._raw_delete("default")
