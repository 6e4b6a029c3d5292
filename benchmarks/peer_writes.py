"""Credit for many customers as Django offers it: `save()` in a loop, and `bulk_update`."""

from collections.abc import Sequence

from django.db import transaction

from benchmarks.ground import Ground
from customers.models import Balance, CreditAccount, CreditEntry, Kind

DELTA = 10
PIECE = 1_000


def keys(ground: Ground, number: int) -> list[int]:
    """The accounts of so many customers, spread over all."""
    found = list(CreditAccount.objects.filter(store=ground.store).values_list("pk", flat=True))
    return found[:: max(1, len(found) // number)][:number]


def one_by_one(ground: Ground, keys: Sequence[int]) -> None:
    """Each read, changed and saved, with its entry; all in one transaction."""
    with transaction.atomic():
        for key in keys:
            account = CreditAccount.objects.select_for_update().get(pk=key)
            entry = _moved(ground, account)
            account.save()
            entry.save()


def in_bulk(ground: Ground, keys: Sequence[int]) -> None:
    """A thousand at a time by `bulk_update` and `bulk_create`; all in one transaction."""
    with transaction.atomic():
        for first in range(0, len(keys), PIECE):
            rows = CreditAccount.objects.select_for_update().filter(
                pk__in=keys[first : first + PIECE]
            )
            accounts = list(rows)
            entries = [_moved(ground, account) for account in accounts]
            CreditAccount.objects.bulk_update(accounts, ["credit", "credit_seq"])
            CreditEntry.objects.bulk_create(entries)


def _moved(ground: Ground, account: CreditAccount) -> CreditEntry:
    account.credit += DELTA
    account.credit_seq += 1
    return CreditEntry(
        store=ground.store,
        account=account,
        balance=Balance.CREDIT,
        seq=account.credit_seq,
        delta=DELTA,
        after=account.credit,
        kind=Kind.GRANT,
        by=ground.owner,
    )
