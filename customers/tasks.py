"""What the worker does for customers."""

import datetime as dt
from contextlib import suppress

from django.core.cache import cache
from django.db import OperationalError
from django_tasks import task

from customers import book_checks, closing, figures, liability, portraits, turnover
from customers.models import Customer
from stores.models import Store

ASK_AGAIN_SECONDS = 300
HOUR = 3600


@task()
def roll_year(store_id: int) -> int:
    """Roll the year of a store up to its today; the number of days rolled."""
    return figures.roll(Store.objects.get(pk=store_id))


@task()
def check_books(store_id: int) -> int:
    """Close the days that are over and check the books of a store; how many differences."""
    store = Store.objects.get(pk=store_id)
    liability.close_days(store)
    closing.close_days(store)
    return book_checks.run(store).differences


@task()
def close_days(store_id: int) -> int:
    """Add up what was bought on days that are over or have changed; how many months."""
    return closing.close_days(Store.objects.get(pk=store_id))


@task(priority=-10)
def look_up_portrait(customer_id: int) -> str:
    """Look the picture of a customer up, if that still is due; what came of it."""
    customer = Customer.objects.select_related("store", "portrait").filter(pk=customer_id).first()
    if customer is None or not portraits.is_due(customer) or cache.get(portraits.AWAY):
        return ""
    return portraits.look_up(customer=customer)


def daily(store: Store) -> bool:
    """What is done for a store once a day: the year rolls, days are closed, the books are checked.
    Whether it was due; asking again the same day changes nothing.
    """
    if not book_checks.is_due(store):
        return False
    figures.roll(store)
    liability.close_days(store)
    closing.close_days(store)
    book_checks.run(store)
    return True


def keep_books(store: Store) -> bool:
    """Check the books at once where that is quick, else by the worker; whether it is done."""
    if book_checks.is_quick(store):
        check_books.call(store.pk)
        return True
    if cache.add(f"check:{store.pk}", True, ASK_AGAIN_SECONDS):
        check_books.enqueue(store.pk)
    return False


def keep_turnover(store: Store, first: dt.date, last: dt.date) -> turnover.Days:
    """What was bought on the days of a period; what is too much for a page to add up is left to
    the worker.
    """
    days = turnover.read(store, first, last)
    if days.behind and cache.add(f"turnover:{store.pk}", True, ASK_AGAIN_SECONDS):
        close_days.enqueue(store.pk)
    return days


def keep_portrait(customer: Customer) -> None:
    """Have the picture of a customer looked up by the worker, if it is due: whoever opens their
    profile asks, or sells to them for the first time.
    """
    if portraits.is_due(customer) and cache.add(f"portrait:{customer.pk}", True, HOUR):
        # No page waits for it, nor fails with it.
        with suppress(OperationalError):
            look_up_portrait.enqueue(customer.pk)


def keep_year(store: Store, *, through: dt.date | None = None) -> dt.date | None:
    """Roll the year by the day that has passed, before figures are read; leave a longer gap to the
    worker. The day that the figures stand at where they lag behind today. `through` is how far it
    has rolled, where the caller has read that.
    """
    through = through or figures.through(store)
    behind = (store.today() - through).days
    if behind == 1:
        figures.roll(store)
    if behind <= 1:
        return None
    if cache.add(f"roll:{store.pk}:{store.today()}", True, ASK_AGAIN_SECONDS):
        roll_year.enqueue(store.pk)
    return through
