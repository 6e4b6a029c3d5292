"""How often a key asks, over all processes: each counts for itself and adds what it counted to the
database step by step, so that few requests cost a write.

A limit may so be passed by a step for each process beside this one; never by more.
"""

import threading
import time
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from sales.models import RateWindow, VendorKey

SWEPT_AFTER_SECONDS = 3_600
MOST_REMEMBERED = 10_000


class Rate(NamedTuple):
    """So many in so many seconds, added to the database in steps."""

    most: int
    seconds: int
    step: int


@dataclass
class _Count:
    """What this process knows of one window: what all had asked at the last look, and what was
    asked of it since.
    """

    starts_at: int
    known: int = 0
    own: int = 0


class Counter:
    """The counts of one process for one rate."""

    def __init__(self, rate: Rate):
        self.rate = rate
        self._counts: dict[tuple[int, str], _Count] = {}
        self._lock = threading.Lock()

    def wait(self, key: VendorKey, object_key: str = "") -> int:
        """Count a request; the seconds to wait where it is one too many, else 0."""
        now = int(time.time())
        starts_at = now - now % self.rate.seconds
        left = starts_at + self.rate.seconds - now
        with self._lock:
            count = self._count((key.pk, object_key), starts_at)
            if count.known + count.own >= self.rate.most:
                return left
            count.own += 1
            if count.own < self.rate.step:
                return 0
            count.own = 0
        total = _add(key, object_key, starts_at, self.rate.step)
        count.known = max(count.known, total)
        return left if total > self.rate.most else 0

    def _count(self, whose: tuple[int, str], starts_at: int) -> _Count:
        count = self._counts.get(whose)
        if count is None or count.starts_at != starts_at:
            if len(self._counts) >= MOST_REMEMBERED:
                self._counts.clear()
            count = self._counts[whose] = _Count(starts_at)
        return count


def sweep() -> int:
    """Forget windows that are over; how many."""
    return RateWindow.objects.filter(starts_at__lt=time.time() - SWEPT_AFTER_SECONDS).delete()[0]


_ADD = """
INSERT INTO sales_ratewindow (store_id, key_id, object_key, starts_at, asked)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key_id, object_key) DO UPDATE SET
    asked = excluded.asked + CASE WHEN sales_ratewindow.starts_at = excluded.starts_at
        THEN sales_ratewindow.asked ELSE 0 END,
    starts_at = excluded.starts_at
RETURNING asked
"""


def _add(key: VendorKey, object_key: str, starts_at: int, asked: int) -> int:
    """Add to the window; how many all processes together counted in it."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [key.store_id, key.pk, object_key, starts_at, asked])
        return int(cursor.fetchone()[0])
