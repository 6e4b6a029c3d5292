"""Taking back what the lines of a file did: customers get back what they had, those who were made
go again.
"""

from collections.abc import Sequence
from typing import Any

from customers.credit_many import Move, move_many, moved_by
from customers.imports.applying import from_value, save, to_value
from customers.models import (
    BALANCES,
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerLine,
    Kind,
    LineState,
    OldName,
    SearchText,
)
from customers.profiles_many import archive_many, delete_many, lock_many, pointed_at, put_back_many
from stores.batches import Step
from stores.models import Batch, Outcome

EDITED = "kept: edited since"
SPENT = "impossible: already spent"
SPENT_IN_PART = "already spent in part"
BOUGHT = "kept: bought or was bought for since"
HIDDEN = "archived, since their movements stay in the ledger"
# Rows that came with a customer, or tell of them without being theirs.
OWN = (CreditAccount, SearchText, OldName, CustomerLine, CreditEntry)


class Undone:
    """One chunk of lines on the way back, within the caller's transaction. The lines say, turned
    round, what was done: they were made by `turned`.
    """

    def __init__(self, batch: Batch, lines: list[CustomerLine]) -> None:
        self.batch = batch
        self.lines = lines
        self.by_customer = {line.customer_id: line for line in lines if line.customer_id}

    def run(self) -> None:
        self._give_back_credit()
        customers = lock_many(list(self.by_customer))
        self._give_back_fields(customers)
        self._let_go({key: one for key, one in customers.items() if self._made(key)})
        save(self.lines)

    def _made(self, key: int) -> bool:
        return self.by_customer[key].state == LineState.NEW

    def _give_back_credit(self) -> None:
        done = moved_by(self.batch.undoes_id or 0, list(self.by_customer))
        moves = [Move(*what, -delta, entry) for what, (entry, delta) in done.items()]
        moved = move_many(moves, batch=self.batch, kind=Kind.REVERSAL, as_far_as_it_goes=True)
        for move in moves:
            line = self.by_customer[move.account]
            back = moved.get((move.account, move.balance), 0)
            if back != move.delta:
                line.outcome = Outcome.SHORT if back or line.changes else Outcome.LEFT_OUT
                line.reason = SPENT_IN_PART if back else SPENT

    def _give_back_fields(self, customers: dict[int, Customer]) -> None:
        """Known customers get back each field that still is what the file made it."""
        changes: dict[int, dict[str, Any]] = {}
        for key, customer in customers.items():
            line = self.by_customer[key]
            if self._made(key):
                continue
            changes[key] = {
                name: to_value(name, to)
                for name, (was, to) in line.changes.items()
                if from_value(getattr(customer, name)) == was
            }
            if changes[key].keys() != line.changes.keys():
                line.drifted, line.reason = True, line.reason or EDITED
        put_back_many(changes)

    def _let_go(self, customers: dict[int, Customer]) -> None:
        """Customers whom the file made are deleted; archived where the ledger holds entries of
        theirs; kept where they were edited or bought since.
        """
        keys = list(customers)
        kept = self._kept(customers)
        moved = CreditEntry.objects.filter(account__in=keys).values_list("account", flat=True)
        hidden = set(moved) - kept
        deleted = [key for key in keys if key not in kept | hidden]
        for key in hidden:
            self.by_customer[key].reason = self.by_customer[key].reason or HIDDEN
        archive_many(self.batch.store, sorted(hidden))
        CustomerLine.objects.filter(customer__in=deleted).update(customer=None)
        for key in deleted:
            self.by_customer[key].customer_id = None
        delete_many(self.batch.store, deleted)

    def _kept(self, customers: dict[int, Customer]) -> set[int]:
        bought = pointed_at(list(customers), but=OWN)
        kept = set()
        for key, customer in customers.items():
            line = self.by_customer[key]
            edited = any(
                from_value(getattr(customer, name)) != was
                for name, (was, _) in line.changes.items()
            )
            if key in bought or edited or customer.archived_at:
                line.drifted, line.reason = True, BOUGHT if key in bought else EDITED
                kept.add(key)
        return kept


def undo(batch: Batch, lines: list[CustomerLine], *, cursor: int) -> Step:
    """Take back a chunk of lines, which go up to the line `cursor`."""
    Undone(batch, lines).run()
    return Step(cursor=cursor, rows=len(lines))


def turned(batch: Batch, lines: Sequence[CustomerLine]) -> list[CustomerLine]:
    """The plan of an undo: what lines did, turned round."""
    done = moved_by(batch.undoes_id or 0, [line.customer_id for line in lines if line.customer_id])
    return [_turned(batch, line, done) for line in lines]


def _turned(
    batch: Batch, line: CustomerLine, done: dict[tuple[int, str], tuple[int, int]]
) -> CustomerLine:
    moved = {
        f"{balance}_asked": -done.get((line.customer_id or 0, balance), (0, 0))[1]
        for balance in BALANCES
    }
    return CustomerLine(
        store_id=batch.store_id,
        batch=batch,
        line=line.line,
        state=line.state,
        customer_id=line.customer_id,
        username=line.username,
        changes={name: [to, was] for name, (was, to) in line.changes.items()},
        **moved,
    )
