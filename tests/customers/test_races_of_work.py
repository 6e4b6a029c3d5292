"""Workers on a bulk change meet each other and people who spend: nothing is lost, nobody is refused."""

from random import Random

import pytest

from customers import books, bulk_sql, credit
from customers.models import CreditEntry
from stores import batches
from stores.batches import deeds, work
from stores.models import Batch, State
from tests.changes import chunks_of, credit_change
from tests.factories import balances, make_customer, make_member, make_store
from tests.naive import unlocked
from tests.together import before, meeting, names, together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, CHUNK, SPENDS = 12, 4, 15


@pytest.fixture
def people(db):
    store = make_store()
    return [make_customer(store, credit=100) for _ in range(PEOPLE)]


@pytest.fixture
def user(people):
    return make_member(people[0].store).user


@pytest.fixture
def changes(monkeypatch, people, user):
    """Previews of changes, which are the worker's when they are applied."""

    def of(amount: int) -> Batch:
        monkeypatch.setattr(deeds, "CHUNK", PEOPLE)
        batch = credit_change(*people, by=user, credit=amount)
        chunks_of(monkeypatch, CHUNK)
        return batch

    return of


@pytest.fixture
def change(changes):
    return queued(changes(7))


@pytest.fixture
def naive(monkeypatch):
    """No lock is held from one statement to the next."""
    unlocked(monkeypatch, work, deeds)
    monkeypatch.setattr(bulk_sql, "LOCK", "")


def queued(batch: Batch) -> Batch:
    return batches.apply(batch=batch, by=batch.by)


def work_on(batch: Batch) -> str:
    """What a worker does; where the batch stands then."""
    while batches.run(batch.pk, seconds=60):
        continue
    return Batch.objects.get(pk=batch.pk).state


def spend(person) -> CreditEntry:
    return credit.take(customer=person, balance="credit", amount=1, by=None)


def differences(people, *, left: int) -> list[str]:
    """What is not as if there were so much left in all."""
    there = sum(balances(person)[0] for person in people)
    return [
        *([] if there == left else [f"{there} left, not {left}"]),
        *(str(one) for one in books.check(people[0].store)),
    ]


def unlike(told, *ought) -> list[str]:
    return [] if list(told) == list(ought) else [repr(one) for one in told]


# People spend while a change and its undo run.


def spend_while_it_runs(patch, people, batch, *, left: int) -> list[str]:
    """One spends between the entries of the first chunk and its balances, others all the time."""
    spent = before(patch, bulk_sql, "move", lambda: spend(people[1]))

    def spend_here_and_there(seed):
        choose = Random(seed).choice
        return lambda: len([spend(choose(people)) for _ in range(SPENDS)])

    told = together(lambda: work_on(batch), *map(spend_here_and_there, range(3)))

    return [
        *unlike(told, State.DONE, SPENDS, SPENDS, SPENDS),
        *unlike(names([spent()]), "done"),
        *differences(people, left=left - 3 * SPENDS - 1),
    ]


def test_nothing_is_lost_that_is_spent_while_a_change_runs(monkeypatch, people, change):
    assert spend_while_it_runs(monkeypatch, people, change, left=107 * PEOPLE) == []


@pytest.mark.usefixtures("naive")
def test_a_change_that_does_not_lock_its_accounts_is_caught(monkeypatch, people, change):
    assert spend_while_it_runs(monkeypatch, people, change, left=107 * PEOPLE) != []


@pytest.fixture
def undo(change, user):
    assert work_on(change) == State.DONE
    return batches.undo(batch=change, by=user)


def test_nothing_is_lost_that_is_spent_while_an_undo_runs(monkeypatch, people, undo):
    assert spend_while_it_runs(monkeypatch, people, undo, left=100 * PEOPLE) == []


def test_an_undo_that_does_not_lock_its_accounts_is_caught(request, monkeypatch, people, undo):
    request.getfixturevalue("naive")

    assert spend_while_it_runs(monkeypatch, people, undo, left=100 * PEOPLE) != []


# Two changes of the same customers run at once.


def two_changes(patch, people, first, second) -> list[str]:
    other = before(patch, bulk_sql, "move", lambda: work_on(second))

    told = [work_on(first), other()]

    return unlike(told, State.DONE, State.DONE) + differences(people, left=112 * PEOPLE)


def test_two_changes_of_the_same_customers_both_count(monkeypatch, people, changes):
    first, second = changes(7), changes(5)

    assert two_changes(monkeypatch, people, queued(first), queued(second)) == []


@pytest.mark.usefixtures("naive")
def test_two_changes_without_locks_are_caught(monkeypatch, people, changes):
    first, second = changes(7), changes(5)

    assert two_changes(monkeypatch, people, queued(first), queued(second)) != []


# A change is stopped in the middle of a chunk.


def stop_in_a_chunk(patch, people, change) -> list[str]:
    stopped = before(
        patch, bulk_sql, "move", lambda: batches.cancel(batch=change, by=change.by).state
    )

    told = [work_on(change), stopped()]

    change.refresh_from_db()
    return [
        *unlike(told, State.CANCELLED, State.CANCELLED),
        *unlike([change.handled], CHUNK),
        *differences(people, left=100 * PEOPLE + 7 * CHUNK),
    ]


def test_a_change_that_is_stopped_ends_after_the_chunk(monkeypatch, people, change):
    assert stop_in_a_chunk(monkeypatch, people, change) == []


@pytest.mark.usefixtures("naive")
def test_a_stop_that_does_not_wait_for_the_chunk_is_caught(monkeypatch, people, change):
    assert stop_in_a_chunk(monkeypatch, people, change) != []


# Many workers take up one change, whose lease runs out at once.


def claim_at_once(change) -> list[str]:
    told = together(*[lambda: work.claim(change.pk)] * 8)

    return unlike(sorted(told, key=str), 1, *[None] * 7)


def test_of_many_who_claim_a_change_one_gets_it(change):
    assert claim_at_once(change) == []


@pytest.mark.usefixtures("naive")
def test_claims_without_a_lock_are_caught(monkeypatch, change):
    lease, meet = work._lease, meeting(8)

    def all_have_read():
        meet()
        return lease()

    monkeypatch.setattr(work, "_lease", all_have_read)

    assert claim_at_once(change) != []


def many_workers(log, people, change) -> list[str]:
    """Each claims it from the others as soon as it can, and none of them stumbles."""

    def take_turns() -> str:
        for _ in range(200):
            if (state := work_on(change)) not in (State.QUEUED, State.RUNNING):
                return state
        return "never ended"

    told = together(*[take_turns] * 4)

    entries = CreditEntry.objects.filter(batch=change).count()
    return [
        *unlike(told, *[State.DONE] * 4),
        *unlike([entries], PEOPLE),
        *differences(people, left=107 * PEOPLE),
        *(record.message for record in log.records if record.levelname == "ERROR"),
    ]


def test_many_workers_without_a_lease_do_nothing_twice(caplog, settings, people, change):
    settings.BATCH_LEASE_SECONDS = 0

    assert many_workers(caplog, people, change) == []


@pytest.mark.usefixtures("naive")
def test_many_workers_without_locks_are_caught(monkeypatch, caplog, settings, people, change):
    """Two who begin at one row: the unique key of the entries stops the later one."""
    settings.BATCH_LEASE_SECONDS = 0
    apply, meet = batches.kind_of(change).apply, meeting(2)

    def two_have_begun(batch):
        meet()
        return apply(batch)

    monkeypatch.setattr(batches.kind_of(change), "apply", two_have_begun)

    assert many_workers(caplog, people, change) != []


# A worker wakes after its lease.


def wake_after_the_lease(settings, people, change) -> list[str]:
    settings.BATCH_LEASE_SECONDS = 0
    first = work.claim(change.pk)
    work.chunk(change.pk, first)
    work.chunk(change.pk, work.claim(change.pk))
    try:
        work.chunk(change.pk, first)
    except work.Fenced:
        return differences(people, left=100 * PEOPLE + 7 * 2 * CHUNK)
    return ["the first went on"]


def test_a_worker_that_wakes_after_its_lease_does_nothing(settings, people, change):
    assert wake_after_the_lease(settings, people, change) == []


def test_a_worker_that_does_not_look_at_its_number_is_caught(monkeypatch, settings, people, change):
    def held(batch_id, fence):
        return Batch.objects.select_for_update().get(pk=batch_id)

    monkeypatch.setattr(work, "_held", held)

    assert wake_after_the_lease(settings, people, change) == ["the first went on"]
