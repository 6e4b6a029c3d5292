"""The calendar of a store: which days its purchases count on."""

from django.db import transaction

from customers import figures
from stores import audit
from stores.models import Store, User


def change_time_zone(*, store: Store, time_zone: str, by: User | None) -> bool:
    """Move a store to another time zone: each purchase counts on its day there, and Spent -1Y is
    summed anew. False if it is no change.

    Locks the window, then writes purchases and customers of the whole store.
    """
    before = Store.objects.values_list("time_zone", flat=True).get(pk=store.pk)
    if time_zone == before:
        return False
    with transaction.atomic():
        figures.move_window(store, time_zone=time_zone)
        Store.objects.filter(pk=store.pk).update(time_zone=time_zone)
        changes = {"time_zone": [before, time_zone]}
        audit.record(store=store, by=by, action="store.time_zone", subject=store, changes=changes)
    return True
