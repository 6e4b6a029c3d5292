"""Checks at the start: can the SQLite library be trusted with several writing processes, and can
what the settings name be read?
"""

import re
from collections.abc import Sequence
from sqlite3 import sqlite_version_info
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections

FIRST_BAD = (3, 7, 0)
FIRST_GOOD = (3, 51, 3)
# Older lines that were given the repair too, each with its first repaired release.
REPAIRED: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}

# `host`, `host:port`, `[v6]:port` or `.end-of-hosts`.
_OUTGOING = re.compile(
    r"([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?|(\.[a-z0-9-]+)+", re.ASCII
)


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


@checks.register(checks.Tags.security)
def outgoing_hosts(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A host that is written in another way would never be found among them."""
    unread = [host for host in settings.OUTGOING_HOSTS if not _OUTGOING.fullmatch(host)]
    hint = "Write host, host:port or .end-of-hosts, with commas between."
    return [
        checks.Error(f"OUTGOING_HOSTS: {host!r} is no host.", hint=hint, id="stores.E001")
        for host in unread
    ]
