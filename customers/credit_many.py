"""Moving many balances at once for a batch, each by its own amount, with an entry for each."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from customers.models import CreditAccount, CreditEntry
from stores.bulk import insert, update
from stores.models import Batch
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


class Move(NamedTuple):
    """A signed amount of one balance; `reverses` is the entry that it takes back."""

    account: int
    balance: str
    delta: int
    reverses: int | None = None


def lock_accounts(keys: Iterable[int]) -> dict[int, dict[str, int]]:
    """The balances of accounts by key, locked in that order until the transaction ends."""
    rows = CreditAccount.objects.filter(pk__in=set(keys)).select_for_update().order_by("pk")
    return {row["pk"]: row for row in rows.values("pk", *ACCOUNT)}


def move_many(
    moves: Sequence[Move],
    *,
    accounts: dict[int, dict[str, int]],
    batch: Batch,
    kind: str,
    as_far_as_it_goes: bool = False,
) -> dict[tuple[int, str], int]:
    """What was moved of locked `accounts`, by account and balance: all of a move, or none where the
    balance would leave its range; with `as_far_as_it_goes` what is there is taken.

    At most one move for a balance. Within the caller's transaction.
    """
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    moved: dict[tuple[int, str], int] = {}
    entries = []
    for move in sorted(moves):
        account = accounts[move.account]
        delta = _fitting(account[move.balance], move.delta, as_far_as_it_goes)
        if not delta:
            continue
        account[move.balance] += delta
        account[f"{move.balance}_seq"] += 1
        moved[move.account, move.balance] = delta
        place, after = account[f"{move.balance}_seq"], account[move.balance]
        origin = (kind, "", "", at, batch.by_id, batch.pk, move.reverses)
        entries.append((batch.store_id, move.account, move.balance, place, delta, after, *origin))
    insert(CreditEntry, ENTRY, entries)
    touched = sorted({account for account, _ in moved})
    update(
        CreditAccount,
        ACCOUNT,
        [(key, *(accounts[key][name] for name in ACCOUNT)) for key in touched],
    )
    return moved


def moved_by(batch_id: int, accounts: Sequence[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """The entries that a batch wrote for some accounts: key and amount, by account and balance."""
    entries = CreditEntry.objects.filter(batch=batch_id, account__in=accounts)
    rows = entries.values_list("account", "balance", "pk", "delta")
    return {(account, balance): (pk, delta) for account, balance, pk, delta in rows}


def _fitting(held: int, delta: int, as_far_as_it_goes: bool) -> int:
    """What of a move keeps a balance in its range."""
    if 0 <= held + delta <= LIMIT:
        return delta
    return -held if as_far_as_it_goes and delta < 0 else 0
