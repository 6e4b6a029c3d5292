"""What was owed at any past moment, from entries alone, and the sums of days that are over."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import books, credit, liability
from customers.models import Balance, CreditDay, CreditEntry
from tests.factories import make_customer, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
CREDIT, RESTRICTED = Balance.CREDIT, Balance.RESTRICTED
HOUR = dt.timedelta(hours=1)
LA = "2026-06-15T19:00:00Z"  # noon in the store
MIDNIGHT = dt.datetime(2026, 6, 16, 7, tzinfo=dt.UTC)  # the end of that day in the store


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(LA, tick=False)
    return time_machine


@pytest.fixture
def store(clock):
    return make_store()


@pytest.fixture
def jane(store):
    return make_customer(store, "jane")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def grant(customer, amount, balance=CREDIT):
    return credit.grant(customer=customer, balance=balance, amount=amount, by=None)


def take(customer, amount, balance=CREDIT):
    return credit.take(customer=customer, balance=balance, amount=amount, by=None)


def days(store):
    rows = CreditDay.objects.filter(store=store).order_by("day", "balance", "kind")
    return [(str(row.day), row.balance, row.kind, row.moved, row.entries) for row in rows]


def test_a_balance_at_each_moment(clock, jane):
    held = []
    for amount in (50, 7, 30):
        grant(jane, amount)
        held.append((now(), liability.balance_at(jane.pk, CREDIT, now())))
        clock.shift(HOUR)

    assert [amount for _, amount in held] == [50, 57, 87]
    assert [liability.balance_at(jane.pk, CREDIT, at) for at, _ in held] == [50, 57, 87]
    assert liability.balance_at(jane.pk, CREDIT, held[0][0] - HOUR) == 0
    assert liability.balance_at(jane.pk, CREDIT, held[1][0] - HOUR / 2) == 50
    assert liability.balance_at(jane.pk, RESTRICTED, now()) == 0


@pytest.mark.parametrize("length", [0, 1, 2, 3, 7, 8, 9, 33])
def test_the_place_of_a_moment_in_a_chain(clock, jane, length):
    moments = []
    for _ in range(length):
        grant(jane, 1)
        moments.append(now())
        clock.shift(HOUR)

    found = [liability.place_before(jane.pk, CREDIT, at) for at in moments]

    assert found == list(range(length))
    assert liability.place_before(jane.pk, CREDIT, now()) == length


def test_a_place_in_a_long_chain_is_found_in_one_query(clock, jane):
    for _ in range(40):
        grant(jane, 1)

    with CaptureQueriesContext(connection) as captured:
        liability.place_before(jane.pk, CREDIT, now())

    assert len(captured) == 1


def test_what_the_store_owed_at_each_moment(clock, store, jane):
    joe = make_customer(store, "joe")
    other = make_customer(make_store(), "joe")
    told = []
    for deed in (
        lambda: grant(jane, 50),
        lambda: grant(joe, 8, RESTRICTED),
        lambda: take(jane, 20),
        lambda: grant(other, 1000),
    ):
        deed()
        told.append((now(), liability.owed(store)))
        clock.shift(7 * HOUR)

    owed = [{"credit": 50, "restricted": 0}, {"credit": 50, "restricted": 8}]
    owed += [{"credit": 30, "restricted": 8}] * 2
    assert [sums for _, sums in told] == owed
    assert [liability.owed(store, at) for at, _ in told] == owed
    clock.shift(48 * HOUR)
    assert liability.close_days(store) == 2
    assert [liability.owed(store, at) for at, _ in told] == owed
    assert liability.owed(store) == owed[-1]
    assert liability.owed(store, told[0][0] - HOUR) == {"credit": 0, "restricted": 0}


def test_a_day_is_closed_an_hour_after_its_end(clock, store, jane):
    grant(jane, 50)

    clock.move_to(MIDNIGHT + HOUR - dt.timedelta(seconds=1), tick=False)
    assert (liability.close_days(store), days(store)) == (0, [])

    clock.move_to(MIDNIGHT + HOUR, tick=False)
    assert liability.close_days(store) == 1
    assert days(store) == [("2026-06-15", "credit", "grant", 50, 1)]
    assert liability.closed_until(store) == MIDNIGHT


def test_closing_again_changes_nothing(clock, store, jane, unchanged):
    grant(jane, 50)
    clock.shift(48 * HOUR)
    liability.close_days(store)

    with unchanged():
        assert liability.close_days(store) == 0


def test_days_are_those_of_the_store_by_balance_and_kind(clock, store, jane):
    grant(jane, 50)
    grant(jane, 5)
    take(jane, 1)
    grant(jane, 3, RESTRICTED)
    clock.move_to(MIDNIGHT - dt.timedelta(seconds=1), tick=False)
    grant(jane, 2)
    clock.move_to(MIDNIGHT, tick=False)
    grant(jane, 100)
    clock.shift(240 * HOUR)

    assert liability.close_days(store) == 2

    assert days(store) == [
        ("2026-06-15", "credit", "deduction", -1, 1),
        ("2026-06-15", "credit", "grant", 57, 3),
        ("2026-06-15", "restricted", "grant", 3, 1),
        ("2026-06-16", "credit", "grant", 100, 1),
    ]


def test_days_without_movements_leave_no_gap(clock, store, jane):
    grant(jane, 1)
    clock.shift(240 * HOUR)
    grant(jane, 1)
    clock.shift(48 * HOUR)
    liability.close_days(store)

    rows = list(CreditDay.objects.order_by("day"))

    assert [str(row.day) for row in rows] == ["2026-06-15", "2026-06-25"]
    assert rows[1].starts_at == rows[0].ends_at
    assert liability.owed(store, MIDNIGHT + 24 * HOUR) == {"credit": 1, "restricted": 0}


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_sums_stay_right_when_the_store_moves_to_another_zone(clock, store, jane, zone):
    told = []
    for hour in range(0, 120, 7):
        if hour == 56:
            liability.close_days(store)
            store.time_zone = zone
            store.save()
        grant(jane, hour + 1)
        told.append((now(), liability.owed(store)["credit"]))
        clock.shift(7 * HOUR)
    clock.shift(48 * HOUR)
    liability.close_days(store)

    assert [liability.owed(store, at)["credit"] for at, _ in told] == [sums for _, sums in told]
    assert sum(row.entries for row in CreditDay.objects.all()) == len(told)


def test_the_cost_does_not_grow_with_the_days_before(clock, store, jane):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            liability.owed(store)
        return len(captured)

    grant(jane, 1)
    few = asked()
    for _ in range(20):
        clock.shift(24 * HOUR)
        grant(jane, 1)
    liability.close_days(store)

    assert (few, asked()) == (3, 3)
    assert CreditEntry.objects.filter(at__gte=liability.closed_until(store)).count() == 1


def test_each_day_that_is_not_what_its_entries_say_is_found(clock, store, jane):
    grant(jane, 50)
    clock.shift(48 * HOUR)
    liability.close_days(store)
    row = CreditDay.objects.get()
    found = {}

    for name, fields in {
        "moved": {"moved": 51},
        "counted": {"entries": 2},
        "kind": {"kind": "purchase"},
        "balance": {"balance": "restricted"},
    }.items():
        CreditDay.objects.update(**fields)
        found[name] = [str(one) for one in books.check(store)]
        CreditDay.objects.update(
            **{field: getattr(row, field) for field in ("moved", "entries", "kind", "balance")}
        )

    assert found["moved"] == ["customer None: moved_on_a_closed_day is 51, should be 50"]
    assert found["counted"] == ["customer None: entries_of_a_closed_day is 2, should be 1"]
    assert len(found["kind"]) == len(found["balance"]) == 4


def test_an_entry_that_comes_late_into_a_closed_day_is_found(clock, store, jane):
    grant(jane, 50)
    clock.shift(48 * HOUR)
    liability.close_days(store)
    clock.shift(-48 * HOUR)
    grant(jane, 1)

    found = [str(one) for one in books.check(store)]

    assert found == [
        "customer None: moved_on_a_closed_day is 50, should be 51",
        "customer None: entries_of_a_closed_day is 1, should be 2",
    ]
    CreditDay.objects.all().delete()
