"""What the worker looks after without being asked."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from customers.models import BookCheck, CreditDay, Customer
from loyalty.models import StoredQuote
from sales.models import Answer
from storeadmin import upkeep
from tests.factories import (
    buy,
    figure,
    make_customer,
    make_product,
    make_quote,
    make_store,
    set_window,
)
from tests.sales.vendors import Stall

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 6, 15)
# One in the night after that day in Los Angeles: the day before it can be closed.
ONE = dt.datetime(2026, 6, 16, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_was_looked_at():
    cache.clear()


def test_quotes_that_were_never_used_go_a_day_after_they_ran_out():
    customer = make_customer(make_store())
    product = make_product(customer.store)
    now = timezone.now()

    def ran_out(hours: int, **fields):
        until = now - hours * HOUR
        return make_quote(product, customer, made_at=until - HOUR, valid_until=until, **fields)

    ran_out(25)
    young, used = ran_out(23), ran_out(25, purchase=buy(customer, product))

    upkeep.look()

    assert set(StoredQuote.objects.values_list("pk", flat=True)) == {young.pk, used.pk}


def test_answers_of_the_vendor_api_go_after_ninety_days(time_machine):
    stall = Stall(make_store())
    stall.quote("Lamp")
    time_machine.move_to(timezone.now() + dt.timedelta(days=89))
    stall.quote("Lamp")
    time_machine.move_to(timezone.now() + dt.timedelta(days=2))

    upkeep.look()

    assert Answer.objects.count() == 1


def test_it_is_not_done_at_every_look(django_assert_num_queries):
    upkeep.look()

    with django_assert_num_queries(1):  # batches whose worker is gone
        upkeep.look()


def look_and_work() -> None:
    """Look once, and do what was queued by that."""
    upkeep.look()
    days = DBTaskResult.objects.filter(task_path=upkeep.begin_day.module_path)
    for queued in days.order_by("enqueued_at"):
        upkeep.begin_day.call(*queued.args_kwargs["args"])
        queued.delete()


class TestDay:
    """Once a day the year of each store rolls, its days are closed and its books are checked."""

    @pytest.fixture
    def clock(self, time_machine):
        time_machine.move_to(ONE - 8 * HOUR, tick=False)
        return time_machine

    @pytest.fixture
    def anna(self, clock):
        store = make_store()
        set_window(store, TODAY)
        anna = make_customer(store, credit=30)
        buy(anna, on=TODAY - 364 * DAY, money=7)
        return anna

    @staticmethod
    def checks(store) -> list[tuple[dt.datetime, int]]:
        rows = BookCheck.objects.filter(store=store).order_by("at")
        return list(rows.values_list("at", "differences"))

    def test_it_rolls_closes_and_checks(self, anna, clock):
        clock.move_to(ONE, tick=False)

        look_and_work()

        assert figure(anna, "spent_year") == 0
        assert figure(anna, "spent") == 7
        assert [str(day.day) for day in CreditDay.objects.filter(store=anna.store)] == [
            "2026-06-15"
        ]
        assert self.checks(anna.store) == [(ONE, 0)]

    def test_it_comes_once_a_day(self, anna, clock):
        for hours in (0, 1, 22, 24, 25):
            clock.move_to(ONE + hours * HOUR, tick=False)
            look_and_work()

        assert [at for at, _ in self.checks(anna.store)] == [ONE, ONE + 24 * HOUR]

    def test_a_damaged_book_is_found_by_itself(self, anna, clock):
        Customer.objects.filter(pk=anna.pk).update(spent=8)
        clock.move_to(ONE, tick=False)

        look_and_work()

        (check,) = BookCheck.objects.filter(store=anna.store)
        assert check.differences == 1
        assert check.lines == f"customer {anna.pk}: spent is 8, should be 7"

    def test_queued_twice_it_is_done_once(self, anna, clock):
        clock.move_to(ONE, tick=False)

        done = [upkeep.begin_day.call(anna.store.pk) for _ in range(2)]

        assert done == [True, False]
        assert len(self.checks(anna.store)) == 1
