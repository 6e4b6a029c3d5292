"""Bulk changes of discounts: each product gets the same one with its days, and gets its own back by undo."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products import catalogue
from products.models import DiscountRow, Product
from products.selection import Selection
from stores import batches
from stores.batches import BatchRefused
from stores.models import Batch
from stores.targets import UNREADABLE
from tests.changes import applied, chunks_of, discount_change, ended, undone
from tests.factories import make_category, make_member, make_product, make_store

pytestmark = pytest.mark.django_db
JUNE, END = dt.date(2026, 6, 1), dt.date(2026, 6, 30)
TEN = (10, JUNE, END)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def shelf(store):
    return make_category(store, "Chairs")


@pytest.fixture
def goods(store, shelf):
    """None, another discount, the very same one, and the same per cent on other days."""
    return {
        "plain": make_product(store, "plain", category=shelf),
        "sale": make_product(store, "sale", category=shelf, discount=25, discount_until=END),
        "same": make_product(
            store, "same", discount=10, discount_from=JUNE, discount_until=END, category=shelf
        ),
        "days": make_product(store, "days", discount=10),
    }


WAS = {
    "plain": (0, None, None),
    "sale": (25, None, END),
    "same": TEN,
    "days": (10, None, None),
}


def discounts(goods) -> dict:
    fields = ("discount", "discount_from", "discount_until")
    return {
        name: Product.objects.values_list(*fields).get(pk=product.pk)
        for name, product in goods.items()
    }


def change(goods, by, percent=10, first=JUNE, last=END) -> Batch:
    return discount_change(*goods.values(), by=by, percent=percent, first=first, last=last)


def rows_of(batch) -> dict:
    rows = DiscountRow.objects.filter(batch=batch).select_related("product")
    return {
        row.product.name: (tuple(row.was), tuple(row.to), row.outcome, row.drifted) for row in rows
    }


def test_a_preview_freezes_what_was_and_what_shall_be(goods, manager):
    batch = change(goods, manager)

    assert (batch.state, batch.title, batch.kind) == (
        "previewed",
        "Discount 10 % from 1 Jun 2026 until 30 Jun 2026",
        "discount",
    )
    assert rows_of(batch) == {name: (was, TEN, "", False) for name, was in WAS.items()}
    assert batch.counts == {"planned": 4, "same": 1, "replaced": 2}
    assert discounts(goods) == WAS


def test_each_product_gets_it_with_its_days(goods, manager):
    other = make_product(goods["plain"].store, "other", discount=3)

    batch = applied(change(goods, manager))

    assert discounts(goods) == dict.fromkeys(WAS, TEN)
    assert discounts({"other": other}) == {"other": (3, None, None)}
    assert (batch.state, batch.handled, batch.counts["set"]) == ("done", 4, 4)


def test_a_discount_without_days_takes_the_old_days_away(goods, manager):
    applied(change(goods, manager, percent=5, first=None, last=None))

    assert discounts(goods) == dict.fromkeys(WAS, (5, None, None))


def test_zero_clears_the_discount_and_its_days(goods, manager):
    batch = change(goods, manager, percent=0)
    planned = dict(batch.counts)

    applied(batch)

    assert batch.title == "No discount"
    assert planned == {"planned": 4, "same": 1, "replaced": 3}
    assert discounts(goods) == dict.fromkeys(WAS, (0, None, None))


def test_days_that_a_cleared_discount_left_are_taken_away(store, manager):
    lamp = make_product(store, "lamp", discount=0, discount_until=END)
    batch = change({"lamp": lamp}, manager, percent=0)

    assert batch.counts == {"planned": 1, "same": 0, "replaced": 0}
    applied(batch)
    assert discounts({"lamp": lamp}) == {"lamp": (0, None, None)}


def test_twice_is_the_same_as_once(goods, manager):
    first = applied(change(goods, manager))
    once = discounts(goods)
    for _ in range(2):
        batches.apply(batch=first, by=manager)

    second = change(goods, manager)
    planned = dict(second.counts)
    applied(second)

    assert planned == {"planned": 4, "same": 4, "replaced": 0}
    assert discounts(goods) == once == dict.fromkeys(WAS, TEN)


# For which products


def found(store, **narrowed) -> set[str]:
    return set(Selection(store, **narrowed).rows().values_list("name", flat=True))


def test_for_which_products(store, shelf, goods):
    make_product(make_store("elsewhere"), "foreign")
    gone = make_product(store, "gone", category=shelf)
    catalogue.put_away(row=gone, by=None)
    empty = make_category(store, "Empty")
    ticked = tuple(product.pk for product in (goods["plain"], goods["days"], gone))

    assert found(store) == set(WAS)
    assert found(store, ticked=ticked) == {"plain", "days"}
    assert found(store, category=shelf.pk) == {"plain", "sale", "same"}
    assert found(store, category=empty.pk) == set()
    assert found(store, query="q=sal") == {"sale"}
    assert found(store, query="q=sal", ticked=ticked) == {"plain", "days"}
    assert found(store, query="sort=price&page=2") == set(WAS)


def test_a_product_that_joins_later_does_not_inherit(store, shelf, goods, manager):
    batch = discount_change(store=store, category=shelf.pk, by=manager, percent=30)
    late = make_product(store, "late", category=shelf)
    Product.objects.filter(pk=goods["plain"].pk).update(category=None)

    applied(batch)
    later = make_product(store, "later", category=shelf)

    assert batch.title == "Discount 30 %, in Chairs"
    thirty = (30, None, None)
    assert discounts(goods) == {**WAS, "plain": thirty, "sale": thirty, "same": thirty}
    assert discounts({"late": late, "later": later}) == {
        "late": (0, None, None),
        "later": (0, None, None),
    }


@pytest.mark.parametrize(
    ("narrowed", "words", "everything"),
    [
        ({}, "every product", True),
        ({"query": "q=lamp"}, "“lamp”", False),
        ({"ticked": (1, 2)}, "2 ticked", False),
    ],
)
def test_it_is_said_in_words(store, narrowed, words, everything):
    asked = Selection(store, **narrowed).as_asked()

    assert (asked["words"], asked["everything"]) == (words, everything)
    assert Selection.of(store, asked) == Selection(store, **narrowed)


def test_a_filter_that_cannot_be_read_never_means_everything(store, goods, manager, unchanged):
    with unchanged(), pytest.raises(BatchRefused, match=str(UNREADABLE)):
        discount_change(store=store, query="holds=perhaps", by=manager, percent=5)


# Undo, and what changed meanwhile


def test_an_undo_gives_each_product_its_own_back(goods, manager):
    batch = applied(change(goods, manager, percent=40, first=None, last=END))

    undoing = undone(batch)

    assert discounts(goods) == WAS
    assert (undoing.kind, undoing.state, undoing.handled) == ("discount.undo", "done", 4)
    assert undoing.title == "Undo: Discount 40 % until 30 Jun 2026"
    assert rows_of(undoing) == {
        name: ((40, None, END), was, "", False) for name, was in WAS.items()
    }
    with pytest.raises(BatchRefused, match="An undo is not undone"):
        batches.undo(batch=undoing, by=manager)


def test_what_changed_since_the_preview_is_set_and_given_back_as_it_was_then(goods, manager):
    batch = change(goods, manager, percent=40)
    Product.objects.filter(pk=goods["sale"].pk).update(discount=7, discount_until=None)

    batch = applied(batch)
    set_to = discounts(goods)
    undone(batch)

    assert set_to == dict.fromkeys(WAS, (40, JUNE, END))
    assert rows_of(batch)["sale"] == ((7, None, None), (40, JUNE, END), "", True)
    assert [name for name, row in rows_of(batch).items() if row[-1]] == ["sale"]
    assert discounts(goods) == {**WAS, "sale": (7, None, None)}


def test_what_changed_since_the_change_is_left_as_it_is(goods, manager):
    batch = applied(change(goods, manager, percent=40))
    Product.objects.filter(pk=goods["plain"].pk).update(discount=50)
    Product.objects.filter(pk=goods["sale"].pk).update(discount_until=None)

    undoing = undone(batch)

    assert discounts(goods) == {**WAS, "plain": (50, JUNE, END), "sale": (40, JUNE, None)}
    assert {name: row[2:] for name, row in rows_of(undoing).items()} == {
        "plain": ("left_out", True),
        "sale": ("left_out", True),
        "same": ("", False),
        "days": ("", False),
    }
    assert (undoing.counts["left_out"], undoing.counts["set"]) == (2, 2)


def test_a_product_that_is_deleted_meanwhile_holds_nothing_up(goods, manager):
    batch = change(goods, manager)
    catalogue.put_away(row=goods["plain"], by=None)

    batch = applied(batch)

    assert (batch.state, batch.handled) == ("done", 4)
    assert discounts(goods) == dict.fromkeys(WAS, TEN)
    undone(batch)
    assert discounts(goods) == WAS


# Chunks


@pytest.mark.parametrize("chunk", [1, 2, 3, 4])
@pytest.mark.parametrize("number", [0, 1, 3, 4])
@pytest.mark.parametrize("how", ["ticked", "filter", "everything", "category"])
def test_every_product_is_met_once_at_the_edges_of_chunks(
    store, shelf, manager, monkeypatch, chunk, number, how
):
    chunks_of(monkeypatch, chunk)
    chosen, others = {}, {}
    for place in range(number):
        others[f"table {place}"] = make_product(store, f"table {place}", discount=place)
        chair = make_product(store, f"chair {place}", discount=place, category=shelf)
        chosen[f"chair {place}"] = chair
    if how == "everything":
        chosen, others = {**chosen, **others}, {}
    narrowed = {
        "ticked": {"ticked": tuple(product.pk for product in chosen.values()) or (10**9,)},
        "filter": {"query": "q=chair"},
        "everything": {},
        "category": {"category": shelf.pk},
    }[how]
    before = discounts({**chosen, **others})

    batch = ended(discount_of(store, manager, **narrowed))
    batch = applied(batch)

    assert (batch.state, batch.planned, batch.handled) == ("done", len(chosen), len(chosen))
    assert discounts(chosen) == dict.fromkeys(chosen, (60, None, END))
    assert discounts(others) == {name: before[name] for name in others}
    if chosen:
        undone(batch)
        assert discounts({**chosen, **others}) == before


def discount_of(store, by, *, ticked=(), **narrowed) -> Batch:
    products = [Product(store=store, pk=key) for key in ticked]
    return discount_change(*products, store=store, by=by, percent=60, last=END, **narrowed)


def test_it_takes_the_same_few_statements_however_many(store, manager):
    asked = []

    for total in (3, 60):
        goods = {f"{total} {n}": make_product(store, f"{total} {n}") for n in range(total)}
        asked.append([])
        for deed in (
            lambda goods=goods: change(goods, manager),
            lambda: batches.apply(batch=Batch.objects.latest("pk"), by=manager),
            lambda: batches.undo(batch=Batch.objects.latest("pk"), by=manager),
        ):
            with CaptureQueriesContext(connection) as captured:
                deed()
            asked[-1].append(len(captured))

    assert asked[0] == asked[1]
    assert max(asked[1]) <= 25
