"""Deliveries that wait and are not to be made any more."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.models import Purchase
from sales.deliveries import REMOVED
from sales.models import Delivery, DeliveryState
from stores.models import Batch

CALLED_OFF = gettext_noop("the bulk redelivery was stopped")
LOOKS_BACK = dt.timedelta(days=1)


def of_purchase(*, purchase: Purchase, why: str = REMOVED) -> int:
    """Nothing of a purchase is handed over any more; how many deliveries were cancelled."""
    return _cancel(why, purchase=purchase)


def of_batch(batch: Batch) -> int:
    """Nothing that a bulk redelivery queued is handed over any more; how many were cancelled."""
    return _cancel(CALLED_OFF, batch=batch)


def void() -> int:
    """Cancel what waits for a product that was removed within the last day; how many. What was
    removed earlier is cancelled when it would be handed out.
    """
    since = timezone.now() - LOOKS_BACK
    removed = Purchase.objects.filter(removed_at__gte=since)
    return _cancel(REMOVED, purchase__in=removed.values("pk"))


def _cancel(why: str, **which: object) -> int:
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED, **which)
    return rows.update(state=DeliveryState.CANCELLED, ended_at=timezone.now(), note=_(why)[:200])
