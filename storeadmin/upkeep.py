"""What is due without being asked for: batches whose worker is gone, old previews, files that were
sent, quotes that were never used, old answers of the vendor API, deliveries, the day of each store.
"""

import datetime as dt

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from customers import book_checks
from customers.tasks import daily
from loyalty import quotes
from sales import cancelling, posting, rates
from sales.api import idempotency
from stores import batches, uploads
from stores.models import Store

MINUTE = 60
HOUR = 3600
QUARTER = 900
# How long a quote that ran out can still be looked at.
QUOTES_KEPT = dt.timedelta(days=1)


def look() -> None:
    """Look once: cheap, so it is done every few seconds."""
    batches.take_up_abandoned()
    if cache.add("upkeep:previews", True, HOUR):
        batches.purge()
        uploads.sweep()
    if cache.add("upkeep:quotes", True, HOUR):
        quotes.sweep(before=timezone.now() - QUOTES_KEPT)
    if cache.add("upkeep:answers", True, HOUR):
        idempotency.sweep(before=timezone.now() - idempotency.KEPT)
        rates.sweep()
    if cache.add("upkeep:void", True, MINUTE):
        cancelling.void()
    if cache.add("upkeep:days", True, QUARTER):
        begin_days()


def hand_over() -> None:
    """Post deliveries to boxes: apart from all else, since a box may take its time."""
    posting.post_due()


def begin_days() -> int:
    """Queue the daily work of the stores where a new day has begun; how many."""
    due = [store.pk for store in Store.objects.all() if book_checks.is_due(store)]
    for key in due:
        begin_day.enqueue(key)
    return len(due)


@task()
def begin_day(store_id: int) -> bool:
    """The daily work of one store; whether it was due."""
    return daily(Store.objects.get(pk=store_id))
