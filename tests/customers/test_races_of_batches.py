"""Buttons of a bulk change pressed at once: applied once, undone once; whoever is late gets an answer."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from customers import books
from stores import batches
from stores.batches import deeds, work
from stores.models import AuditEntry, Batch, State
from tests.changes import applied, chunks_of, credit_change, ended
from tests.clicks import CLICKS, click, signed_in, unequal
from tests.factories import balances, make_customer, make_member, make_store
from tests.naive import unlocked
from tests.together import before, meeting, together

pytestmark = pytest.mark.django_db(transaction=True)
HALF = CLICKS // 2


@pytest.fixture
def people(db):
    store = make_store()
    return [make_customer(store, name, credit=50) for name in ("jane", "joe")]


@pytest.fixture
def manager(people):
    return signed_in(make_member(people[0].store, "manager"))


@pytest.fixture
def owner(people):
    return signed_in(make_member(people[0].store))


@pytest.fixture
def change(people):
    """A preview of 7 more for jane and joe."""
    return credit_change(*people, by=make_member(people[0].store).user, credit=7)


@pytest.fixture
def naive(monkeypatch):
    """All who press a button have read the batch before the first of them goes on."""
    read, meet = deeds._locked, meeting(CLICKS)

    def all_have_read(batch):
        batch = read(batch)
        meet()
        return batch

    monkeypatch.setattr(deeds, "_locked", all_have_read)
    unlocked(monkeypatch, deeds)


def presses(client, batch, button, times=CLICKS):
    return [click(client, f"{batch.get_absolute_url()}{button}/") for _ in range(times)]


def failures(told) -> list[str]:
    """What is no answer to a person: neither that it is done nor why not."""
    return [repr(one) for one in told if isinstance(one, Exception) or one[0] not in (204, 409)]


def differences(people, *, moved: int, **trail: int) -> list[str]:
    """What is not as if each had so much more, and the trail so many lines of a deed."""
    store = people[0].store
    lines = {
        deed: AuditEntry.objects.filter(store=store, action=f"batch.{deed}").count()
        for deed in trail
    }
    left = [balances(person)[0] - 50 for person in people]
    return [
        *([] if lines == trail else [f"the trail says {lines}"]),
        *([] if left == [moved, moved] else [f"they have {left} more"]),
        *(str(one) for one in books.check(store)),
    ]


# Apply is pressed 20 times.


def press_apply(manager, people, change) -> list[str]:
    told = together(*presses(manager, change, "apply"))

    return unequal(told) + differences(people, moved=7, apply=1, done=1)


def test_a_change_applied_20_times_at_once_is_applied_once(manager, people, change):
    assert press_apply(manager, people, change) == []


@pytest.mark.usefixtures("naive")
def test_a_change_applied_without_its_lock_is_caught(manager, people, change):
    assert press_apply(manager, people, change) != []


@pytest.fixture
def large(monkeypatch, change):
    """To apply a change to two is the worker's."""
    monkeypatch.setattr(deeds, "CHUNK", 1)


def queue_apply(manager, people, change) -> list[str]:
    told = together(*presses(manager, change, "apply"))

    queued = DBTaskResult.objects.count()
    found = unequal(told) + differences(people, moved=0, apply=1, done=0)
    ended(change)
    return [
        *found,
        *([] if queued == 1 else [f"queued {queued} times"]),
        *differences(people, moved=7, apply=1, done=1),
    ]


@pytest.mark.usefixtures("large")
def test_a_large_change_applied_20_times_at_once_is_queued_once(manager, people, change):
    assert queue_apply(manager, people, change) == []


@pytest.mark.usefixtures("naive", "large")
def test_a_large_change_applied_without_its_lock_is_caught(manager, people, change):
    assert "queued 20 times" in queue_apply(manager, people, change)


# Undo is pressed 20 times.


def press_undo(manager, people, change) -> list[str]:
    told = together(*presses(manager, change, "undo"))

    undos = Batch.objects.filter(undoes=change).count()
    return [
        *unequal(told),
        *([] if undos == 1 else [f"{undos} undos"]),
        *differences(people, moved=0, undo=1, done=2),
    ]


def test_a_change_undone_20_times_at_once_is_undone_once(manager, people, change):
    applied(change)

    assert press_undo(manager, people, change) == []


def test_a_change_undone_without_its_lock_is_caught(monkeypatch, manager, people, change):
    applied(change)
    kind = batches.kind_of(change)
    title, meet = kind.undo_title, meeting(CLICKS)

    def all_have_looked(batch):
        meet()
        return title(batch)

    monkeypatch.setattr(kind, "undo_title", all_have_looked)
    unlocked(monkeypatch, deeds)

    assert press_undo(manager, people, change) != []


# One applies, another stops it.


def apply_and_stop(manager, owner, people, change) -> list[str]:
    told = together(
        *presses(manager, change, "apply", HALF), *presses(owner, change, "cancel", HALF)
    )

    change.refresh_from_db()
    done = change.state == State.DONE
    return [
        *failures(told),
        *([] if done or change.state == State.CANCELLED else [change.state]),
        *differences(people, moved=7 * done, done=done, cancel=not done),
    ]


def test_of_two_who_apply_and_stop_one_wins(manager, owner, people, change):
    assert apply_and_stop(manager, owner, people, change) == []


@pytest.mark.usefixtures("naive")
def test_applying_and_stopping_without_the_lock_is_caught(manager, owner, people, change):
    assert apply_and_stop(manager, owner, people, change) != []


# One lets a change go on that stopped half-way, another undoes it.


@pytest.fixture
def half(monkeypatch, change):
    """Jane has hers, joe has not, and the rest would be the worker's."""
    chunks_of(monkeypatch, 1)
    batches.apply(batch=change, by=change.by)
    assert work.chunk(change.pk, work.claim(change.pk))
    batches.cancel(batch=change, by=change.by)
    return change


def go_on_and_undo(manager, owner, people, half) -> list[str]:
    told = together(*presses(manager, half, "resume", HALF), *presses(owner, half, "undo", HALF))

    undos = [ended(one) for one in Batch.objects.filter(undoes=half)]
    ended(half)
    return failures(told) + differences(people, moved=0 if undos else 7, undo=len(undos))


def test_a_change_goes_on_or_is_undone(manager, owner, people, half):
    assert go_on_and_undo(manager, owner, people, half) == []


def test_going_on_and_undoing_without_the_lock_is_caught(request, manager, owner, people, half):
    request.getfixturevalue("naive")

    assert go_on_and_undo(manager, owner, people, half) != []


# An old plan is thrown away while somebody applies it.


@pytest.fixture
def old(change):
    Batch.objects.update(created_at=timezone.now() - dt.timedelta(days=2))
    return change


def apply_what_is_thrown_away(patch, manager, people, old) -> list[str]:
    (press,) = presses(manager, old, "apply", 1)
    pressed = before(patch, batches.kind_of(old), "planned", press)

    thrown_away = batches.purge()

    return [
        *([] if thrown_away == 1 else ["it was kept"]),
        *([] if str(pressed()).startswith("(404") else [repr(pressed())]),
        *differences(people, moved=0, apply=0),
    ]


def test_a_plan_that_is_thrown_away_is_not_applied(monkeypatch, manager, people, old):
    assert apply_what_is_thrown_away(monkeypatch, manager, people, old) == []


def test_a_plan_thrown_away_without_the_lock_is_caught(monkeypatch, manager, people, old):
    unlocked(monkeypatch, deeds)

    with pytest.raises(IntegrityError):
        apply_what_is_thrown_away(monkeypatch, manager, people, old)


def throw_away_what_is_applied(patch, manager, people, old) -> list[str]:
    (press,) = presses(manager, old, "apply", 1)
    told = []
    throw_away = deeds._purge

    def pressed_before(rows, key):
        told.append(press())
        return throw_away(rows, key)

    patch.setattr(deeds, "_purge", pressed_before)

    thrown_away = batches.purge()

    return [
        *([] if thrown_away == 0 else ["it was thrown away"]),
        *failures(told),
        *differences(people, moved=7, apply=1, done=1),
    ]


def test_a_plan_that_is_applied_is_not_thrown_away(monkeypatch, manager, people, old):
    assert throw_away_what_is_applied(monkeypatch, manager, people, old) == []


def test_a_plan_that_is_not_looked_at_again_is_caught(monkeypatch, manager, people, old):
    throw_away = deeds._purge
    monkeypatch.setattr(
        deeds, "_purge", lambda rows, key: throw_away(Batch.objects.filter(pk=key), key)
    )

    with pytest.raises(IntegrityError):
        throw_away_what_is_applied(monkeypatch, manager, people, old)
