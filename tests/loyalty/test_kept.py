"""Discounts that are kept when the ladder changes: by whom, by which bulk change, and how they go again."""

import datetime as dt

import pytest

from customers import figures
from customers.models import Customer
from loyalty import kept, ladder
from loyalty.drafts import Row
from loyalty.models import KeptDiscount, KeptRow, Settings
from stores import batches
from stores.batches import BatchRefused, work
from stores.models import AuditEntry, Batch, Outcome, State
from tests.factories import (
    buy,
    make_customer,
    make_kept,
    make_member,
    make_store,
    make_tier,
    make_user,
    set_window,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)
YEAR = dt.timedelta(days=365)


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def owner(store):
    return make_member(store, "owner").user


def row(threshold, discount, period="global", group_only=False):
    return Row(threshold, period, discount, group_only)


def save(store, *rows, **choices):
    """Save a ladder as it stands for whoever opens it now; what was kept by that."""
    version = Settings.of(store).version
    choices = {"keep_earned": True, "by": None, **choices}
    return ladder.save(store=store, rows=rows, opened_version=version, **choices).kept


def spender(store, spent, **fields):
    customer = make_customer(store, **fields)
    Customer.objects.filter(pk=customer.pk).update(spent=spent, spent_year=spent)
    return customer


def held(store):
    """What each customer of the store keeps."""
    rows = KeptDiscount.objects.filter(store=store)
    return dict(rows.values_list("customer", "discount"))


def rows_of(batch):
    """Each customer of a batch: what they kept, what they shall keep, and what came of it."""
    rows = KeptRow.objects.filter(batch=batch).order_by("customer")
    return list(rows.values_list("customer", "discount_was", "discount_to", "outcome", "drifted"))


class TestWhoKeepsWhat:
    def test_nobody_where_the_store_did_not_choose_so(self, store):
        spender(store, 9_000)
        make_tier(store, 1_000, 20)

        assert save(store, row(1_000, 5), keep_earned=False) is None
        assert not Batch.objects.exists()

    def test_who_would_lose_keeps_what_they_had(self, store):
        other = make_store()
        make_tier(store, 1_000, 20)
        make_tier(store, 5_000, 30)
        make_tier(other, 1_000, 90)
        spender(other, 9_000)
        loser, far, _gainer, _none = (spender(store, n) for n in (1_000, 5_000, 7_000, 999))

        batch = save(store, row(1_000, 5), row(6_000, 50))

        assert held(store) == {loser.pk: 20, far.pk: 30}
        assert rows_of(batch) == [(loser.pk, 0, 20, "", False), (far.pk, 0, 30, "", False)]
        assert (batch.state, batch.planned, batch.handled) == (State.DONE, 2, 2)
        assert not held(other)

    def test_a_change_by_which_nobody_loses_makes_no_bulk_change(self, store):
        make_tier(store, 1_000, 5)
        spender(store, 2_000)

        assert save(store, row(1_000, 6), row(5_000, 1)) is None
        assert not Batch.objects.exists()

    @pytest.mark.parametrize(("own", "keeps"), [(0, 20), (5, 20), (19, 20), (20, None), (50, None)])
    def test_only_who_gets_less_in_effect(self, store, own, keeps):
        """Somebody whose personal discount is as large loses nothing."""
        make_tier(store, 1_000, 20)
        customer = spender(store, 2_000, discount=own)

        save(store, row(1_000, 5))

        assert held(store) == ({customer.pk: keeps} if keeps else {})

    def test_the_larger_of_two_kept_ones_stays(self, store):
        make_tier(store, 1_000, 20)
        more, less = spender(store, 2_000), spender(store, 2_000)
        make_kept(more, 40)
        make_kept(less, 10)

        batch = save(store, row(1_000, 5))

        assert held(store) == {more.pk: 40, less.pk: 20}
        assert rows_of(batch) == [(less.pk, 10, 20, "", False)]

    def test_a_change_of_the_rule_alone_takes_from_somebody_too(self, store):
        save(store, row(1_000, 20), row(5_000, 10), largest_wins=True)
        customer = spender(store, 6_000)

        save(store, row(1_000, 20), row(5_000, 10), largest_wins=False)

        assert held(store) == {customer.pk: 20}

    def test_the_trail_names_the_bulk_change(self, store, owner):
        make_tier(store, 1_000, 20)
        spender(store, 2_000)

        batch = save(store, row(1_000, 5), by=owner)

        entry = AuditEntry.objects.get(store=store, action="ladder.save")
        assert entry.changes["kept"] == batch.pk
        assert batch.by == owner


class TestTheYearRollsFirst:
    """Who loses is told by the figures of the day on which the ladder is saved."""

    @pytest.fixture
    def lapsed(self, store, time_machine):
        """A customer whose yearly tier lapsed today, and nobody has looked yet."""
        time_machine.move_to(dt.datetime(2026, 6, 15, 19, tzinfo=dt.UTC), tick=False)
        set_window(store, TODAY - dt.timedelta(days=1))
        make_tier(store, 1_000, 20, period="yearly")
        customer = make_customer(store)
        buy(customer, on=TODAY - YEAR, money=1_000)
        assert Customer.objects.get(pk=customer.pk).spent_year == 1_000
        return customer

    def test_a_tier_that_lapsed_today_is_not_kept(self, store, lapsed):
        assert save(store, row(1_000, 5, "yearly")) is None

        assert held(store) == {}
        assert figures.through(store) == TODAY

    def test_nor_after_a_month_without_a_worker(self, store, lapsed, time_machine):
        time_machine.move_to(dt.datetime(2026, 7, 20, 19, tzinfo=dt.UTC), tick=False)

        assert save(store, row(1_000, 5, "yearly")) is None

    def test_one_that_still_counts_is(self, store, lapsed):
        buy(lapsed, on=TODAY - YEAR + dt.timedelta(days=1), money=1_000)

        save(store, row(1_000, 5, "yearly"))

        assert held(store) == {lapsed.pk: 20}


class TestCleared:
    def test_all_of_the_store(self, store, owner):
        other = make_store()
        mine, theirs = make_customer(store), make_customer(other)
        make_kept(mine, 15)
        make_kept(theirs, 15)

        batch = kept.clear(store=store, by=owner)

        assert (held(store), held(other)) == ({}, {theirs.pk: 15})
        assert rows_of(batch) == [(mine.pk, 15, 0, "", False)]
        assert AuditEntry.objects.filter(store=store, action="batch.done", by=owner).count() == 1

    def test_where_there_is_nothing_it_is_refused(self, store, owner, unchanged):
        with unchanged(), pytest.raises(BatchRefused):
            kept.clear(store=store, by=owner)

    def test_it_is_undone(self, store, owner):
        customer, other = make_customer(store), make_customer(store)
        make_kept(customer, 15)
        make_kept(other, 7)
        batch = kept.clear(store=store, by=owner)

        batches.undo(batch=batch, by=owner)

        assert held(store) == {customer.pk: 15, other.pk: 7}


class TestUndone:
    @pytest.fixture
    def saved(self, store):
        """Three who keep 20: the first kept nothing before, the others 10 and 12."""
        make_tier(store, 1_000, 20)
        self.people = [spender(store, 2_000) for _ in range(3)]
        make_kept(self.people[1], 10)
        make_kept(self.people[2], 12)
        return save(store, row(1_000, 5))

    def test_what_was_kept_before_is_given_back(self, store, owner, saved):
        first, second, third = self.people

        batches.undo(batch=saved, by=owner)

        assert held(store) == {second.pk: 10, third.pk: 12}
        assert first.pk not in held(store)

    def test_what_was_changed_since_is_left(self, store, owner, saved):
        first, second, third = self.people
        KeptDiscount.objects.filter(customer=second).update(discount=33)

        undoing = batches.undo(batch=saved, by=owner)

        assert held(store) == {second.pk: 33, third.pk: 12}
        assert rows_of(undoing) == [
            (first.pk, 20, 0, "", False),
            (second.pk, 20, 10, Outcome.LEFT_OUT, True),
            (third.pk, 20, 12, "", False),
        ]


class TestByTheWorker:
    """More customers than a chunk."""

    @pytest.fixture(autouse=True)
    def small_chunks(self, monkeypatch):
        monkeypatch.setattr("stores.batches.deeds.CHUNK", 2)
        monkeypatch.setattr("loyalty.kept.CHUNK", 2)

    @pytest.fixture
    def people(self, store):
        make_tier(store, 1_000, 20)
        return [spender(store, spent) for spent in (2_000, 10, 2_000, 10, 10, 2_000)]

    def losers(self, people):
        return [one.pk for one in people if Customer.objects.get(pk=one.pk).spent == 2_000]

    def chunks(self, batch) -> int:
        """Work it off as the worker does, a chunk at a time; how many there were."""
        fence = work.claim(batch.pk)
        return sum(1 for _ in iter(lambda: work.chunk(batch.pk, fence), False)) + 1

    def test_it_is_planned_and_applied_without_another_word(self, store, owner, people):
        batch = save(store, row(1_000, 5), by=owner)
        before = (batch.state, held(store))

        chunks = self.chunks(batch)

        batch.refresh_from_db()
        assert before == (State.DRAFT, {})
        assert chunks == 6  # two of the plan and its end, two of the work and its end
        assert (batch.state, batch.planned, batch.handled) == (State.DONE, 3, 3)
        assert held(store) == dict.fromkeys(self.losers(people), 20)

    def test_who_keeps_more_by_their_turn_is_left_alone(self, store, owner, people):
        batch = save(store, row(1_000, 5), by=owner)
        fence = work.claim(batch.pk)
        while not Batch.objects.get(pk=batch.pk).is_planned:
            work.chunk(batch.pk, fence)
        first, second, third = self.losers(people)
        KeptDiscount.objects.create(store=store, customer_id=first, discount=25)
        KeptDiscount.objects.create(store=store, customer_id=second, discount=15)

        while work.chunk(batch.pk, fence):
            continue

        assert held(store) == {first: 25, second: 20, third: 20}
        assert rows_of(batch) == [
            (first, 25, 20, Outcome.LEFT_OUT, True),
            (second, 15, 20, "", True),
            (third, 0, 20, "", False),
        ]

    def test_stopped_in_its_plan_it_goes_on_to_its_work(self, store, owner, people):
        batch = save(store, row(1_000, 5), by=owner)
        work.chunk(batch.pk, work.claim(batch.pk))
        batches.cancel(batch=batch, by=owner)

        batches.resume(batch=batch, by=owner)
        self.chunks(batch)

        assert held(store) == dict.fromkeys(self.losers(people), 20)

    def test_who_may_no_longer_edit_tiers_keeps_nothing(self, store, people):
        batch = save(store, row(1_000, 5), by=make_user())

        assert self.chunks(batch) == 1
        assert Batch.objects.get(pk=batch.pk).state == State.FAILED
        assert held(store) == {}

    def test_it_waits_for_nobodys_preview(self, store, owner, people, time_machine):
        """A day later it is not thrown away as a plan that nobody confirmed."""
        batch = save(store, row(1_000, 5), by=owner)
        time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))

        assert batches.purge() == 0
        assert Batch.objects.filter(pk=batch.pk).exists()
