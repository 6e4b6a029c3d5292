"""How large a store is to be, and when its customers came."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from random import Random
from typing import Self

DAY = 24 * 3600
YEARS = 5
EPOCH = dt.date(1970, 1, 1).toordinal()
# The store had customers before the first sale that is told. Nobody buys within 40 days of joining,
# so that a grant before a sale still falls into the time of its customer.
BEFORE = 2 * 365 * DAY
SETTLED = 40 * DAY


@dataclass(frozen=True)
class Plan:
    """How much to make up, and when: whole days of the store up to and without `today`."""

    customers: int
    purchases: int
    seed: int
    today: dt.date
    zone: zoneinfo.ZoneInfo

    @property
    def midnights(self) -> list[int]:
        """The beginning of each day, and the end of the last one."""
        days = [self.today - dt.timedelta(days=ago) for ago in range(YEARS * 365, -1, -1)]
        return [int(dt.datetime.combine(day, dt.time(), self.zone).timestamp()) for day in days]

    def dice(self, what: str) -> Random:
        """A source of chance of its own for each noun, so that one does not shift the other."""
        return Random(f"{self.seed} {what}")  # noqa: S311


@dataclass(frozen=True)
class Timeline:
    """Customers join evenly, from before the first sale until shortly before the last."""

    customers: int
    opened: int
    closed: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        midnights = plan.midnights
        return cls(plan.customers, midnights[0] - BEFORE, midnights[-1] - SETTLED)

    def joined(self, index: int) -> int:
        return self.opened + (self.closed - self.opened) * index // self.customers

    def settled(self, at: int) -> int:
        """How many had joined 40 days before that moment."""
        return max(1, self.customers * (at - SETTLED - self.opened) // (self.closed - self.opened))
