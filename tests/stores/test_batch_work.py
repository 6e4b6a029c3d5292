"""The work on batches: in chunks, each whole or not at all, by the one worker that holds the lease."""

import datetime as dt

import pytest
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from customers.bulk_credit import CREDIT_CHANGE
from customers.models import CreditEntry, CreditRow
from products.models import Product
from stores import batches
from stores.batches import tasks, work
from stores.models import AuditEntry, Batch, Member
from tests.changes import applied, chunks_of, credit_change, ended, undone
from tests.factories import balances, buy, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
SECOND = dt.timedelta(seconds=1)
NOTHING = [100, 100, 100, 100, 100]


@pytest.fixture(autouse=True)
def clock(time_machine, monkeypatch):
    """It stands still, and chunks have two rows."""
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    chunks_of(monkeypatch, 2)
    monkeypatch.setattr(work, "PAUSE_SECONDS", 0)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def people(store):
    return [make_customer(store, f"c{n}", credit=100) for n in range(5)]


@pytest.fixture
def draft(people, manager):
    return credit_change(*people, by=manager, credit=-30)


@pytest.fixture
def queued(draft, manager):
    return batches.apply(batch=ended(draft), by=manager)


def held(people) -> list[int]:
    return [balances(customer)[0] for customer in people]


def one_chunk(batch: Batch) -> tuple:
    """A turn that ends after a chunk: whether there is more, and where the batch stands then."""
    more = batches.run(batch.pk, seconds=0)
    batch.refresh_from_db()
    return more, batch.state, batch.planned, batch.handled, batch.percent


def queue() -> list[list[int]]:
    return [result.args_kwargs["args"] for result in DBTaskResult.objects.order_by("enqueued_at")]


def test_it_is_planned_and_done_chunk_by_chunk(draft, people, manager):
    planning = [one_chunk(draft) for _ in range(4)]
    batches.apply(batch=draft, by=manager)
    working = []
    for _ in range(4):
        working.append((*one_chunk(draft), held(people)))

    assert planning == [
        (True, "draft", 2, 0, 0),
        (True, "draft", 4, 0, 0),
        (True, "draft", 5, 0, 0),
        (False, "previewed", 5, 0, 0),
    ]
    assert working == [
        (True, "running", 5, 2, 40, [70, 70, 100, 100, 100]),
        (True, "running", 5, 4, 80, [70, 70, 70, 70, 100]),
        (True, "running", 5, 5, 100, [70, 70, 70, 70, 70]),
        (False, "done", 5, 5, 100, [70, 70, 70, 70, 70]),
    ]
    assert (draft.counts["credit_entries"], draft.counts["credit_moved"]) == (5, -150)


def test_the_worker_gives_way_and_queues_what_is_left(draft, monkeypatch):
    monkeypatch.setattr(tasks, "TURN_SECONDS", 0)
    queued_first = queue()

    batches.run_batch.func(draft.pk)
    more = queue()
    for _ in range(3):
        batches.run_batch.func(draft.pk)

    assert (queued_first, more) == ([[draft.pk]], [[draft.pk]] * 2)
    assert queue() == [[draft.pk]] * 4
    draft.refresh_from_db()
    assert draft.state == "previewed"


def test_what_is_queued_twice_is_worked_on_once(queued, people, unchanged):
    ended(queued)

    with unchanged():
        assert batches.run(queued.pk, seconds=60) is False
    assert batches.run(10**9, seconds=60) is False
    assert held(people) == [70, 70, 70, 70, 70]


# The lease and the number


def test_nobody_works_on_what_another_worker_holds(queued, people, clock, unchanged):
    assert work.claim(queued.pk) == 2  # the plan was the first turn

    clock.shift(29 * SECOND)
    with unchanged():
        assert work.claim(queued.pk) is None
        assert batches.run(queued.pk, seconds=60) is False
    clock.shift(1 * SECOND)
    assert work.claim(queued.pk) == 3


def test_each_chunk_renews_the_lease(queued, clock):
    fence = work.claim(queued.pk)

    for _ in range(3):
        clock.shift(20 * SECOND)
        work.chunk(queued.pk, fence)
        queued.refresh_from_db()
        assert queued.lease_until == dt.datetime.now(dt.UTC) + 30 * SECOND
        assert work.claim(queued.pk) is None


def test_a_lease_that_is_given_back_is_free_at_once(queued):
    fence = work.claim(queued.pk)

    work.release(queued.pk, fence)

    assert work.claim(queued.pk) == fence + 1


def test_a_worker_that_wakes_after_its_lease_writes_nothing(queued, people, clock, unchanged):
    asleep = work.claim(queued.pk)
    clock.shift(31 * SECOND)
    awake = work.claim(queued.pk)
    work.chunk(queued.pk, awake)

    with unchanged():
        with pytest.raises(work.Fenced):
            work.chunk(queued.pk, asleep)
        work.fail(queued.pk, asleep, "It was mine.")
        work.release(queued.pk, asleep)

    assert held(people) == [70, 70, 100, 100, 100]
    assert work.chunk(queued.pk, awake) is True


def test_a_worker_ends_quietly_where_the_batch_went_on_elsewhere(queued, monkeypatch, clock):
    chunk = work.chunk

    def sleeping(batch_id, fence):
        clock.shift(31 * SECOND)
        work.claim(batch_id)
        return chunk(batch_id, fence)

    monkeypatch.setattr(work, "chunk", sleeping)

    assert batches.run(queued.pk, seconds=60) is False
    queued.refresh_from_db()
    assert (queued.state, queued.handled, queued.failure) == ("running", 0, "")


def test_a_stopped_batch_is_nobodys(queued, manager, people, unchanged):
    fence = work.claim(queued.pk)
    work.chunk(queued.pk, fence)
    batches.cancel(batch=queued, by=manager)

    with unchanged():
        with pytest.raises(work.Fenced):
            work.chunk(queued.pk, fence)
        assert work.claim(queued.pk) is None
        work.fail(queued.pk, fence, "It was mine.")

    assert held(people) == [70, 70, 100, 100, 100]


def test_what_nobody_works_on_is_taken_up_once(draft, people, manager, clock):
    waiting = ended(credit_change(*people, by=manager, credit=1))
    previewed = ended(credit_change(*people, by=manager, credit=2))
    done = applied(ended(credit_change(*people, by=manager, credit=3)))
    batches.apply(batch=waiting, by=manager)
    found = []

    for seconds in (30, 1, 0, 30, 1):
        clock.shift(seconds * SECOND)
        found.append(sorted(work.abandoned()))

    both = sorted([draft.pk, waiting.pk])
    assert found == [[], both, [], [], both]
    assert {previewed.pk, done.pk}.isdisjoint(both)


def test_what_a_dead_worker_left_is_gone_on_with(queued, people, clock):
    fence = work.claim(queued.pk)
    work.chunk(queued.pk, fence)
    before = queue()
    clock.shift(30 * SECOND)
    early = batches.take_up_abandoned()
    clock.shift(31 * SECOND)

    taken = batches.take_up_abandoned()
    batch = ended(queued)

    assert (early, taken) == (0, 1)
    assert queue() == [*before, [queued.pk]]
    assert (batch.state, batch.handled) == ("done", 5)
    assert held(people) == [70, 70, 70, 70, 70]
    assert CreditEntry.objects.filter(batch=batch).count() == 5


# Rights


@pytest.mark.parametrize("change", ["viewer", "removed", "inactive"])
def test_rights_are_asked_again_at_each_chunk(queued, people, manager, store, change):
    one_chunk(queued)
    membership = Member.objects.filter(store=store, user=manager)
    if change == "removed":
        membership.delete()
    elif change == "viewer":
        membership.update(role="viewer")
    else:
        type(manager).objects.filter(pk=manager.pk).update(is_active=False)

    batch = ended(queued)

    assert (batch.state, batch.handled) == ("failed", 2)
    assert batch.failure == f"{manager} may no longer do this."
    assert batch.ended_at
    assert held(people) == [70, 70, 100, 100, 100]
    last = AuditEntry.objects.latest("pk")
    assert (last.action, last.changes) == (
        "batch.failed",
        {"title": "Credit −L$30", "handled": 2},
    )
    other = make_member(store, "owner").user
    batches.resume(batch=batch, by=other)
    batch = ended(batch)
    assert (batch.state, batch.failure, batch.handled) == ("done", "", 5)
    assert held(people) == [70, 70, 70, 70, 70]


def test_a_plan_needs_the_right_too(draft, manager, store):
    one_chunk(draft)
    Member.objects.filter(store=store, user=manager).update(role="clerk")

    batch = ended(draft)

    assert (batch.state, batch.planned, batch.is_planned) == ("failed", 2, False)


# Failures


def breaking(patch, error: Exception) -> None:
    """The second chunk is applied, and then something breaks."""
    apply = CREDIT_CHANGE.apply

    def broken(batch):
        done = apply(batch)
        if batch.cursor:
            assert CreditEntry.objects.filter(batch=batch).count() == 4
            raise error
        return done

    patch.setattr(CREDIT_CHANGE, "apply", broken)


def test_a_chunk_that_breaks_leaves_whole_ones_and_can_go_on(queued, people, manager, monkeypatch):
    with monkeypatch.context() as patch:
        breaking(patch, RuntimeError("out of luck"))
        batch = ended(queued)

    assert (batch.state, batch.handled, batch.failure) == ("failed", 2, work.FAILED)
    assert "luck" not in batch.failure
    assert held(people) == [70, 70, 100, 100, 100]
    assert CreditEntry.objects.filter(batch=batch).count() == 2
    assert batch.counts["credit_moved"] == -60

    batches.resume(batch=batch, by=manager)
    batch = ended(batch)

    assert (batch.state, batch.handled, batch.counts["credit_moved"]) == ("done", 5, -150)
    assert held(people) == [70, 70, 70, 70, 70]


def test_what_broke_is_undone_as_far_as_it_came(queued, people, monkeypatch):
    with monkeypatch.context() as patch:
        breaking(patch, RuntimeError("out of luck"))
        ended(queued)

    undoing = undone(queued)

    assert (undoing.state, undoing.planned) == ("done", 2)
    assert held(people) == NOTHING


def test_the_trouble_of_a_moment_leaves_it_to_the_next_worker(queued, people, monkeypatch):
    with monkeypatch.context() as patch:
        breaking(patch, OperationalError("database is locked"))
        more = batches.run(queued.pk, seconds=60)

    queued.refresh_from_db()
    assert (more, queued.state, queued.handled, queued.failure) == (False, "running", 2, "")
    assert queued.lease_until <= dt.datetime.now(dt.UTC)
    assert ended(queued).state == "done"
    assert held(people) == [70, 70, 70, 70, 70]


def test_a_filter_that_can_no_longer_be_read_ends_the_plan(store, people, manager):
    lamp = make_product(store, "Lamp")
    for customer in people:
        buy(customer, lamp)
    batch = credit_change(store=store, query="owns=Lamp", by=manager, credit=5)
    one_chunk(batch)
    Product.objects.filter(pk=lamp.pk).update(name="Lantern")

    batch = ended(batch)

    assert (batch.state, batch.planned) == ("failed", 2)
    assert batch.failure == (
        "A filter of the list cannot be read any more. Nothing was changed; choose again."
    )
    assert held(people) == NOTHING
    assert CreditRow.objects.filter(batch=batch).count() == 2
