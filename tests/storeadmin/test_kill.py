"""The real worker, killed and stopped while it works on a batch: each customer gets the change exactly once."""

from random import Random

import pytest
from django.db.models import Sum

from customers import books, bulk_credit, tasks
from customers.audience import Audience
from customers.models import CreditAccount, CreditEntry
from storeadmin.generate.making import generate
from stores import batches
from stores.batches import deeds
from stores.models import Batch, State, Store
from stores.models.batch import WORKING
from tests.factories import make_member
from tests.workers import progress, until, worker

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20260615
CREDIT, RESTRICTED = 7, -30

Balances = dict[int, tuple[int, int]]


def large_store(customers: int) -> Store:
    """Its year, its days and its books are up to date: the worker has nothing else to do."""
    store = generate(slug="large", customers=customers, purchases=0, seed=1)
    tasks.daily(store)
    return store


def draft(store: Store) -> Batch:
    return bulk_credit.draft(
        audience=Audience(store), credit=CREDIT, restricted=RESTRICTED, by=make_member(store).user
    )


def balances(store: Store) -> Balances:
    rows = CreditAccount.objects.filter(store=store).values_list("pk", "credit", "restricted")
    return {key: (credit, restricted) for key, credit, restricted in rows}


def state(batch: Batch) -> str:
    return Batch.objects.values_list("state", flat=True).get(pk=batch.pk)


def works(batch: Batch) -> bool:
    return state(batch) in WORKING


def wrong(batch: Batch, was: Balances, becomes: Balances) -> list[str]:
    """What is not as if each customer had got the change exactly once."""
    rows = CreditEntry.objects.filter(batch=batch).values_list("account", "balance", "delta")
    entries = sorted(rows)
    expected = sorted(
        (key, balance, after - before)
        for key in was
        for balance, before, after in zip(
            ("credit", "restricted"), was[key], becomes[key], strict=True
        )
        if after != before
    )
    now = Batch.objects.get(pk=batch.pk)
    moved = CreditEntry.objects.filter(batch=batch).aggregate(sum=Sum("delta"))["sum"]
    counted = now.counts["credit_moved"] + now.counts["restricted_moved"]
    return [
        *([] if entries == expected else ["entries"]),
        *([] if balances(batch.store) == becomes else ["balances"]),
        *([] if (now.planned, now.handled) == (len(was), len(was)) else ["progress"]),
        *([] if moved == counted else ["counts"]),
        *(str(one) for one in books.check(batch.store)),
    ]


class Killer:
    """Workers one after the other, each killed at a random moment of the work."""

    def __init__(self, folder, *, chunk: int) -> None:
        self.random = Random(SEED)
        self.folder = folder
        self.chunk = chunk

    def kill(self, batch: Batch, *, times: int, rows: int) -> None:
        """Kill so often, at moments spread over so many rows of the work that is ahead; then let
        one worker live to its end.
        """
        done = progress(batch)
        last = rows - 2 * self.chunk
        for moment in sorted(self.random.randrange(last) for _ in range(times)):
            with self._worker() as victim:
                until(lambda moment=moment: progress(batch) >= done + moment)
                victim.lives(self.random.uniform(0, 0.03))
                victim.kill()
            assert works(batch), "it was killed too late"
        with self._worker():
            until(lambda: not works(batch))

    def _worker(self):
        return worker(self.folder, chunk=self.chunk)


def change_and_undo(killer: Killer, *, customers: int, planning: int, working: int, undoing: int):
    store = large_store(customers)
    was = balances(store)
    becomes = {
        key: (credit + CREDIT, max(0, restricted + RESTRICTED))
        for key, (credit, restricted) in was.items()
    }

    change = draft(store)
    killer.kill(change, times=planning, rows=customers)
    assert state(change) == State.PREVIEWED
    batches.apply(batch=change, by=change.by)
    killer.kill(change, times=working, rows=customers)
    assert (state(change), wrong(change, was, becomes)) == (State.DONE, [])

    back = batches.undo(batch=change, by=change.by)
    killer.kill(back, times=undoing, rows=2 * customers)
    assert (state(back), wrong(back, becomes, was)) == (State.DONE, [])


def test_a_worker_killed_at_random_moments_neither_loses_nor_repeats(monkeypatch, tmp_path):
    monkeypatch.setattr(deeds, "CHUNK", 100)

    change_and_undo(Killer(tmp_path, chunk=100), customers=5_000, planning=1, working=2, undoing=3)
