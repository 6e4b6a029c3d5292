"""The credit of the demo's residents while their history is played: balances and movements."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from customers.models import Kind


@dataclass(frozen=True)
class Entry:
    """A movement of a balance; `line` is the place in the plan of the purchase that moved it."""

    resident: int
    balance: str
    seq: int
    delta: int
    after: int
    kind: str
    at: dt.datetime
    by: str | None = None
    reason: str = ""
    note: str = ""
    line: int | None = None


@dataclass
class Ledger:
    """All movements in the order of time, and what they left."""

    entries: list[Entry] = field(default_factory=list)
    held: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    seqs: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))

    def move(
        self,
        resident: int,
        balance: str,
        delta: int,
        *,
        kind: Kind,
        at: dt.datetime,
        by: str | None = None,
        reason: str = "",
        note: str = "",
        line: int | None = None,
    ) -> None:
        """Write a movement down, unless it moves nothing or takes more than there is."""
        place = (resident, balance)
        if not delta or self.held[place] + delta < 0:
            return
        self.held[place] += delta
        self.seqs[place] += 1
        self.entries.append(
            Entry(
                resident=resident,
                balance=balance,
                seq=self.seqs[place],
                delta=delta,
                after=self.held[place],
                kind=kind.value,
                at=at,
                by=by,
                reason=reason,
                note=note,
                line=line,
            )
        )
