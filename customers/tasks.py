"""What the worker does for customers."""

from django.core.cache import cache
from django_tasks import task

from customers import figures
from stores.models import Store

ASK_AGAIN_SECONDS = 300


@task()
def roll_year(store_id: int) -> int:
    """Roll the year of a store up to its today; the number of days rolled."""
    return figures.roll(Store.objects.get(pk=store_id))


def keep_year(store: Store) -> bool:
    """Roll the year by the day that has passed; leave a longer gap to the worker. Whether figures
    lag behind today.
    """
    behind = (store.today() - figures.through(store)).days
    if behind == 1:
        figures.roll(store)
    if behind <= 1:
        return False
    if cache.add(f"roll:{store.pk}:{store.today()}", True, ASK_AGAIN_SECONDS):
        roll_year.enqueue(store.pk)
    return True
