"""Discounts that customers keep from an earlier ladder: kept when it changes, cleared by hand."""

from django.db import connection, transaction
from django.utils import timezone

from loyalty.models import KeptDiscount, Settings
from loyalty.standing import Ladder, percent
from stores import audit
from stores.models import Store, User


def keep(*, store: Store, old: Ladder, new: Ladder) -> int:
    """Write down the old discount of each customer who gets less from the new ladder; how many were
    written. A larger one that somebody has kept stays.

    Part of the transaction of saving a ladder. Set-based.
    """
    (was, was_params), (will, will_params) = percent(old), percent(new)
    sql = _KEEP.format(was=was, will=will)
    moment = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, *was_params, *will_params, store.pk])
        return cursor.rowcount


def clear(*, store: Store, by: User | None) -> int:
    """Let go of all kept discounts of a store; how many there were."""
    with transaction.atomic():
        count, _ = KeptDiscount.objects.filter(store=store).delete()
        if count:
            settings, _ = Settings.objects.get_or_create(store=store)
            audit.record(
                store=store,
                by=by,
                action="kept_discounts.clear",
                subject=settings,
                changes={"kept": [count, 0]},
            )
    return count


# In the order of the keys, in which everybody locks customers.
_KEEP = """
INSERT INTO loyalty_keptdiscount (customer_id, store_id, discount, kept_at)
SELECT id, store_id, was, %s FROM (
    SELECT c.id, c.store_id, {was} AS was, {will} AS will
    FROM customers_customer c WHERE c.store_id = %s
) got WHERE was > will ORDER BY id
ON CONFLICT (customer_id) DO UPDATE SET discount = excluded.discount, kept_at = excluded.kept_at
WHERE excluded.discount > loyalty_keptdiscount.discount
"""
