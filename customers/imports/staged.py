"""Lines of a file on their way into the store or back, read and written without a model object for
each.
"""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from customers.models import BALANCES, CustomerLine
from stores.bulk import update
from stores.models import Batch

OUTCOME = ("outcome", "drifted", "changes", "credit_was", "restricted_was", "reason")


@dataclasses.dataclass(slots=True)
class Staged:
    """A line as it was judged, and what comes of it; see `CustomerLine`."""

    pk: int
    line: int
    state: str
    customer_id: int | None
    username: str
    name_key: str
    uuid: UUID | None
    changes: dict[str, list[Any]]
    credit_asked: int
    credit_was: int
    restricted_asked: int
    restricted_was: int
    outcome: str
    drifted: bool
    reason: str

    @property
    def moves(self) -> dict[str, int]:
        """What it asks of each balance."""
        asked = {"credit": self.credit_asked, "restricted": self.restricted_asked}
        return {balance: asked[balance] for balance in BALANCES if asked[balance]}


FIELDS = tuple(field.name for field in dataclasses.fields(Staged))


def waiting(batch: Batch, number: int) -> list[Staged]:
    """The next lines of a batch, at most so many."""
    rows = CustomerLine.objects.filter(batch=batch, line__gt=batch.cursor).order_by("line")
    return [Staged(*values) for values in rows.values_list(*FIELDS)[:number]]


def again(lines: Sequence[Staged]) -> list[Staged]:
    """The same lines as they are stored."""
    rows = CustomerLine.objects.filter(pk__in=[line.pk for line in lines]).order_by("line")
    return [Staged(*values) for values in rows.values_list(*FIELDS)]


def save(lines: Sequence[Staged]) -> None:
    """Write down what came of lines."""
    rows = [
        (
            line.pk,
            str(line.outcome),
            line.drifted,
            json.dumps(line.changes),
            line.credit_was,
            line.restricted_was,
            line.reason[:300],
        )
        for line in lines
    ]
    update(CustomerLine, OUTCOME, rows)
