"""Bans: who may not buy, have goods delivered or use credit. History and balances stay."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import figures
from customers.models import Ban, Customer
from customers.models.ban import STANDING
from stores import audit
from stores.models import Store, User


class BannedBefore(ValueError):
    """The customer is banned already. Nothing has changed."""


def ban(
    *, customer: Customer, reason: str, by: User | None, until: dt.datetime | None = None
) -> Ban:
    """Keep a customer out, for good or until that moment. Locks the customer.

    Raises BannedBefore.
    """
    with transaction.atomic():
        figures.lock_customers([customer.pk])
        standing = Ban.objects.filter(STANDING, customer=customer).first()
        if standing is not None and standing.holds:
            raise BannedBefore(
                _("%(customer)s is banned already.") % {"customer": customer.username}
            )
        if standing is not None:
            Ban.objects.filter(pk=standing.pk).update(lifted_at=standing.until)
        made = Ban.objects.create(
            store_id=customer.store_id, customer=customer, reason=reason, until=until, by=by
        )
        changes = {"reason": [None, reason], "until": [None, until and until.isoformat()]}
        audit.record(
            store=customer.store, by=by, action="customer.ban", subject=customer, changes=changes
        )
    return made


def lift(*, customer: Customer, by: User | None) -> bool:
    """Let a banned customer in again; False if there is no ban that holds. Locks the customer."""
    with transaction.atomic():
        figures.lock_customers([customer.pk])
        standing = Ban.objects.filter(STANDING, customer=customer).first()
        if standing is None or not standing.holds:
            return False
        standing.lifted_at, standing.lifted_by = timezone.now(), by
        standing.save(update_fields=["lifted_at", "lifted_by"])
        audit.record(
            store=customer.store,
            by=by,
            action="customer.unban",
            subject=customer,
            changes={"reason": [standing.reason, None]},
        )
    return True


def current(customer: Customer) -> Ban | None:
    """The ban that keeps the customer out now."""
    return Ban.objects.filter(holding(), customer=customer).first()


def latest(customer: Customer, limit: int) -> list[Ban]:
    """Their bans with who gave and who lifted each, the latest first: one that holds leads."""
    return list(Ban.objects.filter(customer=customer).select_related("by", "lifted_by")[:limit])


def banned(store: Store, keys: Iterable[int]) -> set[int]:
    """Those of the customers that are banned now."""
    rows = Ban.objects.filter(holding(), store=store, customer__in=list(keys))
    return set(rows.order_by().values_list("customer_id", flat=True))


def of_store(store: Store) -> QuerySet[Ban]:
    """The bans of a store that hold now."""
    return Ban.objects.filter(holding(), store=store)


def holding() -> Q:
    """What tells a ban that holds at this moment."""
    return STANDING & (Q(until=None) | Q(until__gt=timezone.now()))
