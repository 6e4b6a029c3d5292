"""Old sales that are imported while the year rolls, and twice at once: the locks keep the figures right, and without them they are wrong."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from customers import books, figures, purchases
from customers.models import Purchase, YearWindow
from customers.purchases import PurchaseRow
from tests.factories import figure, make_customer, make_store, noon, set_window
from tests.naive import rolled_meanwhile, unlocked_window
from tests.together import before, together

if connection.vendor == "sqlite":
    pytest.skip(
        "SQLite has one writer at a time: these races need PostgreSQL", allow_module_level=True
    )

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
MAY = dt.date(2024, 5, 1)
# It counts today for the last time.
OLD = MAY - 364 * DAY


@pytest.fixture
def store(db):
    store = make_store()
    set_window(store, MAY)
    return store


@pytest.fixture
def jane(store):
    return make_customer(store, "jane")


@pytest.fixture
def joe(store):
    return make_customer(store, "joe")


def line(customer, day, money, key) -> PurchaseRow:
    return PurchaseRow(
        payer_id=customer.pk,
        recipient_id=customer.pk,
        product_id=None,
        vendor_id=None,
        quantity=1,
        at=noon(customer.store, day),
        counts_on=day,
        receipt="",
        price=money,
        money=money,
        import_key=key,
    )


def bring_in(customer, *sales) -> list[PurchaseRow]:
    """Import sales of a customer: day, money and key of each."""
    rows = [line(customer, *sale) for sale in sales]
    return purchases.record_many(store=customer.store, rows=rows)


def outcome(store, *ended) -> list[str]:
    """Errors of the deeds, then what is wrong in the books."""
    errors = [repr(one) for one in ended if isinstance(one, Exception)]
    return errors + [str(one) for one in books.check(store)]


def no_lock_of_the_window(patch):
    """It is only read."""
    patch.setattr(figures, "lock_window", unlocked_window)


# The year rolls between the rows of an import and their figures.


def import_while_the_year_rolls(patch, jane) -> list[str]:
    rolled = before(patch, figures, "count", lambda: figures.roll(jane.store, to=MAY + DAY))

    bring_in(jane, (OLD, 7, "a"), (OLD - DAY, 30, "b"), (MAY, 1, "c"))

    return outcome(jane.store, rolled())


def test_an_import_and_the_roll_do_not_miss_each_other(monkeypatch, jane):
    assert import_while_the_year_rolls(monkeypatch, jane) == []
    assert (figure(jane, "spent"), figure(jane, "spent_year")) == (38, 1)
    assert figures.through(jane.store) == MAY + DAY


def test_an_import_that_only_reads_the_window_is_caught(monkeypatch, jane):
    no_lock_of_the_window(monkeypatch)

    assert import_while_the_year_rolls(monkeypatch, jane) == [
        f"customer {jane.pk}: spent_year is 8, should be 1"
    ]


# An import comes between the sums of the roll and its new day.


def roll_while_sales_come_in(patch, jane) -> list[str]:
    bring_in(jane, (OLD, 5, "a"))
    brought = before(patch, YearWindow, "save", lambda: bring_in(jane, (OLD, 7, "b")))

    figures.roll(jane.store, to=MAY + DAY)

    return outcome(jane.store, brought())


def test_the_roll_and_an_import_do_not_miss_each_other(monkeypatch, jane):
    assert roll_while_sales_come_in(monkeypatch, jane) == []
    assert (figure(jane, "spent"), figure(jane, "spent_year")) == (12, 0)


def test_an_import_past_the_lock_of_the_roll_is_caught(monkeypatch, jane):
    """It goes by the day before the roll, and waits for the row alone."""
    no_lock_of_the_window(monkeypatch)

    assert roll_while_sales_come_in(monkeypatch, jane) == [
        f"customer {jane.pk}: spent_year is 7, should be 0"
    ]


# The same sales are imported twice at once.


def import_twice(patch, jane) -> list[str]:
    sales = [(MAY, 7, "a"), (MAY, 9, "b")]
    other = before(patch, purchases, "insert", lambda: bring_in(jane, *sales))

    bring_in(jane, *sales)

    return outcome(jane.store, other())


def test_sales_imported_twice_at_once_are_written_once(monkeypatch, jane):
    assert import_twice(monkeypatch, jane) == []
    assert Purchase.objects.count() == 2
    assert figure(jane, "spent") == 16


def test_an_import_without_the_lock_of_the_customers_is_caught(monkeypatch, jane):
    """Both found nothing to be known; the key of the import, unique in a store, lets one through."""
    monkeypatch.setattr(figures, "lock_customers", lambda keys: None)

    with pytest.raises(IntegrityError, match="purchase_imported_once"):
        import_twice(monkeypatch, jane)


# The worker comes back after a month, and rolls what it missed while two files of old sales come in.


def come_back(store, jane, joe) -> list[str]:
    def old_sales(customer, letter):
        return lambda: [
            bring_in(
                customer, (OLD + turn * DAY, 10, f"{letter}{turn}"), (MAY, 1, f"{letter}-{turn}")
            )
            for turn in range(35)
        ]

    outcomes = together(
        old_sales(jane, "a"),
        old_sales(joe, "b"),
        lambda: [figures.roll(store, to=MAY + turn * DAY) for turn in range(1, 33)],
        lambda: figures.roll(store, to=MAY + 32 * DAY),
    )

    return outcome(store, *outcomes)


def test_after_a_month_without_a_roll_everything_at_once_keeps_the_books(store, jane, joe):
    assert come_back(store, jane, joe) == []
    # Of 35 old days the first 32 have left the year.
    assert [figure(one, "spent_year") for one in (jane, joe)] == [3 * 10 + 35] * 2


def test_old_sales_that_come_in_while_a_month_rolls_past_are_caught(monkeypatch, store, jane, joe):
    rolled_meanwhile(monkeypatch, readers=2)

    wrong = [line.split(" is ")[0] for line in come_back(store, jane, joe)]

    # Whose sales came before the roll and were counted after it; mostly those of both.
    assert {f"customer {one.pk}: spent_year" for one in (jane, joe)} & set(wrong)
