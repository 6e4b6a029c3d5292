"""The verbs of the catalogue: whole or not at all, with a line in the trail, and nothing overwritten unseen."""

import datetime as dt
import uuid

import pytest
from django.db.models.deletion import Collector

from products import catalogue
from products.models import Category, Product, Vendor, VendorGroup
from stores import edits
from stores.models import AuditEntry
from tests.factories import (
    buy,
    make_category,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_vendor,
    make_vendor_group,
)
from tests.naive import unlocked, without_key
from tests.together import before, meeting, names, together

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def by(store):
    return make_member(store, "manager").user


def trail() -> list[tuple]:
    return list(
        AuditEntry.objects.order_by("pk").values_list(
            "action", "subject_type", "subject_id", "changes", "by"
        )
    )


def test_a_product_is_added_with_its_line_in_the_trail(store, by):
    shelf = make_category(store, "Lamps")

    lamp = catalogue.add(
        Product, store=store, by=by, name="Lamp", category=shelf, price=50, discount_from=DAY
    )

    lamp.refresh_from_db()
    assert (lamp.store, lamp.name, lamp.category, lamp.price) == (store, "Lamp", shelf, 50)
    changes = {
        "name": [None, "Lamp"],
        "category": [None, shelf.pk],
        "price": [None, 50],
        "discount_from": [None, "2026-05-01"],
    }
    assert trail() == [("product.add", "product", lamp.pk, changes, by.pk)]


@pytest.mark.parametrize("model", [Product, Category, Vendor, VendorGroup])
def test_a_name_is_taken_once_in_a_store(store, by, unchanged, model):
    first = catalogue.add(model, store=store, by=by, name="Lamp")
    other = catalogue.add(model, store=store, by=by, name="Chair")
    catalogue.add(model, store=make_store("other"), by=by, name="Lamp")

    with unchanged():
        with pytest.raises(catalogue.Taken) as adding:
            catalogue.add(model, store=store, by=by, name="Lamp")
        with pytest.raises(catalogue.Taken) as editing:
            catalogue.edit(row=other, by=by, opened={"name": "Chair"}, fields={"name": "Lamp"})

    assert adding.value.row == editing.value.row == first


def test_an_edit_writes_what_differs_and_nothing_else(store, by):
    lamp = make_product(store, "Lamp", price=50, discount=10)
    opened = edits.present(lamp, ["name", "price", "discount"])
    Product.objects.filter(pk=lamp.pk).update(discount=20)

    changed = catalogue.edit(
        row=lamp, by=by, opened=opened, fields={"name": "Lamp", "price": 60, "discount": 10}
    )

    lamp.refresh_from_db()
    assert changed == ["price"]
    assert (lamp.price, lamp.discount) == (60, 20)
    assert trail() == [("product.edit", "product", lamp.pk, {"price": [50, 60]}, by.pk)]


def test_an_edit_of_nothing_leaves_no_trace(store, by, unchanged):
    lamp = make_product(store, "Lamp", price=50)

    with unchanged():
        changed = catalogue.edit(row=lamp, by=by, opened={"price": 50}, fields={"price": 50})

    assert changed == []


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(store, by, unchanged):
    lamp = make_product(store, "Lamp", price=50)
    Product.objects.filter(pk=lamp.pk).update(price=70)

    with unchanged(), pytest.raises(catalogue.Changed) as conflict:
        catalogue.edit(
            row=lamp,
            by=by,
            opened={"price": 50, "name": "Lamp"},
            fields={"price": 60, "name": "New lamp"},
        )

    assert conflict.value.present == {"price": 70}


def test_the_same_change_made_twice_is_no_conflict(store, by, unchanged):
    lamp = make_product(store, "Lamp", price=50)
    Product.objects.filter(pk=lamp.pk).update(price=60)

    with unchanged():
        changed = catalogue.edit(row=lamp, by=by, opened={"price": 50}, fields={"price": 60})

    assert changed == []


def test_no_discount_has_no_days(store, by):
    lamp = make_product(store, "Lamp", discount=10, discount_from=DAY, discount_until=DAY)
    fields = ["discount", "discount_from", "discount_until"]
    opened = edits.present(lamp, fields)

    changed = catalogue.edit(
        row=lamp,
        by=by,
        opened=opened,
        fields={"discount": 0, "discount_from": DAY, "discount_until": DAY},
    )

    lamp.refresh_from_db()
    assert changed == fields
    assert (lamp.discount, lamp.discount_from, lamp.discount_until) == (0, None, None)


def test_a_deleted_product_is_kept_and_restored(store, by):
    lamp = make_product(store, "Lamp")
    buy(make_customer(store), lamp)
    before = len(trail())

    deeds = [
        deed(row=lamp, by=by)
        for deed in (
            catalogue.put_away,
            catalogue.put_away,
            catalogue.take_back,
            catalogue.take_back,
        )
    ]

    assert deeds == [True, False, True, False]
    assert [line[0] for line in trail()[before:]] == ["product.delete", "product.restore"]
    assert Product.objects.get().deleted_at is None


def test_a_vendor_is_retired_and_revived(store, by):
    stall = make_vendor(store, "Stall")

    catalogue.put_away(row=stall, by=by)
    retired = Vendor.objects.get().retired_at
    catalogue.take_back(row=stall, by=by)

    assert retired is not None
    assert Vendor.objects.get().retired_at is None
    assert [line[0] for line in trail()] == ["vendor.retire", "vendor.revive"]


def test_what_nothing_points_at_is_deleted(store, by):
    rows = [make_category(store, "A"), make_vendor(store, "B"), make_vendor_group(store, "C")]
    keys = [row.pk for row in rows]

    for row in rows:
        catalogue.remove(row=row, by=by)

    assert [model.objects.count() for model in (Category, Vendor, VendorGroup)] == [0, 0, 0]
    assert trail() == [
        ("category.delete", "category", keys[0], {"name": ["A", None]}, by.pk),
        ("vendor.delete", "vendor", keys[1], {"name": ["B", None]}, by.pk),
        ("vendorgroup.delete", "vendorgroup", keys[2], {"name": ["C", None]}, by.pk),
    ]


def test_what_something_points_at_is_kept(store, by, unchanged):
    shelf, street = make_category(store), make_vendor_group(store)
    lamp, stall = make_product(store, category=shelf), make_vendor(store, group=street)
    catalogue.put_away(row=lamp, by=by)
    buy(make_customer(store), lamp, vendor=stall)

    with unchanged():
        for row in (shelf, street, stall):
            with pytest.raises(catalogue.InUse):
                catalogue.remove(row=row, by=by)


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        (DAY, DAY, True),
        (DAY + dt.timedelta(1), None, False),
        (None, DAY - dt.timedelta(1), False),
    ],
)
def test_a_discount_holds_from_its_first_day_to_its_last(first, last, holds):
    lamp = Product(discount=10, discount_from=first, discount_until=last)

    assert lamp.discount_on(DAY) == (10 if holds else 0)


def edit_at_once(store, by) -> list[str]:
    """Two people set another price than the one they saw; what came of that."""
    lamp = make_product(store, "Lamp", price=50)

    def set_price(price: int):
        row = Product.objects.select_related("store").get(pk=lamp.pk)
        return lambda: catalogue.edit(row=row, by=by, opened={"price": 50}, fields={"price": price})

    return names(together(set_price(60), set_price(70)))


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_told(store, by):
    assert edit_at_once(store, by) == ["Changed", "done"]
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_of_what_was_only_read_is_caught(monkeypatch, store, by):
    meet, present = meeting(2), edits.present

    def read(row, fields):
        values = present(row, fields)
        meet()
        return values

    monkeypatch.setattr(edits, "present", read)
    unlocked(monkeypatch, edits, catalogue)

    assert edit_at_once(store, by) == ["done", "done"]


def move_into_what_is_deleted(patch, store, by) -> tuple[str, bool]:
    """A product moves in between a look at what a category holds and its deletion; what is said of
    that, and whether the product points at nothing.
    """
    shelf, lamp = make_category(store, "Shelf"), make_product(store, "Lamp")
    lamp.store = store
    moved = before(
        patch,
        Collector,
        "delete",
        lambda: catalogue.edit(
            row=lamp, by=by, opened={"category": None}, fields={"category": shelf}
        ),
    )

    catalogue.remove(row=shelf, by=by)

    (told,) = names([moved()])
    lamp.refresh_from_db()
    return told, lamp.category_id is not None and not Category.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_product_that_moves_into_what_is_deleted_stays_away(monkeypatch, store, by):
    assert move_into_what_is_deleted(monkeypatch, store, by) == ("Gone", False)


@pytest.mark.django_db(transaction=True)
def test_a_move_that_no_key_keeps_is_caught(monkeypatch, store, by):
    with without_key(Product, "product_category_same_store"):
        assert move_into_what_is_deleted(monkeypatch, store, by) == ("done", True)


def add_twice(store, by) -> list[str]:
    """Two people add one name at once; what came of that."""
    return names(
        together(*[lambda: catalogue.add(Product, store=store, by=by, name="Lamp")] * 2),
    )


@pytest.mark.django_db(transaction=True)
def test_a_name_added_twice_at_once_is_taken_once(store, by):
    assert add_twice(store, by) == ["Taken", "done"]
    assert Product.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_not_kept_unique_is_caught(monkeypatch, store, by):
    save = Product.save

    def save_under_another(product, **how):
        product.name += uuid.uuid4().hex
        save(product, **how)

    monkeypatch.setattr(Product, "save", save_under_another)

    assert add_twice(store, by) == ["done", "done"]
