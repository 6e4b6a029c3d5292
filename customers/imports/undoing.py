"""Taking back what the lines of a file did: customers get back what they had, those who were made
go again.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers import portraits
from customers.credit_many import Move, lock_accounts, move_many, moved_by
from customers.imports.applying import MARKS, from_value, to_value
from customers.imports.judging import NOTHING
from customers.imports.staged import Staged, save
from customers.models import (
    BALANCES,
    CreditAccount,
    CustomerLine,
    Kind,
    LineState,
    OldName,
    Portrait,
    Purchase,
    SearchText,
)
from customers.models.customer import Consent
from customers.profiles_many import (
    Profile,
    archive_many,
    delete_many,
    lock_profiles,
    pointed_at,
    put_back_many,
)
from stores.batches import Step
from stores.bulk import insert, pick, prepared, present
from stores.models import Batch, Outcome

EDITED = gettext_noop("kept: edited since")
# Rows that came with a customer, or tell of them without being theirs.
OWN = (CreditAccount, SearchText, OldName, Portrait)
PLANNED = (
    "store",
    "batch",
    "line",
    "state",
    "customer",
    "username",
    "uuid",
    "changes",
    *(f"{balance}_asked" for balance in BALANCES),
)
REVERSED, KEPT = "reversed", "kept"


class Undone:
    """One chunk of lines on the way back, within the caller's transaction. The lines say, turned
    round, what was done: they were made by `turned`.
    """

    def __init__(self, batch: Batch, lines: list[Staged]) -> None:
        self.batch = batch
        self.lines = lines
        self.by_customer = {line.customer_id: line for line in lines if line.customer_id}
        # Of whom anything was given back.
        self.touched: set[int] = set()

    def run(self) -> dict[str, int]:
        """How many lines went back whole, how many were kept or spent since."""
        missing = self._give_back_credit()
        customers = lock_profiles(list(self.by_customer))
        made = {key: one for key, one in customers.items() if self._made(key)}
        self._give_back_fields({key: one for key, one in customers.items() if key not in made})
        self._let_go(made)
        self._tell_spent(missing)
        save([line for line in self.lines if line.reason])
        return self._counts()

    def _made(self, key: int) -> bool:
        return self.by_customer[key].state == LineState.NEW

    def _give_back_credit(self) -> set[int]:
        """Those of whom some is missing."""
        done = moved_by(self.batch.undoes_id or 0, list(self.by_customer))
        moves = [Move(*what, -delta, entry) for what, (entry, delta) in done.items()]
        moved = move_many(
            moves,
            accounts=lock_accounts(move.account for move in moves),
            batch=self.batch,
            kind=Kind.REVERSAL,
            as_far_as_it_goes=True,
        )
        self.touched |= {account for account, _ in moved}
        return {
            move.account
            for move in moves
            if moved.get((move.account, move.balance), 0) != move.delta
        }

    def _give_back_fields(self, customers: dict[int, Profile]) -> None:
        """Known customers get back each field that still is what the file made it."""
        changes: dict[int, dict[str, Any]] = {}
        for key, customer in customers.items():
            line = self.by_customer[key]
            edited = edited_since(line, customer)
            changes[key] = {
                name: to_value(name, to)
                for name, (_, to) in line.changes.items()
                if name not in edited
            }
            if edited:
                keep(line, _(EDITED))
        put_back_many(changes)
        self.touched |= {key for key, values in changes.items() if values}

    def _let_go(self, customers: dict[int, Profile]) -> None:
        """Customers whom the file made are deleted; archived where something points at them, such
        as their entries; kept where they were edited or bought since.
        """
        keys = list(customers)
        kept = self._kept(customers)
        hidden = pointed_at(keys, but=OWN) - kept
        deleted = [key for key in keys if key not in kept | hidden]
        hidden_away = _("archived, since what was done with them is kept")
        for key in hidden:
            add_reason(self.by_customer[key], hidden_away)
        archive_many(self.batch.store, sorted(hidden))
        for key in deleted:
            self.by_customer[key].customer_id = None
        delete_many(self.batch.store, deleted)
        self.touched |= {*hidden, *deleted}

    def _kept(self, customers: dict[int, Profile]) -> set[int]:
        keys = list(customers)
        bought = _have_bought(keys)
        holding = _hold_credit(keys)
        looked_up = portraits.files_of(keys)
        reasons = {
            **dict.fromkeys(holding, _("kept: holds other credit")),
            **{key: _(EDITED) for key, one in customers.items() if self._is_other(one, looked_up)},
            **dict.fromkeys(bought, _("kept: bought or was bought for since")),
        }
        for key, reason in reasons.items():
            keep(self.by_customer[key], reason)
        return set(reasons)

    def _is_other(self, customer: Profile, looked_up: dict[int, str]) -> bool:
        """Whether a customer is no longer who the file made. A picture that was looked up is
        nothing that anybody did.
        """
        line = self.by_customer[customer.pk]
        made = {
            **NOTHING,
            **{name: was for name, (was, _) in line.changes.items()},
            "username": line.username,
            "uuid": from_value(line.uuid),
            "picture": customer.picture if customer.picture == looked_up.get(customer.pk) else "",
            "archived_at": None,
            "subscriber_source": Consent.IMPORT if "subscriber" in line.changes else "",
        }
        present = {name: from_value(getattr(customer, name)) for name in made}
        return any((present[name] or "") != (was or "") for name, was in made.items())

    def _tell_spent(self, missing: set[int]) -> None:
        for key in missing:
            line = self.by_customer[key]
            some = key in self.touched
            line.outcome = Outcome.SHORT if some else Outcome.LEFT_OUT
            add_reason(line, _("already spent in part") if some else _("impossible: already spent"))

    def _counts(self) -> dict[str, int]:
        whole = sum(not line.outcome and not line.drifted for line in self.lines)
        return {REVERSED: whole, KEPT: sum(line.drifted for line in self.lines)}


def undo(batch: Batch, lines: list[Staged]) -> Step:
    """Take back a chunk of lines."""
    counts = Undone(batch, lines).run()
    return Step(cursor=lines[-1].line, rows=len(lines), counts=counts)


def turn(batch: Batch, lines: Sequence[Staged]) -> None:
    """Write the plan of an undo: what lines did, turned round."""
    done = moved_by(batch.undoes_id or 0, [line.customer_id for line in lines if line.customer_id])
    insert(CustomerLine, PLANNED, [_turned(batch, line, done) for line in lines])


def edited_since(line: Staged, customer: Profile) -> set[str]:
    """The fields that no longer are what the file made them; a field goes with when and by which
    way it became known.
    """
    edited = {
        name
        for name, (was, _) in line.changes.items()
        if from_value(getattr(customer, name)) != was
    }
    for field, marks in MARKS.items():
        if edited & {field, *marks}:
            edited |= {field, *marks}
    return edited & line.changes.keys()


def keep(line: Staged, reason: str) -> None:
    line.drifted = True
    add_reason(line, reason)


def add_reason(line: Staged, reason: str) -> None:
    line.reason = "; ".join(filter(None, (line.reason, reason)))


def _have_bought(keys: list[int]) -> set[int]:
    """Those of customers who bought, or were bought for."""
    return present(Purchase, "payer", keys) | present(Purchase, "recipient", keys)


def _hold_credit(keys: list[int]) -> set[int]:
    rows = pick(CreditAccount, ("customer", *BALANCES), field="customer", values=keys)
    return {key for key, *held in rows if any(held)}


def _turned(
    batch: Batch, line: Staged, done: dict[tuple[int, str], tuple[int, int]]
) -> tuple[Any, ...]:
    """A row of `PLANNED`."""
    moved = (done.get((line.customer_id or 0, balance), (0, 0))[1] for balance in BALANCES)
    return (
        batch.store_id,
        batch.pk,
        line.line,
        line.state,
        line.customer_id,
        line.username,
        prepared(CustomerLine, "uuid", line.uuid),
        json.dumps({name: [to, was] for name, (was, to) in line.changes.items()}),
        *(-delta for delta in moved),
    )
