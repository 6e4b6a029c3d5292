"""What was bought by day and month: exact whatever is closed, and mended where days that are over change."""

import datetime as dt
import random
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import books, calendar, closing, purchases, purchases_undone, tasks, turnover
from customers.models import Customer, Purchase, PurchaseDay, YearWindow
from customers.purchases import PurchaseRow
from customers.turnover import Turnover
from stores.models import Batch
from tests.factories import buy, make_customer, make_product, make_store, noon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

DAY = dt.timedelta(days=1)
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
TODAY = dt.date(2026, 6, 15)
YEAR = (dt.date(2025, 7, 1), dt.date(2026, 6, 30))


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Noon of 15 June where the store is."""
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def jane(store):
    return make_customer(store, "jane", credit=100)


@pytest.fixture
def joe(store):
    return make_customer(store, "joe")


def months(store, first=YEAR[0], last=YEAR[1]):
    return turnover.read(store, first, last).by_month()


def kept(store, **wanted):
    """The kept days with their money."""
    rows = PurchaseDay.objects.filter(store=store, **wanted)
    return dict(rows.order_by("day").values_list("day", "money"))


def line(customer, on, money, key, quantity=1):
    return PurchaseRow(
        payer_id=customer.pk,
        recipient_id=customer.pk,
        product_id=None,
        vendor_id=None,
        quantity=quantity,
        at=noon(customer.store, on),
        counts_on=on,
        receipt="",
        price=money,
        money=money,
        import_key=key,
    )


def bring_in(customer, *sales, batch=None):
    """Import sales: day, money and key of each."""
    rows = [line(customer, *sale) for sale in sales]
    return purchases.record_many(store=customer.store, rows=rows, batch=batch)


def naive(store):
    """All by hand: months with their sums."""
    zone, found = store.zone, defaultdict(lambda: [0, 0, 0, set(), set()])
    rows = list(Purchase.objects.filter(store=store).order_by("at"))
    first = {}
    for row in rows:
        if row.quantity > 0:
            first.setdefault(row.payer_id, row.at.astimezone(zone).date().replace(day=1))
    for row in rows:
        month = row.counts_on.replace(day=1)
        sums = found[month]
        sums[0] += row.money
        sums[1 if row.quantity > 0 else 2] += 1
        if row.quantity > 0:
            sums[3 if first[row.payer_id] == month else 4].add(row.payer_id)
    return {month: Turnover(*sums[:3], len(sums[3]), len(sums[4])) for month, sums in found.items()}


def test_an_empty_store_has_nothing_and_closes_nothing(store):
    assert turnover.read(store, *YEAR) == turnover.Days({})
    assert closing.close_days(store) == 0
    assert turnover.read(store, *YEAR).total(*YEAR) == Turnover()


@pytest.mark.parametrize("closed", [False, True])
def test_a_month_counts_money_lines_and_customers_once(store, jane, joe, closed):
    buy(jane, on=MAY, money=100)
    buy(jane, on=MAY + DAY, money=50)
    buy(joe, on=MAY + 9 * DAY, money=7)
    buy(jane, on=JUNE, money=30, credit=20)
    buy(jane, on=TODAY, money=1)
    if closed:
        assert closing.close_days(store) == 2

    assert months(store) == {
        MAY: Turnover(157, 3, 0, first_time=2),
        JUNE: Turnover(31, 2, 0, returning=1),
    }
    assert turnover.read(store, MAY + DAY, JUNE).total(MAY + DAY, JUNE).money == 87
    assert sorted(kept(store)) == ([MAY, MAY + DAY, MAY + 9 * DAY, JUNE] if closed else [])


@pytest.mark.parametrize("closed", [False, True])
def test_a_gift_is_spent_by_who_pays_and_makes_nobody_new(store, jane, joe, closed):
    buy(jane, on=MAY, money=100, recipient=joe)
    buy(jane, on=MAY, money=0, credit=40, recipient=joe)
    if closed:
        closing.close_days(store)

    assert months(store) == {MAY: Turnover(100, 2, 0, first_time=1)}


@pytest.mark.parametrize("closed", [False, True])
def test_a_month_ends_at_midnight_of_the_store(store, jane, closed):
    """The first hours of May in Greenwich are April in Los Angeles."""
    last_moment = dt.datetime(2026, 5, 1, 6, 59, 59, tzinfo=dt.UTC)
    buy(jane, at=last_moment, money=10)
    buy(jane, at=last_moment + dt.timedelta(seconds=1), money=200)
    if closed:
        closing.close_days(store)

    assert months(store) == {
        dt.date(2026, 4, 1): Turnover(10, 1, 0, first_time=1),
        MAY: Turnover(200, 1, 0, returning=1),
    }


def test_a_return_lowers_the_month_of_what_it_returns(store, jane):
    lamp = make_product(store)
    bought = buy(jane, lamp, on=MAY, money=100, quantity=2)
    closing.close_days(store)

    purchases.take_back(purchase=bought, by=None, quantity=1)

    assert kept(store, stale=True) == {MAY: 100}
    assert months(store) == {MAY: Turnover(50, 1, 1, first_time=1)}
    assert closing.close_days(store) == 1
    assert kept(store, stale=False) == {MAY: 50}


def test_a_sale_of_today_touches_no_kept_row(store, jane, joe):
    buy(jane, on=MAY, money=5)
    closing.close_days(store)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        buy(joe, money=7)

    assert not [one for one in queries if "purchaseday" in one["sql"]]
    assert kept(store, stale=True) == {}
    assert months(store)[JUNE] == Turnover(7, 1, 0, first_time=1)


def test_a_back_dated_import_changes_closed_months(store, jane, joe):
    """Jane was new in June and is new in May now; the rest of May stands."""
    buy(jane, on=JUNE, money=5)
    buy(joe, on=MAY + 20 * DAY, money=3)
    closing.close_days(store)
    assert months(store)[JUNE] == Turnover(5, 1, 0, first_time=1)

    bring_in(jane, (MAY + 2 * DAY, 40, "a"), (MAY + 21 * DAY, 2, "b"))

    wanted = {MAY: Turnover(45, 3, 0, first_time=2), JUNE: Turnover(5, 1, 0, returning=1)}
    assert months(store) == wanted
    assert closing.close_days(store) == 2
    assert kept(store, stale=True) == {}
    assert months(store) == wanted


def test_an_import_undone_leaves_what_was_there_before(store, jane, joe):
    buy(jane, on=JUNE, money=5)
    batch = Batch.objects.create(store=store, kind="sales_import")
    closing.close_days(store)
    before = months(store)
    bring_in(jane, (MAY, 40, "a"), batch=batch)
    closing.close_days(store)
    assert months(store) != before

    purchases_undone.take_out(store=store, batch=batch, keys=["a"])

    assert months(store) == before
    closing.close_days(store)
    assert (months(store), list(kept(store))) == (before, [JUNE])


def test_another_time_zone_counts_all_days_anew(store, jane):
    buy(jane, at=dt.datetime(2026, 5, 1, 6, tzinfo=dt.UTC), money=10)
    closing.close_days(store)
    assert list(months(store)) == [dt.date(2026, 4, 1)]

    calendar.change_time_zone(store=store, time_zone="UTC", by=None)

    store.refresh_from_db()
    assert (kept(store), YearWindow.objects.get(store=store).closed) == ({}, None)
    assert list(months(store)) == [MAY]
    closing.close_days(store)
    assert list(months(store)) == [MAY]


def test_other_stores_count_for_themselves(store, jane):
    other = make_customer(make_store("chairs"), "jane")
    buy(other, on=MAY, money=1_000)
    buy(jane, on=MAY, money=1)
    for one in (store, other.store):
        closing.close_days(one)
    buy(other, on=JUNE, money=1_000)

    assert months(store) == {MAY: Turnover(1, 1, 0, first_time=1)}
    assert kept(store, stale=True) == {}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_months_are_those_by_hand(store, clock, seed):
    """Sales of now and of long ago, returns, undone imports, days that close now and then."""
    draw = random.Random(seed)
    people = [make_customer(store) for _ in range(4)]
    batch = Batch.objects.create(store=store, kind="sales_import")
    returnable = Purchase.objects.filter(quantity__gt=0, returned_by=None)
    keys = []
    for number in range(40):
        deed, who = draw.randrange(6), draw.choice(people)
        on = dt.date(2026, 2, 20) + draw.randrange(115) * DAY
        if deed <= 1:
            buy(who, on=min(on, store.today()), money=draw.randrange(50))
        elif deed == 2:
            keys.append(f"k{number}")
            bring_in(who, (on, draw.randrange(50), keys[-1]), batch=batch)
        elif deed == 3 and (left := list(returnable.order_by("at", "pk"))):
            purchases.take_back(purchase=draw.choice(left), by=None)
        elif deed == 4 and keys:
            purchases_undone.take_out(store=store, batch=batch, keys=[keys.pop()])
        elif deed == 5:
            closing.close_days(store)
            clock.shift(DAY)
        assert months(store, dt.date(2026, 2, 1), dt.date(2026, 7, 31)) == naive(store)
    assert [str(one) for one in books.check(store)] == []


@pytest.mark.parametrize("what", turnover.SUMS)
def test_a_falsified_sum_is_found(store, jane, what):
    buy(jane, on=MAY, money=5)
    closing.close_days(store)
    true = PurchaseDay.objects.values_list(what, flat=True).get()
    PurchaseDay.objects.update(**{what: true + 3})

    assert [str(one) for one in books.check(store)] == [
        f"customer None: {what} on 2026-05-01 is {true + 3}, should be {true}"
    ]
    PurchaseDay.objects.update(**{what: true})


def test_a_kept_day_that_is_missing_is_found(store, jane):
    buy(jane, on=MAY, money=5)
    closing.close_days(store)
    (row,) = PurchaseDay.objects.all()
    row.delete()

    assert [one.what for one in books.check(store)] == [
        "money on 2026-05-01",
        "sold on 2026-05-01",
        "first_time on 2026-05-01",
    ]
    row.save(force_insert=True)


def test_the_work_of_the_day_closes_days(store, jane):
    buy(jane, on=MAY, money=5)

    assert tasks.daily(store)

    assert kept(store) == {MAY: 5}
    assert YearWindow.objects.get(store=store).closed == TODAY - DAY


def test_a_year_that_is_closed_is_read_in_few_queries(store, jane, django_assert_num_queries):
    for number in range(300):
        buy(jane, on=TODAY - number * DAY, money=number)
    closing.close_days(store)

    with django_assert_num_queries(6):
        assert sum(one.money for one in months(store).values()) == sum(range(300))


def test_what_is_too_much_for_a_page_is_left_to_the_worker(store, jane, monkeypatch):
    buy(jane, on=MAY, money=5)
    closing.close_days(store)
    monkeypatch.setattr(turnover, "CAP", 3)
    bring_in(jane, *[(MAY + number * DAY, 1, str(number)) for number in range(4)])

    days = tasks.keep_turnover(store, *YEAR)

    assert (days.behind, days.by_day[MAY].money) == (True, 5)
    tasks.close_days.call(store.pk)
    assert tasks.keep_turnover(store, *YEAR).by_month() == {MAY: Turnover(9, 5, 0, first_time=1)}


def test_days_that_are_stale_are_read_exactly_at_the_edge_of_a_month(store, jane, joe):
    """Joe bought on an earlier day that is kept, Jane did not."""
    buy(joe, on=MAY, money=1)
    buy(jane, on=MAY + DAY, money=2)
    closing.close_days(store)
    PurchaseDay.objects.filter(day=MAY + DAY).update(stale=True)
    buy(joe, on=MAY + DAY, money=4)

    assert months(store) == {MAY: Turnover(7, 3, 0, first_time=2)}
    assert Customer.objects.filter(first_purchase_at__isnull=False).count() == 2
