"""A start-up check: can the SQLite library be trusted with several writing processes?"""

from collections.abc import Sequence
from sqlite3 import sqlite_version_info
from typing import Any

from django.core import checks
from django.db import connections

FIRST_BAD = (3, 7, 0)
FIRST_GOOD = (3, 51, 3)
# Older lines that were given the repair too, each with its first repaired release.
REPAIRED: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}


def may_lose_writes(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can, rarely, damage a WAL file that several processes write and reset."""
    first_good = REPAIRED.get(version[:2], FIRST_GOOD)
    return FIRST_BAD <= version < first_good


@checks.register(checks.Tags.database)
def sqlite_version(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Warn, never refuse: the fault is rare, and the library comes with the machine."""
    on_sqlite = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not on_sqlite or not may_lose_writes(sqlite_version_info):
        return []
    version = ".".join(map(str, sqlite_version_info))
    return [
        checks.Warning(
            f"SQLite {version} has a rare fault that can damage a database with several writers.",
            hint="Use SQLite 3.51.3 or later, or set DATABASE_URL to a PostgreSQL database.",
            id="stores.W001",
        )
    ]
