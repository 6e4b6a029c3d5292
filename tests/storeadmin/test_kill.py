"""The real worker, killed and stopped while it works on a batch: each customer gets the change exactly once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from customers import books, bulk_credit, tasks
from customers.audience import Audience
from customers.models import CreditAccount, CreditEntry, CreditRow
from storeadmin.generate.making import generate
from stores import batches
from stores.batches import deeds
from stores.models import AuditEntry, Batch, State, Store
from stores.models.batch import WORKING
from tests import workers
from tests.factories import make_member
from tests.workers import Worker, progress, worker

pytestmark = pytest.mark.django_db(transaction=True)
CHUNKS = (deeds,)
MANY = (CreditRow, CreditEntry)
CREDIT, RESTRICTED = 7, -30
# So near the end no worker is killed: it would be done before the signal.
LAST_CHUNKS = 10

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


def changed(was: Balances) -> Balances:
    return {
        key: (credit + CREDIT, max(0, restricted + RESTRICTED))
        for key, (credit, restricted) in was.items()
    }


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
    told = AuditEntry.objects.filter(subject_id=batch.pk, action="batch.done")
    return [
        *([] if entries == expected else ["entries"]),
        *([] if balances(batch.store) == becomes else ["balances"]),
        *([] if (now.planned, now.handled) == (len(was), len(was)) else ["progress"]),
        *([] if moved == counted else ["counts"]),
        *([] if told.count() == 1 else ["trail"]),
        *(str(one) for one in books.check(batch.store)),
    ]


class Killer:
    """Workers one after the other, each killed at a random moment of the work; the last one lives."""

    def __init__(self, folder: Path, *, chunk: int, seed: int) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.chunk = chunk
        self.kills = 0
        self.seconds = 0.0
        self.worker: Worker | None = None

    def work(self, batch: Batch, *, rows: int, kills: int) -> None:
        """Let a batch be worked on for so many rows, with so many kills spread over them."""
        start, done = time.monotonic(), progress(batch)
        last = rows - LAST_CHUNKS * self.chunk
        for moment in sorted(self.random.randrange(last) for _ in range(kills)):
            victim = self._at_work()
            victim.until(lambda moment=moment: progress(batch) >= done + moment)
            victim.lives(self.random.uniform(0, 0.05))
            victim.kill()
            assert works(batch), "it was killed too late"
            self.kills += 1
            self.worker = None
        self._at_work().until(lambda: not works(batch))
        self.seconds += time.monotonic() - start

    def _at_work(self) -> Worker:
        if self.worker is None:
            self.worker = Worker(self.folder, f"worker{self.kills}", chunk=self.chunk)
        return self.worker


@contextmanager
def killer(folder: Path, *, chunk: int, seed: int) -> Iterator[Killer]:
    started = Killer(folder, chunk=chunk, seed=seed)
    try:
        yield started
    finally:
        if started.worker:
            started.worker.kill()


def change_and_undo(killer: Killer, *, customers: int, planning: int, working: int, undoing: int):
    store = large_store(customers)
    was = balances(store)
    becomes = changed(was)

    change = draft(store)
    killer.work(change, rows=customers, kills=planning)
    assert state(change) == State.PREVIEWED
    batches.apply(batch=change, by=change.by)
    killer.work(change, rows=customers, kills=working)
    assert (state(change), wrong(change, was, becomes)) == (State.DONE, [])

    back = batches.undo(batch=change, by=change.by)
    killer.work(back, rows=2 * customers, kills=undoing)
    assert (state(back), wrong(back, becomes, was)) == (State.DONE, [])


def test_a_worker_killed_at_random_moments_neither_loses_nor_repeats(large_batches, tmp_path):
    large_batches(50)

    with killer(tmp_path, chunk=50, seed=1) as hunter:
        change_and_undo(hunter, customers=1_500, planning=1, working=1, undoing=2)


@pytest.mark.slow
@pytest.mark.usefixtures("emptied_in_order")
def test_20_kills_in_a_batch_over_100_000_customers_and_20_in_its_undo(
    large_batches, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(workers, "PATIENCE", 1_800)
    large_batches(1_000)
    seed = time.time_ns()

    with killer(tmp_path, chunk=1_000, seed=seed) as hunter:
        with capsys.disabled():
            print(f"\n{connection.vendor}, seed {seed}: ", end="", flush=True)
        change_and_undo(hunter, customers=100_000, planning=6, working=14, undoing=20)

    with capsys.disabled():
        print(f"{hunter.kills} kills in {hunter.seconds:.0f} s of work, nothing lost or twice")


def die_in_a_chunk(folder: Path, how: str) -> list[str]:
    """A worker dies between the rows of a chunk and its progress, and another goes on; what is not
    as if nobody had died.
    """
    store = large_store(400)
    was = balances(store)
    change = draft(store)
    while batches.run(change.pk, seconds=60):
        continue
    batches.apply(batch=Batch.objects.get(pk=change.pk), by=change.by)

    with worker(folder, "first", chunk=50, program=f"-m tests.dying {how}") as first:
        first.dies()
    with worker(folder, "second", chunk=50) as second:
        second.until(lambda: not works(change))

    ended = state(change)
    return [*([] if ended == State.DONE else [ended]), *wrong(change, was, changed(was))]


def test_a_worker_killed_in_the_middle_of_a_chunk_has_done_nothing_of_it(large_batches, tmp_path):
    large_batches(50)

    assert die_in_a_chunk(tmp_path, "whole") == []


def test_a_worker_killed_in_a_chunk_that_is_not_whole_is_caught(large_batches, tmp_path):
    """What it had done is done again: the unique key of the entries stops that."""
    large_batches(50)

    assert die_in_a_chunk(tmp_path, "naive")[:1] == [State.FAILED]


def test_a_worker_stopped_past_its_lease_is_fenced(large_batches, tmp_path):
    large_batches(50)
    store = large_store(4_000)
    was = balances(store)
    change = draft(store)

    with worker(tmp_path, "first", chunk=50) as first:
        first.until(lambda: not works(change))
        batches.apply(batch=change, by=change.by)
        first.until(lambda: progress(change) >= 4_000 + 100)
        first.stop_between_chunks()
        assert works(change), "it was stopped too late"
        until_then = progress(change)
        with worker(tmp_path, "second", chunk=50) as second:
            second.until(lambda: not works(change))
        assert (state(change), wrong(change, was, changed(was))) == (State.DONE, [])

        first.go_on()
        first.until(lambda: "went on elsewhere" in first.said())

    assert until_then < progress(change)
    assert (state(change), wrong(change, was, changed(was))) == (State.DONE, [])
