"""Doing what the lines of a file come to: customers are made and changed, balances moved."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from customers import identity
from customers.credit_many import Move, move_many
from customers.identity import NewCustomer
from customers.models import BALANCES, WRITTEN, Customer, CustomerLine, Kind, LineState
from customers.models.customer import Consent
from customers.profiles_many import lock_many, write_many
from stores.batches import Step
from stores.bulk import pick, prepared, update
from stores.models import Batch, Outcome

TAKEN = "somebody has this name or uuid by now"
NOT_MOVED = "the credit was not moved: it would leave its range"
# What comes with a field: when, and by which way, it became known.
MARKS = {
    "subscriber": ("subscriber_source", "subscriber_at"),
    "group_member": ("group_confirmed_at",),
}
MARKED = {name for names in MARKS.values() for name in names}
MOMENTS = MARKED - {"subscriber_source"}
OUTCOME = ("outcome", "drifted", "changes", "reason")


class Applied:
    """One chunk of lines on the way into the store, within the caller's transaction.

    A value that is no longer what it was when the line was judged is replaced all the same, and
    the line says what was replaced, so that undo gives that back.
    """

    def __init__(self, batch: Batch, lines: list[CustomerLine]) -> None:
        self.batch = batch
        self.lines = lines

    def run(self) -> None:
        """Known customers first: accounts are locked before customers, those before the counter."""
        known = [line for line in self.lines if line.state == LineState.CHANGED]
        known = self._free(known)
        self._move_balances(known)
        self._write_profiles(known)
        new = self._free([line for line in self.lines if line.state == LineState.NEW])
        self._make(new)
        self._move_balances(new)
        self._write_profiles(new)
        save(self.lines)

    def _make(self, lines: list[CustomerLine]) -> None:
        people = [NewCustomer(line.username, line.uuid) for line in lines]
        made = identity.add_many(store=self.batch.store, people=people) if people else {}
        for line in lines:
            line.customer_id = made[line.name_key]
        update(CustomerLine, ("customer",), [(line.pk, line.customer_id) for line in lines])

    def _write_profiles(self, lines: list[CustomerLine]) -> None:
        by_customer = {line.customer_id: line for line in lines if line.customer_id}
        customers = lock_many(list(by_customer))
        changes: dict[int, dict[str, Any]] = {}
        for key, customer in customers.items():
            line = by_customer[key]
            note_drift(line, customer)
            changes[key] = {name: to_value(name, to) for name, (_, to) in line.changes.items()}
            if line.state == LineState.CHANGED:
                note_marks(line, customer, changes[key])
        write_many(customers, changes, source=Consent.IMPORT)

    def _move_balances(self, lines: list[CustomerLine]) -> None:
        moves = [
            Move(line.customer_id, balance, asked)
            for line in lines
            for balance in BALANCES
            if (asked := getattr(line, f"{balance}_asked")) and line.customer_id
        ]
        moved = move_many(moves, batch=self.batch, kind=Kind.IMPORT)
        for line in lines:
            for balance in BALANCES:
                asked = getattr(line, f"{balance}_asked")
                if asked and (line.customer_id, balance) not in moved:
                    line.outcome, line.reason = Outcome.SHORT, NOT_MOVED

    def _free(self, lines: list[CustomerLine]) -> list[CustomerLine]:
        """Those whose name and uuid nobody has taken since; the others are left out."""
        taken = self._taken(lines)
        for line in lines:
            if self._is_taken(line, taken):
                leave_out(line, TAKEN)
        return [line for line in lines if line.outcome != Outcome.LEFT_OUT]

    def _taken(self, lines: list[CustomerLine]) -> dict[Any, int]:
        """Who has the names and uuids that lines would give somebody."""
        names = [line.name_key for line in lines if line.name_key]
        uuids = [line.uuid for line in lines if line.uuid]
        store = self.batch.store
        taken: dict[Any, int] = dict(
            pick(Customer, ["name_key", "id"], store=store, field="name_key", values=names)
        )
        for start in range(0, len(uuids), 2_000):
            found = Customer.objects.filter(store=store, uuid__in=uuids[start : start + 2_000])
            taken.update(found.values_list("uuid", "pk"))
        return taken

    def _is_taken(self, line: CustomerLine, taken: dict[Any, int]) -> bool:
        wanted = [key for key in (line.name_key, line.uuid) if key]
        return any(taken.get(key, line.customer_id) != line.customer_id for key in wanted)


def apply(batch: Batch, lines: list[CustomerLine], *, cursor: int) -> Step:
    """Write a chunk of lines, which go up to the line `cursor`."""
    Applied(batch, [line for line in lines if line.state in WRITTEN]).run()
    return Step(cursor=cursor, rows=len(lines))


def note_drift(line: CustomerLine, customer: Customer) -> None:
    """Write down what a customer really has where that is not what the line was judged by."""
    for name, (was, to) in line.changes.items():
        present = from_value(getattr(customer, name))
        if present != was:
            line.drifted = line.drifted or line.state == LineState.CHANGED
            line.changes[name] = [present, to]


def note_marks(line: CustomerLine, customer: Customer, values: dict[str, Any]) -> None:
    """Write down when and by which way what the line changes had become known, for its undo."""
    for name in [mark for field in MARKS if field in values for mark in MARKS[field]]:
        to = Consent.IMPORT if name == "subscriber_source" else timezone.now()
        line.changes[name] = [from_value(getattr(customer, name)), from_value(to)]
        values[name] = to


def leave_out(line: CustomerLine, reason: str) -> None:
    line.outcome, line.reason, line.drifted = Outcome.LEFT_OUT, reason, True


def save(lines: list[CustomerLine]) -> None:
    """Write down what came of those lines that did not go as they were judged, and what others
    replaced.
    """
    other = [line for line in lines if line.outcome or line.drifted or line.changes.keys() & MARKED]
    rows = [
        (line.pk, *(prepared(CustomerLine, name, getattr(line, name)) for name in OUTCOME))
        for line in other
    ]
    update(CustomerLine, OUTCOME, rows)


def to_value(name: str, plain: Any) -> Any:
    """A plain value as the field holds it."""
    if plain and name == "uuid":
        return UUID(plain)
    return dt.datetime.fromisoformat(plain) if plain and name in MOMENTS else plain


def from_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
