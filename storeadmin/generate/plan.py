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

    @property
