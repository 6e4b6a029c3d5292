"""Posting what is due to the delivery boxes that can be reached: one box of a store, one delivery
after the other, for a while.
"""

import json
import time
from contextlib import suppress

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sales import deliveries
from sales.models import Box, Delivery
from sales.models.delivery import UNDER_WAY
from sales.refused import Refused
from stores import outgoing
from stores.outgoing import BOX, Reply

NOT_FOUND = 404
# A box is not kept busy for longer: others wait, and what is left is posted at the next look.
AT_ONCE = 5
SECONDS = 20.0


def post_due(*, seconds: float = SECONDS) -> int:
    """Post what is due to a live box of each store, for about so long; how many were taken.

    No transaction is open while a box is waited for.
    """
    until = time.monotonic() + seconds
    seen: set[int] = set()
    taken = 0
    for box in _waited_for():
        if time.monotonic() >= until:
            break
        if box.store_id not in seen:
            seen.add(box.store_id)
            taken += _post_to(box, until)
    return taken


def _waited_for() -> QuerySet[Box]:
    """Live boxes of the stores where something is due: those that answer first, and of these in no
    order, so that none is always the last.
    """
    due = Delivery.objects.filter(
        store=OuterRef("store"), state__in=UNDER_WAY, next_at__lte=timezone.now()
    )
    boxes = Box.objects.filter(Exists(due), gone_at=None).select_related("store")
    return boxes.order_by("failures", "?")


def _post_to(box: Box, until: float) -> int:
    """Post to one box until it has had its share or fails; how many it took. One that failed
    before is given one to begin with.
    """
    taken = 0
    for _turn in range(1 if box.failures else AT_ONCE):
        due = deliveries.take_up(store=box.store, limit=1)
        if not due or not _hand(due[0], box):
            break
        taken += 1
        if time.monotonic() >= until:
            break
    return taken


def _hand(delivery: Delivery, box: Box) -> bool:
    """One try; whether the box took it."""
    try:
        reply = outgoing.post(
            box.url, purpose=BOX, body=_said(delivery), headers={"Content-Type": "application/json"}
        )
    except (outgoing.Refused, outgoing.Unreachable) as reason:
        _missed(delivery, box, str(reason))
        return False
    if not reply.ok:
        _missed(delivery, box, _why(reply), status=reply.status)
        return False
    Box.objects.filter(pk=box.pk, failures__gt=0).update(failures=0)
    deliveries.keep_attempt(delivery, note=_("taken"), box=box, status=reply.status)
    if _is_done(reply):
        # It may have been cancelled while the box had it.
        with suppress(Refused):
            deliveries.report(delivery=delivery, done=True)
    return True


def _said(delivery: Delivery) -> bytes:
    recipient = delivery.recipient
    told = {
        "delivery": delivery.pk,
        "product": delivery.product.name,
        "recipient": str(recipient.uuid) if recipient.uuid else None,
        "name": recipient.username,
        "quantity": delivery.quantity,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _missed(delivery: Delivery, box: Box, why: str, *, status: int | None = None) -> None:
    """The box did not take it: it is tried again later, and a box that is not there any more is
    not asked again until it registers.
    """
    deliveries.keep_attempt(delivery, note=why, box=box, status=status)
    rows = Box.objects.filter(pk=box.pk, registered_at=box.registered_at)
    if status == NOT_FOUND:
        rows.update(gone_at=timezone.now())
    else:
        rows.update(failures=F("failures") + 1)
    deliveries.postpone(delivery=delivery, why=why)


def _why(reply: Reply) -> str:
    if reply.status == NOT_FOUND:
        return _("the box is gone: it has to register again")
    return _("the box answered %(status)s") % {"status": reply.status}


def _is_done(reply: Reply) -> bool:
    """Whether the box says that it handed it over at once."""
    try:
        said = json.loads(reply.body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("state") == "delivered"
