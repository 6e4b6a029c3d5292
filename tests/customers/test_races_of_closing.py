"""Days that are closed by many at once, while somebody moves credit, and while somebody asks what was owed: the sums are those of the entries."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import QuerySet, Sum

from customers import books, credit, liability
from customers.models import CreditDay, CreditEntry
from tests.factories import make_customer, make_store
from tests.naive import rows_are_locked, unlocked
from tests.together import before, meanwhile, meeting, together, unhurried

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
NOON = dt.datetime(2026, 6, 15, 19, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 6, 16, 7, tzinfo=dt.UTC)  # the end of that day in the store


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def store(clock):
    return make_store()


@pytest.fixture
def jane(store):
    return make_customer(store, "jane", credit=50)


@pytest.fixture
def three_days(clock, jane):
    """Jane was given 50 on the first of them and 7 on each other; all are over."""
    for _ in range(2):
        clock.shift(DAY)
        grant(jane, 7)
    clock.shift(2 * DAY)


def grant(customer, amount):
    return credit.grant(customer=customer, balance="credit", amount=amount, by=None)


def unlike(store, **pairs) -> list[str]:
    """What is not what it ought to be, then what is wrong in the books."""
    return [
        *(f"{what} is {is_}, not {ought}" for what, (is_, ought) in pairs.items() if is_ != ought),
        *(str(one) for one in books.check(store)),
    ]


# 8 workers close the days of a store.


def close_at_once(store) -> list[str]:
    told = together(*[lambda: liability.close_days(store)] * WORKERS)

    failed = [type(one).__name__ for one in told if isinstance(one, Exception)]
    closed = sum(one for one in told if not isinstance(one, Exception))
    return unlike(
        store,
        failed=(failed, []),
        closed=(closed, 3),
        days=(list(CreditDay.objects.order_by("day").values_list("moved", flat=True)), [50, 7, 7]),
    )


@pytest.mark.usefixtures("three_days")
def test_days_are_closed_once_by_many_workers(store):
    assert close_at_once(store) == []


@pytest.mark.usefixtures("three_days")
def test_closing_without_the_lock_of_the_store_is_caught(monkeypatch, store):
    """All have found the same day open: the unique key lets one of them close it."""
    meet, moved_between = meeting(WORKERS), liability.moved_between

    def all_have_found_it_open(*args):
        meet()
        return moved_between(*args)

    monkeypatch.setattr(liability, "moved_between", all_have_found_it_open)
    unlocked(monkeypatch, liability)

    assert close_at_once(store)[0].startswith(f"failed is {['IntegrityError'] * (WORKERS - 1)}")


# A movement is begun in the last second of a day, and is there almost an hour later.


def move_over_midnight(clock, store, jane) -> list[str]:
    clock.move_to(MIDNIGHT - SECOND, tick=False)
    with transaction.atomic():
        grant(jane, 7)
        clock.move_to(MIDNIGHT + dt.timedelta(hours=1) - SECOND, tick=False)
        closing = meanwhile(lambda: liability.close_days(store))
    early = closing()
    clock.shift(SECOND)
    late = liability.close_days(store)
    return unlike(store, closed=((early, late), (0, 1)), owed=(liability.owed(store)["credit"], 57))


def test_a_movement_over_midnight_is_of_the_day_on_which_it_began(clock, store, jane):
    assert move_over_midnight(clock, store, jane) == []


@rows_are_locked
def test_a_day_that_is_closed_as_it_ends_is_caught(monkeypatch, clock, store, jane):
    unhurried(monkeypatch)
    monkeypatch.setattr(liability, "CLOSED_AFTER", dt.timedelta())

    assert move_over_midnight(clock, store, jane) == [
        "closed is (1, 0), not (0, 1)",
        "owed is 50, not 57",
        "customer None: moved_on_a_closed_day is 0, should be 7",
        "customer None: entries_of_a_closed_day is 0, should be 1",
    ]


# Somebody new comes with credit while a day is summed up.


def come_while_a_day_closes(patch, store) -> list[str]:
    """Whether they had to wait is seen between the sums of the day and its end."""
    there: list[int] = []
    came = before(patch, liability, "moved_between", lambda: make_customer(store, credit=5))
    sum_up = liability.moved_between

    def look(*args):
        sums = sum_up(*args)
        there.append(CreditEntry.objects.filter(delta=5).count())
        return sums

    patch.setattr(liability, "moved_between", look)
    closed = liability.close_days(store)
    waited = isinstance(came(), Exception) or there[0] != 1
    return unlike(
        store,
        waited=(waited, False),
        closed=(closed, 3),
        owed=(liability.owed(store)["credit"], 69),
    )


@rows_are_locked
@pytest.mark.usefixtures("three_days")
def test_nobody_waits_for_a_day_that_closes(monkeypatch, store):
    unhurried(monkeypatch)

    assert come_while_a_day_closes(monkeypatch, store) == []


@rows_are_locked
@pytest.mark.usefixtures("three_days")
def test_a_day_that_locks_its_store_whole_is_caught(monkeypatch, store):
    lock = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: lock(rows))

    assert come_while_a_day_closes(monkeypatch, store) == ["waited is True, not False"]


# Somebody asks what is owed, and a worker closes days in the middle of it.


def ask_while_days_close(patch, store) -> list[str]:
    end, closed = liability._end, []

    def closed_after_a_look(days):
        found = end(days)
        if not closed:
            closed.append(meanwhile(lambda: liability.close_days(store))())
        return found

    patch.setattr(liability, "_end", closed_after_a_look)
    owed = liability.owed(store)
    return unlike(store, closed=(closed, [3]), owed=(owed, {"credit": 64, "restricted": 0}))


@pytest.mark.usefixtures("three_days")
def test_what_is_owed_is_the_same_while_days_close(monkeypatch, store):
    assert ask_while_days_close(monkeypatch, store) == []


@pytest.mark.usefixtures("three_days")
def test_asking_twice_how_far_days_are_closed_is_caught(monkeypatch, store):
    """The days that closed meanwhile count, and their entries too."""

    def sums(store, moment):
        days = CreditDay.objects.filter(store=store)
        since = CreditEntry.objects.filter(store=store, at__gte=liability._end(days))
        total: Counter = Counter()
        for rows, column in ((days, "moved"), (since, "delta")):
            total["credit", "grant"] += rows.aggregate(sum=Sum(column))["sum"] or 0
        return total

    monkeypatch.setattr(liability, "owed_by_kind", sums)

    assert ask_while_days_close(monkeypatch, store) == [
        "owed is {'credit': 128, 'restricted': 0}, not {'credit': 64, 'restricted': 0}"
    ]
