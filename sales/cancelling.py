"""Deliveries that wait and are not to be made any more."""

from django.utils import timezone

from customers.models import Purchase
from sales.deliveries import REMOVED
from sales.models import Delivery, DeliveryState
from stores.models import Batch

CALLED_OFF = "the bulk redelivery was stopped"
AT_ONCE = 1_000


def of_purchase(*, purchase: Purchase, why: str = REMOVED) -> int:
    """Nothing of a purchase is handed over any more; how many deliveries were cancelled."""
    return _cancel(why, purchase=purchase)


def of_batch(batch: Batch) -> int:
    """Nothing that a bulk redelivery queued is handed over any more; how many were cancelled."""
    return _cancel(CALLED_OFF, batch=batch)


def void() -> int:
    """Cancel what waits for a product that was removed meanwhile; how many."""
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED, purchase__removed_at__isnull=False)
    return _cancel(REMOVED, pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE]))


def _cancel(why: str, **which: object) -> int:
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED, **which)
    return rows.update(state=DeliveryState.CANCELLED, ended_at=timezone.now(), note=why[:200])
