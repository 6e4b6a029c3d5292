"""Removing a product from what somebody owns, and undoing exactly that."""

import datetime as dt

import pytest

from customers import purchases
from customers.models import Purchase
from stores.models import AuditEntry
from tests.factories import (
    buy,
    figure,
    figures_of,
    make_customer,
    make_product,
    make_store,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def jane(db):
    return make_customer(make_store(), "jane.doe")


@pytest.fixture
def chair(jane):
    return make_product(jane.store, "Chair")


def remove(customer, product, by=None):
    return purchases.remove_product(customer=customer, product=product, by=by)


def restore(customer, product, removed_at, by=None):
    return purchases.restore_product(
        customer=customer, product=product, removed_at=removed_at, by=by
    )


def removed(*rows):
    return [Purchase.objects.get(pk=row.pk).removed_at is not None for row in rows]


def test_a_removed_product_is_no_longer_owned_and_still_spent(jane, chair):
    bought = buy(jane, chair, money=70)
    buy(jane, make_product(jane.store), money=5)
    before = figures_of(jane)

    moment = remove(jane, chair)

    assert figures_of(jane) == before | {"owns": 1}
    assert Purchase.objects.get(pk=bought.pk).removed_at == moment


def test_every_row_of_the_product_is_marked(jane, chair):
    other = buy(jane, make_product(jane.store))
    rows = [buy(jane, chair, quantity=2), buy(jane, chair)]
    rows.append(purchases.take_back(purchase=rows[0], quantity=1, by=None))

    remove(jane, chair)

    assert removed(*rows, other) == [True, True, True, False]


def test_what_others_received_stays(jane, chair):
    joe = make_customer(jane.store)
    given = buy(jane, chair, recipient=joe)
    kept = buy(jane, chair)

    remove(jane, chair)

    assert removed(given, kept) == [False, True]
    assert (figure(jane, "owns"), figure(joe, "owns")) == (0, 1)


def test_a_gift_is_removed_from_who_received_it(jane, chair):
    joe = make_customer(jane.store)
    buy(jane, chair, recipient=joe)

    remove(joe, chair)

    assert (figure(joe, "owns"), figure(jane, "spent")) == (0, 100)


def test_what_was_never_received_is_not_removed(jane, chair, unchanged):
    buy(jane, make_product(jane.store))

    with unchanged():
        assert remove(jane, chair) is None


def test_what_is_removed_is_not_removed_again(jane, chair, unchanged):
    buy(jane, chair)
    remove(jane, chair)

    with unchanged():
        assert remove(jane, chair) is None


def test_a_removal_is_undone(jane, chair):
    rows = [buy(jane, chair), buy(jane, chair)]
    before = figures_of(jane)
    moment = remove(jane, chair)

    assert restore(jane, chair, moment) is True

    assert figures_of(jane) == before
    assert removed(*rows) == [False, False]


def test_undo_restores_the_rows_of_its_removal_only(jane, chair, time_machine):
    time_machine.move_to("2024-05-01T10:00:00Z", tick=False)
    first = buy(jane, chair)
    earlier = remove(jane, chair)
    time_machine.shift(1)
    second = buy(jane, chair)
    later = remove(jane, chair)

    assert restore(jane, chair, later) is True
    assert removed(first, second) == [True, False]

    assert restore(jane, chair, earlier) is True
    assert removed(first, second) == [False, False]
    assert figure(jane, "owns") == 1


@pytest.mark.parametrize(
    "shift", [dt.timedelta(0), dt.timedelta(microseconds=1), -dt.timedelta(days=1)]
)
def test_there_is_no_undo_of_what_was_not_removed_then(jane, chair, unchanged, shift):
    buy(jane, chair)
    moment = remove(jane, chair)
    if not shift:
        restore(jane, chair, moment)

    with unchanged():
        assert restore(jane, chair, moment + shift) is False


def test_buying_again_owns_again(jane, chair):
    buy(jane, chair)
    remove(jane, chair)

    buy(jane, chair)

    assert figure(jane, "owns") == 1


def test_undo_after_buying_again_owns_the_product_once(jane, chair):
    buy(jane, chair)
    moment = remove(jane, chair)
    buy(jane, chair)

    restore(jane, chair, moment)

    assert figure(jane, "owns") == 1


def test_the_return_of_a_removed_purchase_leaves_the_one_bought_since(jane, chair):
    first = buy(jane, chair, money=70)
    moment = remove(jane, chair)
    buy(jane, chair, money=5)

    purchases.take_back(purchase=Purchase.objects.get(pk=first.pk), by=None)

    assert (figure(jane, "owns"), figure(jane, "spent")) == (1, 5)
    restore(jane, chair, moment)
    assert figure(jane, "owns") == 1


def test_undo_restores_what_was_returned_meanwhile_as_returned(jane, chair):
    first = buy(jane, chair)
    moment = remove(jane, chair)
    back = purchases.take_back(purchase=Purchase.objects.get(pk=first.pk), by=None)

    restore(jane, chair, moment)

    assert removed(first, back) == [False, False]
    assert figure(jane, "owns") == 0


def test_a_return_counts_with_its_purchase_though_the_caller_saw_it_before_the_removal(jane, chair):
    seen_before = buy(jane, chair)
    remove(jane, chair)

    purchases.take_back(purchase=seen_before, by=None)
    buy(jane, chair)

    assert figure(jane, "owns") == 1


def test_a_returned_product_may_be_removed_and_stays_not_owned(jane, chair):
    purchases.take_back(purchase=buy(jane, chair), by=None)

    moment = remove(jane, chair)
    assert figure(jane, "owns") == 0

    restore(jane, chair, moment)
    assert figure(jane, "owns") == 0


def test_who_removed_and_restored_is_written_down(jane, chair):
    user = make_user()
    buy(jane, chair)

    moment = remove(jane, chair, by=user)
    restore(jane, chair, moment, by=user)

    trail = AuditEntry.objects.filter(action__startswith="product.").order_by("id")
    changes = {"product": [chair.pk, "Chair"], "removed_at": moment.isoformat()}
    assert list(trail.values_list("action", "by", "subject_type", "subject_id", "changes")) == [
        ("product.remove", user.pk, "customer", jane.pk, changes),
        ("product.restore", user.pk, "customer", jane.pk, changes),
    ]
