"""What waits to happen in the demo store, in the order of time."""

import datetime as dt
import heapq
import random
import zoneinfo
from collections.abc import Callable, Iterator

Happening = Callable[[dt.datetime], object]
# When most people are about, by the clock of the store.
BUSY_HOUR = 15
MIDNIGHT = 24 * 3600 - 1


class Agenda:
    """A queue by moment; what happens may put more into it, such as a return."""

    def __init__(
        self, *, chance: random.Random, zone: zoneinfo.ZoneInfo, last_day: dt.date
    ) -> None:
        self.chance = chance
        self.zone = zone
        self.last_day = last_day
        self.end = self._moment(last_day, MIDNIGHT)
        self._queue: list[tuple[dt.datetime, int, Happening]] = []
        self._put = 0

    def at(self, day: dt.date, happens: Happening) -> None:
        """Put off until some hour of that day; after the last day nothing happens."""
        if day > self.last_day:
            return
        self._put += 1
        second = int(self.chance.triangular(0, 24, BUSY_HOUR) * 3600)
        # The number decides between things of one second, which have no order of their own.
        place = (self._moment(day, min(second, MIDNIGHT)), self._put, happens)
        heapq.heappush(self._queue, place)

    def go_through(self) -> Iterator[tuple[dt.datetime, Happening]]:
        """Each moment with what happens then, until nothing is left."""
        while self._queue:
            moment, _, happens = heapq.heappop(self._queue)
            yield moment, happens

    def some_day(self, first: dt.date) -> dt.date:
        """A day from `first` to the last."""
        return first + dt.timedelta(
            days=self.chance.randint(0, max(0, (self.last_day - first).days))
        )

    def day_of(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def _moment(self, day: dt.date, second: int) -> dt.datetime:
        wall = dt.datetime.combine(day, dt.time(), self.zone) + dt.timedelta(seconds=second)
        return wall.astimezone(dt.UTC)
