"""What people do with batches: a change is previewed, applied once, stopped, gone on with, undone, done again."""

import datetime as dt

import pytest

from customers.models import CreditEntry, CreditRow
from stores import batches
from stores.batches import BatchRefused
from stores.models import AuditEntry, Batch, State
from tests.changes import applied, chunks_of, credit_change, discount_change, ended, undone
from tests.factories import balances, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def people(store):
    """Five customers; the last holds 10 credits, the others 100."""
    return [make_customer(store, f"c{n}", credit=100 if n < 5 else 10) for n in range(1, 6)]


@pytest.fixture
def small(monkeypatch):
    """Chunks of two rows: five customers are more than are done at once."""
    chunks_of(monkeypatch, 2)


def change(people, by, credit=-30, **fields) -> Batch:
    return credit_change(*people, by=by, credit=credit, **fields)


def held(people) -> list[int]:
    return [balances(customer)[0] for customer in people]


def trail() -> list[tuple]:
    rows = AuditEntry.objects.filter(subject_type="batch").order_by("pk")
    return list(rows.values_list("action", "subject_id", "by", "changes"))


def one_chunk(batch: Batch) -> Batch:
    batches.run(batch.pk, seconds=0)
    batch.refresh_from_db()
    return batch


def half_way(people, by) -> Batch:
    """A change with two of five rows done."""
    batch = ended(change(people, by))
    batches.apply(batch=batch, by=by)
    assert one_chunk(batch).handled == 2
    return batch


def test_a_preview_freezes_what_was_and_what_shall_be_and_moves_nothing(people, manager):
    batch = change(people, manager)

    assert (batch.state, batch.planned, batch.handled, batch.cursor) == ("previewed", 5, 0, 0)
    assert (batch.kind, batch.title, batch.by) == ("credit", "Credit −L$30", manager)
    assert (batch.confirmed_at, batch.ended_at, batch.failure) == (None, None, "")
    rows = CreditRow.objects.filter(batch=batch).order_by("account")
    assert list(rows.values_list("account", "credit_was", "credit_to", "outcome", "drifted")) == [
        *((customer.pk, 100, 70, "", False) for customer in people[:4]),
        (people[4].pk, 10, 0, "short", False),
    ]
    assert held(people) == [100, 100, 100, 100, 10]
    assert trail() == []


def test_it_is_applied_once_however_often_it_is_asked(people, manager, store):
    other = make_member(store, "owner").user
    batch = change(people, manager)

    first = batches.apply(batch=batch, by=other)
    again = [batches.apply(batch=batch, by=manager) for _ in range(3)]

    assert {one.state for one in (first, *again)} == {"done"}
    assert held(people) == [70, 70, 70, 70, 0]
    entries = CreditEntry.objects.filter(batch=batch)
    assert {(entry.kind, entry.by) for entry in entries} == {("bulk", other)}
    assert entries.count() == 5
    batch.refresh_from_db()
    assert (batch.handled, batch.by, batch.percent) == (5, other, 100)
    assert batch.confirmed_at
    assert batch.ended_at
    assert trail() == [
        ("batch.apply", batch.pk, other.pk, {"state": ["previewed", "queued"]}),
        ("batch.done", batch.pk, other.pk, {"title": "Credit −L$30", "handled": 5}),
    ]


def test_a_large_change_is_the_workers(people, manager, small):
    batch = change(people, manager)
    drafted = batch.state
    batch = ended(batch)
    planned = batch.state
    batches.apply(batch=batch, by=manager)
    batch.refresh_from_db()
    waiting, before = batch.state, held(people)
    batch = ended(batch)

    assert [drafted, planned, waiting, batch.state] == ["draft", "previewed", "queued", "done"]
    assert before == [100, 100, 100, 100, 10]
    assert held(people) == [70, 70, 70, 70, 0]


def test_what_is_not_planned_or_was_stopped_is_not_applied(people, manager, small, unchanged):
    draft = change(people, manager)
    stopped = batches.cancel(batch=change(people[:2], manager), by=manager)

    for batch, said in ((draft, "being counted"), (stopped, "cancelled")):
        with unchanged(), pytest.raises(BatchRefused, match=f"This change is {said}"):
            batches.apply(batch=batch, by=manager)


# Stopping and going on


def test_a_preview_that_is_stopped_moves_nothing(people, manager):
    batch = change(people, manager)

    stopped = batches.cancel(batch=batch, by=manager)
    batches.cancel(batch=batch, by=manager)

    assert (stopped.state, stopped.handled) == ("cancelled", 0)
    assert stopped.ended_at
    assert held(people) == [100, 100, 100, 100, 10]
    changes = {"state": ["previewed", "cancelled"]}
    assert trail() == [("batch.cancel", batch.pk, manager.pk, changes)]


def test_what_is_done_is_not_stopped(people, manager, unchanged):
    batch = applied(change(people, manager))

    with unchanged():
        assert batches.cancel(batch=batch, by=manager).state == "done"


def test_a_change_is_stopped_between_chunks(people, manager, small):
    batch = half_way(people, manager)

    batches.cancel(batch=batch, by=manager)
    batch = ended(batch)

    assert (batch.state, batch.handled, batch.percent) == ("cancelled", 2, 40)
    assert held(people) == [70, 70, 100, 100, 10]
    assert CreditEntry.objects.filter(batch=batch).count() == 2


def test_a_stopped_change_goes_on_where_it_stopped(people, manager, store, small):
    batch = half_way(people, manager)
    batches.cancel(batch=batch, by=manager)
    other = make_member(store, "owner").user

    batches.resume(batch=batch, by=other)
    batch = ended(batch)

    assert (batch.state, batch.handled, batch.by) == ("done", 5, other)
    assert held(people) == [70, 70, 70, 70, 0]
    entries = CreditEntry.objects.filter(batch=batch).order_by("account")
    assert list(entries.values_list("by", flat=True)) == [*[manager.pk] * 2, *[other.pk] * 3]


def test_only_what_stopped_half_way_goes_on(people, manager, small, unchanged):
    done = applied(change(people[:2], manager))
    never_confirmed = batches.cancel(batch=change(people[:2], manager), by=manager)
    previewed = change(people[:2], manager)
    running = half_way(people, manager)

    for batch in (done, never_confirmed, previewed, running):
        with unchanged(), pytest.raises(BatchRefused, match="Only a change that stopped half-way"):
            batches.resume(batch=batch, by=manager)


def test_what_is_undone_does_not_go_on(people, manager, small, unchanged):
    batch = half_way(people, manager)
    batches.cancel(batch=batch, by=manager)
    undone(batch)

    with unchanged(), pytest.raises(BatchRefused, match="This change was undone"):
        batches.resume(batch=batch, by=manager)


# Undo


def test_an_undo_gives_back_what_was_really_moved(people, manager):
    batch = applied(change(people, manager))

    undoing = undone(batch)

    assert held(people) == [100, 100, 100, 100, 10]
    assert (undoing.kind, undoing.title, undoing.undoes) == (
        "credit.undo",
        "Undo: Credit −L$30",
        batch,
    )
    assert (undoing.state, undoing.planned, undoing.handled) == ("done", 5, 5)
    backs = CreditEntry.objects.filter(batch=undoing).order_by("account")
    firsts = CreditEntry.objects.filter(batch=batch).order_by("account")
    assert [(one.reverses, one.delta, one.kind) for one in backs] == [
        (first, -first.delta, "reversal") for first in firsts
    ]
    assert ("batch.undo", batch.pk, manager.pk, {"undone_by": [None, undoing.pk]}) in trail()


def test_an_undo_asked_for_twice_is_one(people, manager, small):
    batch = ended(change(people, manager))
    applied(batch)

    first = batches.undo(batch=batch, by=manager)
    second = batches.undo(batch=batch, by=manager)
    ended(first)
    third = batches.undo(batch=batch, by=manager)

    assert first == second == third
    assert third.state == "done"
    assert held(people) == [100, 100, 100, 100, 10]
    assert Batch.objects.filter(undoes=batch).count() == 1


def test_an_undo_is_not_undone(people, manager, unchanged):
    undoing = undone(applied(change(people, manager)))

    with unchanged(), pytest.raises(BatchRefused, match="An undo is not undone"):
        batches.undo(batch=undoing, by=manager)


def test_where_nothing_was_moved_there_is_nothing_to_undo(people, manager, small, unchanged):
    draft, previewed, running = (
        change(people, manager),
        change(people[:2], manager),
        half_way(people, manager),
    )
    stopped = batches.cancel(batch=change(people[:2], manager), by=manager)

    for batch in (draft, previewed, running, stopped):
        with unchanged(), pytest.raises(BatchRefused, match="There is nothing to undo yet"):
            batches.undo(batch=batch, by=manager)


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED])
def test_what_stopped_half_way_is_undone(people, manager, small, state):
    batch = half_way(people, manager)
    Batch.objects.filter(pk=batch.pk).update(state=state)

    undoing = undone(batch)

    assert (undoing.state, undoing.planned) == ("done", 2)
    assert held(people) == [100, 100, 100, 100, 10]


def test_an_undo_that_was_stopped_goes_on(people, manager, small):
    batch = ended(change(people, manager))
    applied(batch)
    undoing = batches.undo(batch=batch, by=manager)
    one_chunk(undoing)
    batches.cancel(batch=undoing, by=manager)
    in_its_plan = (undoing.planned, undoing.is_planned, held(people))

    batches.resume(batch=undoing, by=manager)
    undoing = ended(undoing)

    assert in_its_plan == (2, False, [70, 70, 70, 70, 0])
    assert (undoing.state, undoing.planned, undoing.handled) == ("done", 5, 5)
    assert held(people) == [100, 100, 100, 100, 10]


# Again


def test_done_again_it_is_planned_for_whoever_it_is_for_now(store, people, manager):
    batch = applied(credit_change(store=store, by=manager, credit=5, reason="prize", note="May"))
    late = make_customer(store, "late", credit=1)

    second = batches.again(batch=batch, by=manager)

    assert (second.state, second.planned, second.asked) == ("previewed", 6, batch.asked)
    assert (balances(late), second.undoes) == ((1, 0), None)
    applied(second)
    assert held([*people, late]) == [110, 110, 110, 110, 20, 6]


def test_only_what_has_ended_is_done_again_and_no_undo(people, manager, unchanged):
    previewed = change(people, manager)
    undoing = undone(applied(change(people, manager)))

    for batch in (previewed, undoing):
        with unchanged(), pytest.raises(BatchRefused, match="Only a change that has ended"):
            batches.again(batch=batch, by=manager)


# Plans that nobody confirmed


def test_plans_that_nobody_confirmed_for_a_day_are_thrown_away(
    store, people, manager, small, time_machine
):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    lamp = make_product(store, "Lamp")
    draft, preview = change(people, manager), change(people[:2], manager)
    discounts = discount_change(lamp, by=manager, percent=5)
    stopped = batches.cancel(batch=change(people[:2], manager), by=manager)
    done = applied(change(people[:2], manager))
    undoing = undone(done)
    half = half_way(people, manager)
    batches.cancel(batch=half, by=manager)

    time_machine.shift(DAY)
    young = change(people[:2], manager)
    early = batches.purge()
    time_machine.shift(dt.timedelta(seconds=1))
    late = batches.purge()

    assert (early, late) == (0, 4)
    left = set(Batch.objects.all())
    assert left == {done, undoing, half, young}
    assert {draft, preview, discounts, stopped} & left == set()
    assert set(CreditRow.objects.values_list("batch", flat=True)) == {one.pk for one in left}
    assert batches.purge() == 0
