"""The real worker, killed while it reads, applies and takes back a sales file: each sale is written exactly once."""

import time
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from customers import books, tasks
from customers.models import Customer, Purchase
from products.models import Product, Vendor
from sales.imports import kinds
from sales.models import SaleRow
from stores import batches
from stores.batches import deeds
from stores.models import AuditEntry, Batch, State, Store
from tests import workers
from tests.factories import buy, make_customer, make_member, make_product, make_store
from tests.sales.imported import chosen, drafted, imported
from tests.storeadmin.test_kill import killer, state

pytestmark = pytest.mark.django_db(transaction=True)
CHUNKS = (deeds, kinds)
MANY = (SaleRow, Purchase)
HEADER = "Customer,UUID,Date,Product,Quantity,Amount,Vendor\n"
FIGURES = ("spent", "spent_year", "owns", "first_purchase_at", "last_purchase_at")


def sheet(rows: int, seed: int) -> str:
    """Customers come again and again, some are renamed by their uuid; some lines are refused."""
    random = Random(seed)
    lines = []
    for number in range(rows):
        who = random.randrange(rows // 4)
        uuid = f"00000000-0000-4000-8000-{who:012}" if who % 3 == 0 else ""
        name = f"c{who}" if not uuid or random.random() < 0.5 else f"d{who}"
        amount = "x" if number % 50 == 7 else random.randrange(1, 900)
        day = f"202{random.randrange(4, 6)}-0{random.randrange(1, 10)}-1{random.randrange(10)}"
        lines.append(
            f"{name},{uuid},{day},P{random.randrange(40)},1,{amount},V{random.randrange(5)}\n"
        )
    return HEADER + "".join(lines)


def known(store: Store, rows: int) -> None:
    """Some of the customers of the sheet, who bought before, and some of its products."""
    lamp = make_product(store, "P1")
    for who in range(0, rows // 4, 10):
        buy(make_customer(store, f"c{who}"), lamp)
    tasks.daily(store)


def facts(store: Store) -> list[list[tuple]]:
    """All that a file changes, by name."""
    customers = Customer.objects.filter(store=store).order_by("name_key")
    sold = Purchase.objects.filter(store=store, import_key__isnull=False)
    names = ("payer__username", "product__name", "vendor__name")
    return [
        list(customers.values_list("username", "uuid", "archived_at", *FIGURES[:3])),
        sorted(sold.values_list("import_key", "quantity", "money", "counts_on", *names)),
        sorted(Product.objects.filter(store=store).values_list("name", "price")),
        sorted(Vendor.objects.filter(store=store).values_list("name")),
    ]


def wrong(batch: Batch, expected: list[list[tuple]], rows: int) -> list[str]:
    """What is not as if the batch had been done at one go."""
    now = Batch.objects.get(pk=batch.pk)
    told = AuditEntry.objects.filter(subject_id=batch.pk, action="batch.done")
    return [
        *([] if facts(batch.store) == expected else ["facts"]),
        *([] if (now.planned, now.handled) == (rows, rows) else [f"{now.planned}, {now.handled}"]),
        *([] if SaleRow.objects.filter(batch=batch).count() == rows else ["lines"]),
        *([] if told.count() == 1 else ["trail"]),
        *(str(one) for one in books.check(batch.store)),
    ]


def worked(batch: Batch) -> Batch:
    while batches.run(batch.pk, seconds=600):
        continue
    batch.refresh_from_db()
    return batch


def import_and_undo(hunter, *, rows: int, planning: int, working: int, undoing: int):
    text = sheet(rows, seed=1)
    calm = make_store("calm")
    known(calm, rows)
    first = imported(calm, text)
    as_it_shall_be = facts(calm)
    before = worked(batches.undo(batch=first, by=None))
    as_it_was = facts(calm)
    store = make_store("hunted")
    known(store, rows)

    batch = drafted(store, text, by=make_member(store).user)
    hunter.work(batch, rows=rows, kills=planning)
    batch = chosen(Batch.objects.get(pk=batch.pk))
    assert (batch.state, batch.planned) == (State.PREVIEWED, rows)
    batches.apply(batch=batch, by=batch.by)
    hunter.work(batch, rows=rows, kills=working)
    assert (state(batch), wrong(batch, as_it_shall_be, rows)) == (State.DONE, [])
    assert Batch.objects.get(pk=batch.pk).counts == first.counts

    back = batches.undo(batch=batch, by=batch.by)
    hunter.work(back, rows=2 * before.planned, kills=undoing)
    assert (state(back), wrong(back, as_it_was, before.planned)) == (State.DONE, [])
    assert Batch.objects.get(pk=back.pk).counts == before.counts


def test_a_worker_killed_while_it_imports_sales_neither_loses_nor_repeats(large_batches, tmp_path):
    large_batches(100)

    with killer(tmp_path, chunk=100, seed=1) as hunter:
        import_and_undo(hunter, rows=2_500, planning=1, working=1, undoing=1)


@pytest.mark.slow
@pytest.mark.usefixtures("emptied_in_order")
def test_15_kills_in_an_import_of_100_000_sales_and_5_in_its_undo(
    large_batches, monkeypatch, tmp_path: Path, capsys
):
    monkeypatch.setattr(workers, "PATIENCE", 1_800)
    large_batches(1_000)
    seed = time.time_ns()

    with killer(tmp_path, chunk=1_000, seed=seed) as hunter:
        with capsys.disabled():
            print(f"\n{connection.vendor}, seed {seed}: ", end="", flush=True)
        import_and_undo(hunter, rows=100_000, planning=5, working=10, undoing=5)

    with capsys.disabled():
        print(f"{hunter.kills} kills in {hunter.seconds:.0f} s of work, nothing lost or twice")
