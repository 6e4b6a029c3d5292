"""Doing what the lines of a file come to: customers are made and changed, balances moved."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.credit_many import Account, Move, lock_accounts, move_many, new_accounts, open_many
from customers.imports.judging import OPTED_OUT, Rules
from customers.imports.staged import Staged, again, save
from customers.making_many import NewProfile, make_many
from customers.models import WRITTEN, CustomerLine, Kind, LineState
from customers.models.customer import Consent
from customers.profiles_many import Profile, holders, lock_profiles, write_many
from stores.batches import Step
from stores.bulk import update
from stores.models import Batch, Outcome

TAKEN = gettext_noop("somebody has this name or uuid by now")
NOT_MOVED = gettext_noop("the credit was not moved: it would leave its range")
# What comes with a field: when, and by which way, it became known.
MARKS = {
    "subscriber": ("subscriber_source", "subscriber_at"),
    "group_member": ("group_confirmed_at",),
}
MARKED = {name for names in MARKS.values() for name in names}
MOMENTS = MARKED - {"subscriber_source"}


class Applied:
    """One chunk of lines on the way into the store, within the caller's transaction.

    A value that is no longer what it was when the line was judged is replaced all the same, and
    the line says what was replaced, so that undo gives that back.
    """

    def __init__(self, batch: Batch, lines: list[Staged]) -> None:
        self.batch = batch
        self.lines = lines
        self.rules = Rules.of(batch.asked)
        self.now = timezone.now()
        self.taken = self._taken()

    def run(self) -> None:
        """Known customers first: accounts are locked before customers, those before the counter."""
        self._change([line for line in self.lines if line.state == LineState.CHANGED])
        self._make([line for line in self.lines if line.state == LineState.NEW])
        save([line for line in self.lines if is_other(line)])

    def _change(self, known: list[Staged]) -> None:
        there = {line.customer_id: line for line in known if line.customer_id}
        accounts = lock_accounts(key for key, line in there.items() if line.moves)
        customers = lock_profiles(list(there))
        kept = [line for line in known if self._is_there(line, customers)]
        for line in kept:
            note_balances(line, accounts)
        self._move_balances(kept, accounts)
        changes = {
            customer.pk: self._values(line, customer)
            for line in kept
            if line.changes and (customer := customers[line.customer_id or 0])
        }
        write_many(customers, changes, source=Consent.IMPORT)

    def _make(self, new: list[Staged]) -> None:
        new = [line for line in new if not self._is_taken(line)]
        if not new:
            return
        store = self.batch.store
        made = make_many(store, list(map(profile_of, new)), source=Consent.IMPORT)
        for line in new:
            line.customer_id = made[line.name_key]
        update(CustomerLine, ("customer",), [(line.pk, line.customer_id) for line in new])
        accounts = new_accounts(made.values())
        open_many(moves(new), accounts=accounts, batch=self.batch, kind=Kind.IMPORT, store=store)

    def _values(self, line: Staged, customer: Profile) -> dict[str, Any]:
        """What a known customer is given."""
        note_drift(line, customer)
        self._mind_opt_out(line, customer)
        values = {name: to_value(name, to) for name, (_, to) in line.changes.items()}
        self._note_marks(line, customer, values)
        return values

    def _move_balances(self, lines: list[Staged], accounts: dict[int, Account]) -> None:
        moved = move_many(moves(lines), accounts=accounts, batch=self.batch, kind=Kind.IMPORT)
        for line in lines:
            done = [balance for balance in line.moves if (line.customer_id, balance) in moved]
            if len(done) < len(line.moves):
                line.outcome = Outcome.SHORT if done or line.changes else Outcome.LEFT_OUT
                line.reason = _(NOT_MOVED)

    def _is_there(self, line: Staged, customers: dict[int, Profile]) -> bool:
        """Whether the customer still is who the line was judged for; else it is left out."""
        customer = customers.get(line.customer_id or 0)
        if customer is None:
            return leave_out(line, _("the customer is gone by now"))
        if customer.archived_at is not None:
            text = _("%(name)s is archived by now")
            return leave_out(line, text % {"name": customer.username})
        if "uuid" in line.changes and customer.uuid not in (None, line.uuid):
            text = _("%(name)s has another uuid by now")
            return leave_out(line, text % {"name": customer.username})
        return not self._is_taken(line)

    def _is_taken(self, line: Staged) -> bool:
        """Whether somebody else has the name or uuid by now; then it is left out."""
        wanted = [key for key in (line.name_key, line.uuid) if key]
        if all(self.taken.get(key, line.customer_id) == line.customer_id for key in wanted):
            return False
        return not leave_out(line, _(TAKEN))

    def _taken(self) -> dict[str | UUID, int]:
        """Who has the names and uuids that lines would give somebody."""
        names = [line.name_key for line in self.lines if line.name_key]
        uuids = [line.uuid for line in self.lines if line.uuid]
        return holders(self.batch.store, names=names, uuids=uuids)

    def _mind_opt_out(self, line: Staged, customer: Profile) -> None:
        """An opt-out that was made in-world since is as good as one that was made before."""
        opted_out = not customer.subscriber and customer.subscriber_source == Consent.IN_WORLD
        if "subscriber" in line.changes and opted_out and not self.rules.lifts_opt_out:
            del line.changes["subscriber"]
            line.drifted, line.reason = True, _(OPTED_OUT)

    def _note_marks(self, line: Staged, customer: Profile, values: dict[str, Any]) -> None:
        """Write down when and by which way what the line changes had become known, for its undo."""
        for name in [mark for field in MARKS if field in values for mark in MARKS[field]]:
            to = Consent.IMPORT.value if name == "subscriber_source" else self.now
            line.changes[name] = [from_value(getattr(customer, name)), from_value(to)]
            values[name] = to


def apply(batch: Batch, lines: list[Staged]) -> Step:
    """Write a chunk of lines."""
    written = [line for line in lines if line.state in WRITTEN]
    try:
        with transaction.atomic():
            Applied(batch, written).run()
    except IntegrityError:
        # Somebody took a name or a uuid just now: this time it is seen.
        Applied(batch, again(written)).run()
    return Step(cursor=lines[-1].line, rows=len(lines))


def profile_of(line: Staged) -> NewProfile:
    fields = {name: to for name, (_, to) in line.changes.items()}
    return NewProfile(line.username, line.uuid, fields)


def moves(lines: list[Staged]) -> list[Move]:
    """What lines ask of the balances of their customers."""
    return [
        Move(line.customer_id or 0, balance, asked)
        for line in lines
        for balance, asked in line.moves.items()
    ]


def note_balances(line: Staged, accounts: dict[int, Account]) -> None:
    """Write down what a balance really is where that is not what the line was judged by."""
    for balance in line.moves:
        present = accounts[line.customer_id or 0][balance]
        if present != getattr(line, f"{balance}_was"):
            setattr(line, f"{balance}_was", present)
            line.drifted = True


def note_drift(line: Staged, customer: Profile) -> None:
    """Write down what a customer really has where that is not what the line was judged by; what is
    as it shall be already is no change.
    """
    for name, (was, to) in list(line.changes.items()):
        present = from_value(getattr(customer, name))
        if present != was:
            line.drifted = True
            line.changes[name] = [present, to]
        if present == to:
            del line.changes[name]


def leave_out(line: Staged, reason: str) -> bool:
    """False, for a line that is not done."""
    line.outcome, line.reason, line.drifted = Outcome.LEFT_OUT, reason, True
    return False


def is_other(line: Staged) -> bool:
    """Whether a line did not go as it was judged, or replaced what it was not judged by."""
    return bool(line.outcome or line.drifted or line.changes.keys() & MARKED)


def to_value(name: str, plain: Any) -> Any:
    """A plain value as the field holds it."""
    if plain and name == "uuid":
        return UUID(plain)
    return dt.datetime.fromisoformat(plain) if plain and name in MOMENTS else plain


def from_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
