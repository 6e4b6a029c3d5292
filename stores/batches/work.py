"""The work on batches: chunks under a lease, each whole or not at all.

A worker holds a batch by a lease and a number that every claim raises. Each chunk locks the batch
row and compares the number, so a worker that was killed loses nothing, and one that wakes after its
lease does nothing.
"""

import datetime as dt
import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stores import audit
from stores.batches.kinds import CHUNK, BatchRefused, kind_of
from stores.bulk import tell_size
from stores.models import Batch, Member, Outcome, State
from stores.models.batch import WORKING

logger = logging.getLogger(__name__)

# SQLite has one writer, and who waits for their turn asks every 0.1 s: each time the worker has
# worked for so long it stands back for longer than that.
PAUSE_SECONDS = 0.11
WORK_SECONDS = 0.5
FAILED = gettext_noop(
    "Something went wrong on our side; what was done until then stands and can be undone."
)


class Fenced(Exception):
    """The batch is no longer ours: another worker took it over, or it was cancelled."""


def run(batch_id: int, *, seconds: float) -> bool:
    """Work on a batch for about so long; whether there is more to do. Does nothing while another
    worker holds it.
    """
    fence = claim(batch_id)
    if fence is None:
        return False
    started = stood_back = time.monotonic()
    try:
        while chunk(batch_id, fence):
            now = time.monotonic()
            if now - started >= seconds:
                release(batch_id, fence)
                return True
            if connection.vendor == "sqlite" and now - stood_back >= WORK_SECONDS:
                time.sleep(PAUSE_SECONDS)
                stood_back = time.monotonic()
    except Fenced:
        logger.info("batch %s went on elsewhere", batch_id)
    except BatchRefused as refused:
        fail(batch_id, fence, str(refused))
    except Exception as error:
        logger.exception("batch %s stopped", batch_id)
        _stop(batch_id, fence, error)
    return False


def claim(batch_id: int) -> int | None:
    """Take the lease of a batch that nobody holds; its new number, or None."""
    with transaction.atomic():
        rows = Batch.objects.select_for_update(skip_locked=connection.vendor == "postgresql")
        batch = rows.filter(pk=batch_id, state__in=WORKING, lease_until__lte=timezone.now()).first()
        if batch is None:
            return None
        batch.fence += 1
        batch.lease_until = _lease()
        if batch.state == State.QUEUED:
            batch.state = State.RUNNING
        batch.save(update_fields=["fence", "lease_until", "state"])
        return batch.fence


def release(batch_id: int, fence: int) -> None:
    """Give the lease back before its time, for whoever goes on."""
    Batch.objects.filter(pk=batch_id, fence=fence).update(lease_until=timezone.now())


def chunk(batch_id: int, fence: int) -> bool:
    """One chunk with its progress; whether there is more. Raises Fenced, with nothing done.

    Locks the batch, then what its kind locks.
    """
    with _collector_at_rest(), transaction.atomic():
        batch = _held(batch_id, fence)
        if not _may(batch):
            text = _("%(name)s may no longer do this.")
            _end(batch, State.FAILED, failure=text % {"name": batch.by})
            return False
        return step(batch)


def step(batch: Batch) -> bool:
    """The next chunk of a batch that the caller has locked; whether there is more."""
    kind = kind_of(batch)
    planning = batch.state == State.DRAFT
    batch.state = State.DRAFT if planning else State.RUNNING
    if not planning and 0 < batch.handled <= CHUNK:
        tell_size(*kind.work_fills)
    done = kind.plan(batch) if planning else kind.apply(batch)
    for name, number in done.counts.items():
        batch.counts[name] = batch.counts.get(name, 0) + number
    if planning:
        batch.planned += done.rows
    else:
        batch.handled += done.rows
    if done.rows:
        batch.cursor = done.cursor
    elif planning:
        _end_plan(batch)
    else:
        _end(batch, State.DONE)
    batch.lease_until = _lease() if batch.is_working else timezone.now()
    batch.keep()
    return batch.is_working


def fail(batch_id: int, fence: int, failure: str) -> None:
    """End a batch that cannot go on, unless somebody else holds it."""
    with transaction.atomic():
        try:
            _end(_held(batch_id, fence), State.FAILED, failure=failure)
        except Fenced:
            return


def abandoned() -> list[int]:
    """The batches that nobody has worked on for a while, their worker being gone; each is given
    out once in that while. A batch queued twice is worked on once.
    """
    now = timezone.now()
    patience = dt.timedelta(seconds=settings.BATCH_PATIENCE_SECONDS)
    gone = Batch.objects.filter(state__in=WORKING, lease_until__lt=now - patience)
    keys = gone.values_list("pk", flat=True)[:100]
    return [key for key in list(keys) if gone.filter(pk=key).update(lease_until=now)]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A chunk makes very many values and no rings of them: to look for rings meanwhile would take
    a sixth of its time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _stop(batch_id: int, fence: int, error: Exception) -> None:
    """Leave a batch to whoever takes it up where the trouble passes; else end it."""
    if _passes(error):
        with suppress(OperationalError, InterfaceError):
            release(batch_id, fence)
    else:
        fail(batch_id, fence, _(FAILED))


def _passes(error: Exception) -> bool:
    """Whether it is the trouble of a moment: a lock, a lost connection."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return connection.vendor != "sqlite" or "locked" in str(error)


def _held(batch_id: int, fence: int) -> Batch:
    batch = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("store", "by")
        .filter(pk=batch_id, fence=fence, state__in=WORKING)
        .first()
    )
    if batch is None:
        raise Fenced
    return batch


def _may(batch: Batch) -> bool:
    """Whether the person who asked still may; asked again at each chunk."""
    if batch.by is None:
        return True
    member = Member.objects.filter(store=batch.store, user=batch.by, user__is_active=True).first()
    return member is not None and member.may(kind_of(batch).right)


def _end_plan(batch: Batch) -> None:
    """The plan is whole. What is confirmed, such as an undo, goes on to its work."""
    kind = kind_of(batch)
    if batch.planned > CHUNK:
        tell_size(*kind.plan_fills)
    batch.counts |= {"planned": batch.planned, **kind.totals(batch)}
    batch.cursor = 0
    batch.state = State.RUNNING if batch.confirmed_at else State.PREVIEWED


def outcomes(batch: Batch) -> dict[str, int]:
    """How many rows that were worked on came to less than was asked, by outcome."""
    kind = kind_of(batch)
    if not batch.is_planned:
        return {}
    rows = kind.planned(batch).filter(**{f"{kind.target}__lte": batch.cursor})
    less = rows.exclude(outcome=Outcome.WHOLE).values_list("outcome")
    found = dict(less.annotate(number=Count("pk")).order_by())
    return {one.value: found.get(one, 0) for one in (Outcome.SHORT, Outcome.LEFT_OUT)}


def _end(batch: Batch, state: State, *, failure: str = "") -> None:
    batch.state = state
    batch.counts |= outcomes(batch)
    batch.failure = failure[:300]
    batch.ended_at = timezone.now()
    batch.keep()
    audit.record(
        store=batch.store,
        by=batch.by,
        action=f"batch.{state}",
        subject=batch,
        changes={"title": batch.title, "handled": batch.handled},
    )


def _lease() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=settings.BATCH_LEASE_SECONDS)
