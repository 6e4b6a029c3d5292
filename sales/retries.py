"""Trying everything that failed once more."""

from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from customers import bans
from sales.deliveries import WAITING
from sales.models import Delivery, DeliveryState
from sales.models.delivery import UNDER_WAY
from stores import audit
from stores.models import Store, User
from stores.whole import whole


def again_all(*, store: Store, by: User | None) -> int:
    """Queue all that failed once more, by one statement; how many. Left as they are: those whose
    right is gone, and where another is under way or failed later, the earlier one.
    """
    return whole(partial(_queue_all, store, by))


def retriable(store: Store) -> QuerySet[Delivery]:
    """What failed and may be tried again."""
    standing = Delivery.objects.filter(state=DeliveryState.FAILED, purchase__removed_at=None)
    banned = bans.of_store(store).values("customer")
    twin = {"recipient": OuterRef("recipient"), "product": OuterRef("product"), "kind__in": WAITING}
    under_way = Exists(Delivery.objects.filter(state__in=UNDER_WAY, **twin))
    later = Exists(standing.filter(pk__gt=OuterRef("pk"), **twin))
    is_last = ~Q(kind__in=WAITING) | (~Q(under_way) & ~Q(later))
    return standing.filter(is_last, store=store).exclude(recipient__in=banned)


def _queue_all(store: Store, by: User | None) -> int:
    """Another one may be queued between the look and the statement's end: then it looks again."""
    with transaction.atomic():
        queued = retriable(store).update(
            state=DeliveryState.QUEUED, next_at=timezone.now(), ended_at=None, note=""
        )
        if queued:
            changes = {"queued": [0, queued]}
            audit.record(
                store=store, by=by, action="delivery.retry_all", subject=store, changes=changes
            )
    return queued
