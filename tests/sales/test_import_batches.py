"""Sales out of a file as a batch: each line is judged, written once, and taken back as if it had never been."""

import datetime as dt

import pytest

from customers.models import Customer, Purchase
from products.models import Product, Vendor
from tests.changes import undone
from tests.factories import buy, figures_of, make_customer, make_product, make_store, set_window
from tests.sales.imported import held, imported, previewed, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

HEADER = "Customer,UUID,Date,Product,Quantity,Amount,Receipt,Vendor\n"
ANNA = "11111111-2222-4333-8444-555555555555"
TEXT = HEADER + (
    f"Anna,{ANNA},2026-06-01,Lamp,2,200,R1,Mall\n"
    "bert,,2026-06-02,lamp,1,90,,\n"
    "dora,,2026-06-03,Chair,1,50,,Mall\n"
    "dora,,2026-06-04,Chair,-1,-50,,\n"
    ",,2026-06-04,Chair,1,50,,\n"
    "egon,,2026-06-05,,1,7,,\n"
    "fritz,,2026-02-31,Chair,1,50,,\n"
)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", credit=10)


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp")


def test_lines_are_judged(store, anna, lamp):
    batch = previewed(store, TEXT, rest="")

    assert told(batch, "state", "column", "reason") == [
        (2, "new", "", ""),
        (3, "new", "", ""),
        (4, "new", "", ""),
        (5, "new", "", ""),
        (6, "nameless", "", "the line does not say who bought"),
        (7, "new", "", ""),
        (8, "refused", "Date", "is not a day or time that exists"),
    ]


def test_all(store, anna, lamp):
    before = held(store)
    batch = imported(store, TEXT)
    assert batch.state == "done", batch.failure
    print(batch.counts)
    anna.refresh_from_db()
    assert str(anna.uuid) == ANNA
    assert figures_of(anna)["spent"] == 200
    again = imported(store, TEXT)
    assert Purchase.objects.count() == 5
    undone(again)
    undo = undone(batch)
    assert undo.state == "done", undo.failure
    print(undo.counts)
    after = held(store)
    for label in before:
        assert before[label] == after[label], label
