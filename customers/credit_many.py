"""Moving many balances at once for a batch, each by its own amount, with an entry for each."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from customers.models import CreditAccount, CreditEntry
from stores.bulk import insert, pick, update
from stores.models import Batch, Store
from stores.money import LIMIT

ENTRY = (
    "store",
    "account",
    "balance",
    "seq",
    "delta",
    "after",
    "kind",
    "reason",
    "note",
    "at",
    "by",
    "batch",
    "reverses",
)
ACCOUNT = ("credit", "restricted", "credit_seq", "restricted_seq")
SEQ = {"credit": "credit_seq", "restricted": "restricted_seq"}

Account = dict[str, int]


class Move(NamedTuple):
    """A signed amount of one balance; `reverses` is the entry that it takes back."""

    account: int
    balance: str
    delta: int
    reverses: int | None = None


def lock_accounts(keys: Iterable[int]) -> dict[int, Account]:
    """The balances of accounts by key, locked in that order until the transaction ends."""
    rows = pick(CreditAccount, ("customer", *ACCOUNT), field="customer", values=[*keys], lock=True)
    return {key: dict(zip(ACCOUNT, values, strict=True)) for key, *values in rows}


def new_accounts(keys: Iterable[int]) -> dict[int, Account]:
    """The balances of accounts that are to be opened."""
    return {key: dict.fromkeys(ACCOUNT, 0) for key in keys}


def move_many(
    moves: Sequence[Move],
    *,
    accounts: dict[int, Account],
    batch: Batch,
    kind: str,
    as_far_as_it_goes: bool = False,
) -> dict[tuple[int, str], int]:
    """What was moved of locked `accounts`, by account and balance: all of a move, or none where the
    balance would leave its range; with `as_far_as_it_goes` what is there is taken.

    At most one move for a balance. Within the caller's transaction.
    """
    moved, entries = _moved(moves, accounts, batch, kind, as_far_as_it_goes)
    insert(CreditEntry, ENTRY, entries)
    touched = sorted({account for account, _ in moved})
    rows = [(key, *(accounts[key][name] for name in ACCOUNT)) for key in touched]
    update(CreditAccount, ACCOUNT, rows)
    return moved


def open_many(
    moves: Sequence[Move], *, accounts: dict[int, Account], batch: Batch, kind: str, store: Store
) -> None:
    """Open accounts of new customers, each with what is moved to it."""
    _, entries = _moved(moves, accounts, batch, kind, False)
    fields = ("customer", "store", *ACCOUNT)
    rows = [(key, store.pk, *account.values()) for key, account in accounts.items()]
    insert(CreditAccount, fields, rows)
    # Not before: while a key points at nothing yet, SQLite seeks through all entries of the store
    # for those of each account that is written.
    insert(CreditEntry, ENTRY, entries)


def moved_by(batch_id: int, accounts: Sequence[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """The entries that a batch wrote for some accounts: key and amount, by account and balance."""
    fields = ("account", "balance", "id", "delta")
    rows = pick(CreditEntry, fields, batch=batch_id, field="account", values=accounts)
    return {(account, balance): (pk, delta) for account, balance, pk, delta in rows}


def _moved(
    moves: Sequence[Move],
    accounts: dict[int, Account],
    batch: Batch,
    kind: str,
    as_far_as_it_goes: bool,
) -> tuple[dict[tuple[int, str], int], list[tuple[Any, ...]]]:
    """What is moved, and the entries to be written of it; `accounts` hold what they say."""
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    moved: dict[tuple[int, str], int] = {}
    entries = []
    for move in sorted(moves):
        account = accounts[move.account]
        delta = _fitting(account[move.balance], move.delta, as_far_as_it_goes)
        if not delta:
            continue
        account[move.balance] += delta
        account[SEQ[move.balance]] += 1
        moved[move.account, move.balance] = delta
        place, after = account[SEQ[move.balance]], account[move.balance]
        origin = (kind, "", "", at, batch.by_id, batch.pk, move.reverses)
        entries.append((batch.store_id, move.account, move.balance, place, delta, after, *origin))
    return moved, entries


def _fitting(held: int, delta: int, as_far_as_it_goes: bool) -> int:
    """What of a move keeps a balance in its range."""
    if 0 <= held + delta <= LIMIT:
        return delta
    return -held if as_far_as_it_goes and delta < 0 else 0
