"""What people do with batches: draft, apply, cancel, undo, go on, do again, throw away."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stores import audit
from stores.batches import work
from stores.batches.kinds import CHUNK, BatchKind, BatchRefused, kind_of
from stores.batches.tasks import run_batch
from stores.models import Batch, State, Store, User
from stores.models.batch import ENDED, WORKING
from stores.paging import Count

KEPT = dt.timedelta(days=1)


def draft(
    *,
    store: Store,
    kind: BatchKind,
    title: str,
    asked: dict[str, Any],
    by: User | None,
    targets: Count,
) -> Batch:
    """Plan a change of about so many `targets`: a chunk or less at once, more by the worker.

    Raises BatchRefused.
    """
    batch = Batch(store=store, kind=kind.name, title=title[:200], asked=asked, by=by)
    return _begin(batch, targets)


def carry_out(
    *,
    store: Store,
    kind: BatchKind,
    title: str,
    asked: dict[str, Any],
    by: User | None,
    targets: Count,
) -> Batch:
    """Plan a change and apply it, without a preview: a chunk or less at once, more by the worker.

    Raises BatchRefused.
    """
    batch = Batch(store=store, kind=kind.name, title=title[:200], asked=asked, by=by)
    batch.confirmed_at = timezone.now()
    return _begin(batch, targets)


def apply(*, batch: Batch, by: User | None) -> Batch:
    """Apply a previewed batch, once however often it is asked: a chunk or less at once, more by the
    worker. Locks the batch.

    Raises BatchRefused where it was cancelled or is not planned yet.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.state in (State.DRAFT, State.CANCELLED):
            raise BatchRefused(
                _("This change is %(state)s: it cannot be applied.")
                % {"state": batch.get_state_display()}
            )
        if batch.state == State.PREVIEWED:
            if refusal := kind_of(batch).refusal(batch):
                raise BatchRefused(refusal)
            batch.by = by
            batch.confirmed_at = timezone.now()
            _go(batch, action="batch.apply")
    return batch


def lock_preview(batch: Batch) -> Batch:
    """A batch, locked, that nobody has applied yet. Raises BatchRefused for any other."""
    batch = _locked(batch)
    if batch.state != State.PREVIEWED:
        raise BatchRefused(
            _("This change is %(state)s: its plan stands.") % {"state": batch.get_state_display()}
        )
    return batch


def undo(*, batch: Batch, by: User | None) -> Batch:
    """Give back what a batch that has ended moved, by a batch of its own; asked again, the same
    one. Locks the batch.

    Raises BatchRefused for an undo, and for a kind or a state that cannot be undone.
    """
    kind = kind_of(batch)
    with transaction.atomic():
        batch = _locked(batch)
        twin = Batch.objects.filter(undoes=batch).select_related("store", "by").first()
        if twin is not None:
            return twin
        if batch.undoes_id or not kind.undo_kind:
            raise BatchRefused(_("An undo is not undone: do the change again instead."))
        if batch.state not in ENDED or not batch.handled:
            raise BatchRefused(_("There is nothing to undo yet."))
        undoing = Batch.objects.create(
            store=batch.store,
            kind=kind.undo_kind,
            title=kind.undo_title(batch),
            by=by,
            undoes=batch,
            confirmed_at=timezone.now(),
        )
        _work(undoing, at_once=batch.handled <= CHUNK)
        _trace(batch, by, "batch.undo", {"undone_by": [None, undoing.pk]})
    return undoing


def cancel(*, batch: Batch, by: User) -> Batch:
    """Stop a batch after the chunk under way; what was done stands and can be undone. Ended ones
    stay as they are, save what they have set going, which is called off. Locks the batch.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if called_off := kind_of(batch).call_off(batch):
            _trace(batch, by, "batch.call_off", {"called_off": [0, called_off]})
        if batch.state not in ENDED:
            before = batch.state
            batch.state = State.CANCELLED
            batch.ended_at = timezone.now()
            batch.counts |= work.outcomes(batch)
            batch.save(update_fields=["state", "ended_at", "counts"])
            _trace(batch, by, "batch.cancel", {"state": [before, batch.state]})
    return batch


def resume(*, batch: Batch, by: User) -> Batch:
    """Let a failed or cancelled batch go on where it stopped, unless it is undone. Locks the batch.

    Raises BatchRefused.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.state not in (State.FAILED, State.CANCELLED) or batch.confirmed_at is None:
            raise BatchRefused(_("Only a change that stopped half-way can go on."))
        if Batch.objects.filter(undoes=batch).exists():
            raise BatchRefused(_("This change was undone: do it again instead."))
        batch.by = by
        batch.failure = ""
        batch.ended_at = None
        _go(batch, action="batch.resume")
    return batch


def again(*, batch: Batch, by: User) -> Batch:
    """Draft the change of a batch that has ended anew, for whoever it is for now.

    Raises BatchRefused.
    """
    if not batch.has_ended or not kind_of(batch).can_do_again:
        raise BatchRefused(_("Only a change that has ended is done again."))
    return kind_of(batch).again(batch, by)


def at_work(*, store: Any) -> QuerySet[Batch]:
    """The confirmed batches of a store that a worker is to end: those that run first, then by age,
    latest first. Found by state, of which few are at work.
    """
    rows = Batch.objects.filter(store=store, state__in=WORKING, confirmed_at__isnull=False)
    return rows.order_by("-state", "-pk")


def purge() -> int:
    """Throw away plans that nobody confirmed for a day; how many."""
    old = Batch.objects.filter(
        confirmed_at=None, undoes=None, created_at__lt=timezone.now() - KEPT
    ).exclude(state=State.DONE)
    return sum(_purge(old, key) for key in list(old.values_list("pk", flat=True)))


def _purge(old: QuerySet[Batch], key: int) -> bool:
    """Throw one away, unless somebody has confirmed it by now."""
    with transaction.atomic():
        batch = old.filter(pk=key).select_for_update(of=("self",)).first()
        if batch is None:
            return False
        kind_of(batch).throw_away(batch)
        batch.delete()
    return True


def _go(batch: Batch, *, action: str) -> None:
    """Let a locked batch go on with its work, or with its plan where it stopped in that."""
    before = batch.state
    planning = not batch.is_planned
    batch.state = State.DRAFT if planning else State.QUEUED
    batch.lease_until = timezone.now()
    batch.keep()
    _trace(batch, batch.by, action, {"state": [before, batch.state]})
    _work(batch, at_once=not planning and batch.planned - batch.handled <= CHUNK)


def _begin(batch: Batch, targets: Count) -> Batch:
    with transaction.atomic():
        batch.save()
        _work(batch, at_once=targets.exact and targets.value <= CHUNK)
    return batch


def _work(batch: Batch, *, at_once: bool) -> None:
    """Work a small batch off within the caller's transaction: who presses the button meanwhile
    waits for its end and is told the same. A large one is the worker's.
    """
    if not at_once:
        run_batch.enqueue(batch.pk)
        return
    while work.step(batch):
        continue


def _locked(batch: Batch) -> Batch:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("store", "by")
    found = rows.filter(pk=batch.pk, store=batch.store_id).first()
    if found is None:
        raise BatchRefused(_("This plan was thrown away: nobody had confirmed it for a day."))
    return found


def _trace(batch: Batch, by: User | None, action: str, changes: dict[str, Any]) -> None:
    audit.record(store=batch.store, by=by, action=action, subject=batch, changes=changes)
