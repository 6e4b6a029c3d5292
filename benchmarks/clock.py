"""What a piece of work costs: time on the wall, and CPU of this process and of the database."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db import connection

Deed = Callable[[], object]
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds. `database` is 0 where the database is part of this process, None where it cannot be
    told.
    """

    wall: float
    client: float
    database: float | None

    @property
    def cpu(self) -> float | None:
        return None if self.database is None else self.client + self.database

    def __add__(self, other: "Cost") -> "Cost":  # type: ignore[override]
        return Cost(self.wall + other.wall, self.client + other.client, _sum(self, other))


def cost(deed: Deed) -> Cost:
    """What one run of it costs."""
    before = _now()
    deed()
    after = _now()
    database = None
    if before.database is not None and after.database is not None:
        database = after.database - before.database
    return Cost(after.wall - before.wall, after.client - before.client, database)


def medians(costs: Sequence[Cost]) -> Cost:
    """Of each of the three the one in the middle."""
    database = [one.database for one in costs if one.database is not None]
    return Cost(
        statistics.median(one.wall for one in costs),
        statistics.median(one.client for one in costs),
        statistics.median(database) if database else None,
    )


def in_turn(rounds: int, ours: Deed, floor: Deed) -> tuple[Cost, Cost]:
    """The medians of two deeds, done one after the other in each round, each first in every other
    round. A round before them warms up.
    """
    costs: dict[Deed, list[Cost]] = {ours: [], floor: []}
    for number in range(rounds + 1):
        for deed in (ours, floor) if number % 2 else (floor, ours):
            spent = cost(deed)
            if number:
                costs[deed].append(spent)
    return medians(costs[ours]), medians(costs[floor])


def _now() -> Cost:
    return Cost(time.perf_counter(), time.process_time(), _database())


def _sum(one: Cost, other: Cost) -> float | None:
    if one.database is None or other.database is None:
        return None
    return one.database + other.database


def _database() -> float | None:
    """The CPU of the server process that works for us."""
    if connection.vendor == "sqlite":
        return 0.0
    stat = _backend()
    if stat is None:
        return None
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * TICK


@cache
def _backend() -> Path | None:
    """Where the kernel counts for it, if it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    folder = Path("/proc", str(pid))
    try:
        is_local = "postgres" in (folder / "comm").read_text()
    except OSError:
        return None
    return folder / "stat" if is_local else None
