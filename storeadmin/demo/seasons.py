"""When the demo store was busy, and what moved its credit: `fixtures/demo/history.toml` as data."""

import datetime as dt
import functools
from dataclasses import dataclass

from storeadmin.demo.catalogue import Item, read


@dataclass(frozen=True)
class Event:
    """A fair that comes every year."""

    name: str
    starts: str
    days: int
    busy: float

    def on(self, day: dt.date) -> bool:
        first = dt.date.fromisoformat(f"{day.year}-{self.starts}")
        return first <= day < first + dt.timedelta(days=self.days)


@dataclass(frozen=True)
class InSeason:
    """Months in which something sells so many times above its usual."""

    months: tuple[int, ...]
    times: float


@dataclass(frozen=True)
class Occasion:
    """Why credit is moved by hand: what is written beside it, the usual sums, how often."""

    balance: str
    reason: str
    notes: tuple[str, ...]
    sums: tuple[int, ...]
    often: int

    @property
    def takes(self) -> bool:
        return max(self.sums) < 0


@dataclass(frozen=True)
class Seasons:
    """All that `history.toml` says."""

    busy_months: tuple[float, ...]
    in_season: dict[str, InSeason]
    events: tuple[Event, ...]
    occasions: tuple[Occasion, ...]
    notes: tuple[str, ...]

    def event_on(self, day: dt.date) -> Event | None:
        return next((event for event in self.events if event.on(day)), None)

    def busy(self, day: dt.date) -> float:
        event = self.event_on(day)
        return self.busy_months[day.month - 1] * (event.busy if event else 1)

    @property
    def busiest(self) -> float:
        return max(self.busy_months) * max(event.busy for event in self.events)

    def demand(self, item: Item, month: int) -> float:
        """How many times above its usual an item sells in that month."""
        season = self.in_season.get(item.name) or self.in_season.get(item.category)
        return season.times if season and month in season.months else 1


@functools.cache
def seasons() -> Seasons:
    written = read("history.toml")
    return Seasons(
        busy_months=tuple(written["seasons"]),
        in_season={
            name: InSeason(months=tuple(when["months"]), times=when["times"])
            for name, when in written["in_season"].items()
        },
        events=tuple(
            Event(event["name"], starts=event["from"], days=event["days"], busy=event["busy"])
            for event in written["events"]
        ),
        occasions=tuple(
            Occasion(
                balance=balance,
                reason=occasion["reason"],
                notes=tuple(occasion["notes"]),
                sums=tuple(occasion["sums"]),
                often=occasion["often"],
            )
            for balance in ("credit", "restricted")
            for occasion in written[balance]
        ),
        notes=tuple(written["notes"]["texts"]),
    )
