"""Trying again what failed: one delivery, or all of them."""

from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import bans
from sales import deliveries
from sales.models import Delivery, DeliveryState
from sales.models.delivery import ONE_AT_A_TIME, UNDER_WAY
from sales.refused import Code, Refused
from stores import audit
from stores.models import Store, User
from stores.whole import whole


def again(*, delivery: Delivery, by: User | None) -> bool:
    """Queue one that failed once more; False where it did not fail, or another is under way.

    Raises Refused where the customer no longer has the right to it.
    """
    is_banned = bans.current(delivery.recipient) is not None
    if why := deliveries.void(delivery, is_banned=is_banned):
        text = _("This is not delivered again: %(why)s.") % {"why": _(why)}
        raise Refused(Code.NOT_OWNED, text)
    try:
        with transaction.atomic():
            queued = _queue(Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED))
            if queued:
                changes = {"state": [DeliveryState.FAILED, DeliveryState.QUEUED]}
                audit.record(
                    store=delivery.store,
                    by=by,
                    action="delivery.retry",
                    subject=delivery,
                    changes=changes,
                )
    except IntegrityError:
        return False
    return bool(queued)


def again_all(*, store: Store, by: User | None) -> int:
    """Queue all that failed once more, by one statement; how many. Left as they are: those whose
    right is gone, and where another is under way or failed later, the earlier one.
    """
    # Another one may be queued between the look and the end of the statement: then it looks again.
    return whole(partial(_queue_all, store, by))


def retriable(store: Store) -> QuerySet[Delivery]:
    """What failed and may be tried again."""
    standing = Delivery.objects.filter(state=DeliveryState.FAILED, purchase__removed_at=None)
    banned = bans.of_store(store).values("customer")
    twin = {
        "recipient": OuterRef("recipient"),
        "product": OuterRef("product"),
        "kind__in": ONE_AT_A_TIME,
    }
    under_way = Exists(Delivery.objects.filter(state__in=UNDER_WAY, **twin))
    later = Exists(standing.filter(pk__gt=OuterRef("pk"), **twin))
    is_last = ~Q(kind__in=ONE_AT_A_TIME) | (~Q(under_way) & ~Q(later))
    return standing.filter(is_last, store=store).exclude(recipient__in=banned)


def _queue_all(store: Store, by: User | None) -> int:
    with transaction.atomic():
        queued = _queue(retriable(store))
        if queued:
            changes = {"queued": [0, queued]}
            audit.record(
                store=store, by=by, action="delivery.retry_all", subject=store, changes=changes
            )
    return queued


def _queue(failed: QuerySet[Delivery]) -> int:
    return failed.update(state=DeliveryState.QUEUED, next_at=timezone.now(), ended_at=None, note="")
