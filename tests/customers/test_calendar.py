"""A store that moves to another time zone: purchases count on their days there."""

import datetime as dt

import pytest

from customers import calendar, figures, purchases
from customers.models import Purchase, YearWindow
from stores.models import AuditEntry, Store
from tests.factories import buy, figure, make_customer, make_store, make_user
from tests.naive import rows_are_locked, unlocked_window
from tests.together import meanwhile, unhurried

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
LOS_ANGELES, SYDNEY = "America/Los_Angeles", "Australia/Sydney"
# In Los Angeles the last minute of 30 April, in Sydney the afternoon of 1 May.
LATE = dt.datetime(2024, 5, 1, 6, 59, tzinfo=dt.UTC)


@pytest.fixture
def store(db):
    return make_store(time_zone=LOS_ANGELES)


@pytest.fixture
def jane(store):
    return make_customer(store, "jane.doe")


def day_of(purchase):
    return Purchase.objects.get(pk=purchase.pk).counts_on


def test_purchases_count_on_their_days_there(store, jane):
    late = buy(jane, at=LATE)
    assert day_of(late) == dt.date(2024, 4, 30)
    assert calendar.change_time_zone(store=store, time_zone=SYDNEY, by=None)
    assert day_of(late) == dt.date(2024, 5, 1)
    assert Store.objects.get(pk=store.pk).time_zone == SYDNEY


def test_a_return_counts_on_the_day_of_what_it_returns(store, jane):
    late = buy(jane, at=LATE, quantity=2)
    back = purchases.take_back(purchase=late, by=None, quantity=1, at=LATE + dt.timedelta(days=9))
    calendar.change_time_zone(store=store, time_zone=SYDNEY, by=None)
    assert day_of(back) == day_of(late) == dt.date(2024, 5, 1)


@pytest.mark.parametrize(
    ("first", "then", "before", "after"),
    [(LOS_ANGELES, SYDNEY, 70, 0), (SYDNEY, LOS_ANGELES, 0, 70)],
)
def test_the_year_is_summed_anew(time_machine, first, then, before, after):
    """Bought on 2 May by either calendar; a year less a day later it is still 30 April in Los Angeles, 1 May in Sydney."""
    time_machine.move_to(LATE, tick=False)
    store = make_store(time_zone=first)
    jane = make_customer(store, "jane.doe")
    buy(jane, at=dt.datetime(2023, 5, 2, 8, tzinfo=dt.UTC), money=70)
    assert figure(jane, "spent_year") == before
    calendar.change_time_zone(store=store, time_zone=then, by=None)
    assert (figure(jane, "spent_year"), figure(jane, "spent")) == (after, 70)
    assert YearWindow.objects.get(store=store).through == store.today()


def test_the_same_zone_again_changes_nothing(store, jane):
    buy(jane, at=LATE)
    assert not calendar.change_time_zone(store=store, time_zone=LOS_ANGELES, by=None)
    assert not AuditEntry.objects.filter(store=store, action="store.time_zone").exists()


def test_who_changed_it_is_written_down(store):
    owner = make_user()
    calendar.change_time_zone(store=store, time_zone=SYDNEY, by=owner)
    entry = AuditEntry.objects.get(store=store, action="store.time_zone")
    assert (entry.by, entry.changes) == (owner, {"time_zone": [LOS_ANGELES, SYDNEY]})


def test_other_stores_keep_their_days(jane):
    other = make_store(time_zone=LOS_ANGELES)
    theirs = buy(make_customer(other, "jane.doe"), at=LATE)
    calendar.change_time_zone(store=jane.store, time_zone=SYDNEY, by=None)
    assert day_of(theirs) == dt.date(2024, 4, 30)


def test_who_holds_the_store_as_it_was_buys_by_the_new_calendar(store, jane):
    stale = make_customer(Store.objects.get(pk=store.pk), "late.joe")
    calendar.change_time_zone(store=store, time_zone=SYDNEY, by=None)
    assert day_of(buy(stale, at=LATE)) == dt.date(2024, 5, 1)


def buy_while_the_zone_changes(patch, store) -> dt.date:
    """The day on which somebody buys who comes before the new zone is written."""
    stale = make_customer(Store.objects.get(pk=store.pk), "late.joe")
    buying = []
    move_window = figures.move_window

    def then_somebody_buys(*args, **kwargs):
        move_window(*args, **kwargs)
        buying.append(meanwhile(lambda: buy(stale, at=LATE)))

    patch.setattr(figures, "move_window", then_somebody_buys)
    calendar.change_time_zone(store=store, time_zone=SYDNEY, by=None)
    return day_of(buying[0]())


@pytest.mark.django_db(transaction=True)
def test_a_purchase_waits_for_the_change_and_counts_by_it(store, jane, monkeypatch):
    buy(jane, at=LATE)

    assert buy_while_the_zone_changes(monkeypatch, store) == dt.date(2024, 5, 1)


@rows_are_locked
@pytest.mark.django_db(transaction=True)
def test_a_purchase_that_does_not_wait_for_the_change_is_caught(store, jane, monkeypatch):
    buy(jane, at=LATE)
    unhurried(monkeypatch)
    monkeypatch.setattr(figures, "lock_window", unlocked_window)

    assert buy_while_the_zone_changes(monkeypatch, store) == dt.date(2024, 4, 30)
