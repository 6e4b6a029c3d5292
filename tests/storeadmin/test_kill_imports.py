"""The real worker, killed while it reads, applies and takes back a customer file: each line is done exactly once."""

import time
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models import Q

from customers import books, tasks
from customers.imports import kinds
from customers.models import CreditAccount, CreditEntry, Customer, CustomerLine
from stores import batches
from stores.batches import deeds
from stores.models import AuditEntry, Batch, Outcome, State, Store
from tests import workers
from tests.factories import make_member, make_store
from tests.imported import MOVEMENT, drafted, imported
from tests.storeadmin.test_kill import killer, state

pytestmark = pytest.mark.django_db(transaction=True)
CHUNKS = (deeds, kinds)
MANY = (CustomerLine, CreditEntry, CreditAccount)
HEADER = "Username,Note,Credit,Restricted Credit,Discount %,News Subscriber\n"


def sheet(rows: int, seed: int) -> str:
    """Half of the customers are known by then; some lines are refused."""
    random = Random(seed)
    lines = []
    for number in range(rows):
        credit = random.choice(["", "0", str(number % 90), "x" if number % 50 == 7 else "5"])
        said = random.choice(["", "yes", "no"])
        note = random.choice(["", "a note"])
        lines.append(f"c{number},{note},{credit},{number % 3},{number % 101},{said}\n")
    return HEADER + "".join(lines)


def known(store: Store, rows: int) -> None:
    """Every other customer of the sheet, with credit of an import before."""
    imported(store, "Username,Credit\n" + "".join(f"c{n},{n % 70}\n" for n in range(0, rows, 2)))
    tasks.daily(store)


Facts = dict[str, list[tuple]]


def facts(store: Store) -> Facts:
    """All that a file changes of customers, and the movements of their credit, by name."""
    fields = ("username", "note", "discount", "subscriber", "subscriber_source")
    balances = ("account__credit", "account__restricted")
    rows = Customer.objects.filter(store=store).order_by("name_key")
    listed = Q(archived_at=None)
    name = "account__customer__name_key"
    entries = CreditEntry.objects.filter(store=store).order_by(name, "balance", "seq")
    return {
        "customers": list(
            rows.annotate(is_listed=listed).values_list(*fields, *balances, "is_listed")
        ),
        "entries": list(entries.values_list(name, *MOVEMENT)),
    }


def wrong(batch: Batch, expected: Facts, rows: int) -> list[str]:
    """What is not as if the batch had been done at one go."""
    now = Batch.objects.get(pk=batch.pk)
    told = AuditEntry.objects.filter(subject_id=batch.pk, action="batch.done")
    found = facts(batch.store)
    return [
        *(name for name in expected if found[name] != expected[name]),
        *([] if (now.planned, now.handled) == (rows, rows) else [f"{now.planned}, {now.handled}"]),
        *([] if CustomerLine.objects.filter(batch=batch).count() == rows else ["lines"]),
        *([] if told.count() == 1 else ["trail"]),
        *(str(one) for one in books.check(batch.store)),
    ]


def import_and_undo(hunter, *, rows: int, seed: int, planning: int, working: int, undoing: int):
    text = sheet(rows, seed)
    calm = make_store("calm")
    known(calm, rows)
    first = imported(calm, text)
    as_it_shall_be = facts(calm)
    before = batches.undo(batch=first, by=None)
    while batches.run(before.pk, seconds=600):
        continue
    as_it_was = facts(calm)
    before.refresh_from_db()
    store = make_store("hunted")
    known(store, rows)

    batch = drafted(store, text, by=make_member(store).user)
    hunter.work(batch, rows=rows, kills=planning)
    batch.refresh_from_db()
    assert (batch.state, batch.planned) == (State.PREVIEWED, rows)
    assert batch.counts == {
        name: number for name, number in first.counts.items() if name not in Outcome.values
    }
    batches.apply(batch=batch, by=batch.by)
    hunter.work(batch, rows=rows, kills=working)
    assert (state(batch), wrong(batch, as_it_shall_be, rows)) == (State.DONE, [])

    back = batches.undo(batch=batch, by=batch.by)
    hunter.work(back, rows=2 * before.planned, kills=undoing)
    assert (state(back), wrong(back, as_it_was, before.planned)) == (State.DONE, [])
    now = Batch.objects.get(pk=back.pk)
    assert now.counts == before.counts


def test_a_worker_killed_while_it_imports_neither_loses_nor_repeats(large_batches, tmp_path):
    large_batches(50)

    with killer(tmp_path, chunk=50, seed=1) as hunter:
        import_and_undo(hunter, rows=1_500, seed=1, planning=1, working=2, undoing=1)


@pytest.mark.slow
@pytest.mark.usefixtures("emptied_in_order")
def test_20_kills_in_an_import_of_100_000_lines_and_10_in_its_undo(
    large_batches, monkeypatch, tmp_path: Path, capsys
):
    monkeypatch.setattr(workers, "PATIENCE", 1_800)
    large_batches(1_000)
    seed = time.time_ns()

    with killer(tmp_path, chunk=1_000, seed=seed) as hunter:
        with capsys.disabled():
            print(f"\n{connection.vendor}, seed {seed}: ", end="", flush=True)
        import_and_undo(hunter, rows=100_000, seed=1, planning=8, working=12, undoing=10)

    with capsys.disabled():
        print(f"{hunter.kills} kills in {hunter.seconds:.0f} s of work, nothing lost or twice")
