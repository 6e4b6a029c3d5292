"""The history of the demo store as data, before anything of it is written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from loyalty.explained import Quote
from storeadmin.demo.ledger import Ledger
from storeadmin.demo.residents import Part, Resident


@dataclass
class Line:
    """A purchase or a return; people, products and vendors by their place in plan and catalogue.
    The quote that it was sold under is kept of the latest ones; a coupon stands in it.
    """

    payer: int
    recipient: int
    item: int | None
    stall: int
    quantity: int
    at: dt.datetime
    counts_on: dt.date
    receipt: str
    list_price: int
    price: int
    restricted: int = 0
    credit: int = 0
    group_member: bool = False
    returns: int | None = None
    by: str | None = None
    removed_at: dt.datetime | None = None
    quote: Quote | None = None
    coupon: int | None = None

    @property
    def money(self) -> int:
        return self.price - self.credit - self.restricted


@dataclass
class Plan:
    """The whole history as data: the same for the same day. `paid` is what each resident paid, by
    the day that it counts on.
    """

    today: dt.date
    end: dt.datetime
    residents: list[Resident]
    lines: list[Line] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    paid: dict[int, list[tuple[dt.date, int]]] = field(default_factory=lambda: defaultdict(list))
    removals: list[tuple[int, int, dt.datetime]] = field(default_factory=list)

    def buyers(self) -> list[int]:
        """The places of all who buy, in the order in which they arrived."""
        return [place for place, one in enumerate(self.residents) if one.part is Part.BUYER]

    def evening_before(self, day: dt.date) -> dt.datetime:
        """A moment of the day before; the history ends with yesterday."""
        days = self.today - dt.timedelta(days=1) - day
        return self.end - days - dt.timedelta(days=1, hours=3)

    def seen(self, resident: Resident) -> dt.datetime:
        """When the store came to know somebody."""
        if resident.seen_at is None:
            raise ValueError(f"{resident.username} never came to the store")
        return resident.seen_at

    def since(self, start: dt.datetime, *, share: float) -> dt.datetime:
        """A moment between `start` and the end of the history."""
        return start + dt.timedelta(seconds=int((self.end - start).total_seconds() * share))

    def old_names(self, resident: Resident) -> Iterator[tuple[str, dt.datetime]]:
        """Names that somebody had, the latest first, each with when it ended."""
        for name, share in resident.old_names.items():
            yield name, self.since(self.seen(resident), share=share)
