"""The real worker, killed while it reads, applies and takes back a sales file: each sale is written exactly once."""

from random import Random

import pytest

from customers import books, tasks
from customers.models import Customer, Purchase
from products.models import Product, Vendor
from sales.imports import kinds
from sales.models import SaleRow
from stores import batches
from stores.batches import deeds
from stores.models import AuditEntry, Batch, State, Store
from tests.factories import buy, make_customer, make_member, make_product, make_store
from tests.sales.imported import chosen, drafted, imported
from tests.storeadmin.test_kill import killer, state

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "Customer,UUID,Date,Product,Quantity,Amount,Vendor\n"
FIGURES = ("spent", "spent_year", "owns", "first_purchase_at", "last_purchase_at")
CHUNK = 100


@pytest.fixture
def large_batches(monkeypatch):
    """Batches of more than a chunk are the worker's."""
    for module in (deeds, kinds):
        monkeypatch.setattr(module, "CHUNK", CHUNK)


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


def test_a_worker_killed_while_it_imports_sales_neither_loses_nor_repeats(large_batches, tmp_path):
    rows = 2_500
    text = sheet(rows, seed=1)
    calm = make_store("calm")
    known(calm, rows)
    first = imported(calm, text)
    as_it_shall_be = facts(calm)
    before = worked(batches.undo(batch=first, by=None))
    as_it_was = facts(calm)
    store = make_store("hunted")
    known(store, rows)

    with killer(tmp_path, chunk=CHUNK, seed=1) as hunter:
        batch = drafted(store, text, by=make_member(store).user)
        hunter.work(batch, rows=rows, kills=1)
        batch = chosen(Batch.objects.get(pk=batch.pk))
        assert (batch.state, batch.planned) == (State.PREVIEWED, rows)
        batches.apply(batch=batch, by=batch.by)
        hunter.work(batch, rows=rows, kills=1)
        assert (state(batch), wrong(batch, as_it_shall_be, rows)) == (State.DONE, [])
        assert Batch.objects.get(pk=batch.pk).counts == first.counts

        back = batches.undo(batch=batch, by=batch.by)
        hunter.work(back, rows=2 * before.planned, kills=1)

    assert (state(back), wrong(back, as_it_was, before.planned)) == (State.DONE, [])
    assert Batch.objects.get(pk=back.pk).counts == before.counts
