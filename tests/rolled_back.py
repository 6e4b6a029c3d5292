"""One example of many within a test: what it wrote is gone when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """Keys between rows are judged at the end, as they would be if it were kept."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)
