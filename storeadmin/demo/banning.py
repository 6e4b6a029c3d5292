"""The one customer of the demo store who is banned."""

import datetime as dt
from typing import Any

from customers.models import Ban, Customer
from storeadmin.demo.catalogue import read
from storeadmin.demo.plan import Plan
from storeadmin.demo.trail import Written
from stores.models import AuditEntry, Store, User


def write(plan: Plan, written: Written, *, store: Store, users: dict[str, User]) -> None:
    """The buyer who came last before the ban, and never again; and the trail."""
    said: dict[str, Any] = read("history.toml")["ban"]
    at = plan.evening_before(plan.today - dt.timedelta(days=said["days_ago"]))
    customer = written.customers[_last_seen_before(plan, at)]
    Ban.objects.create(
        store=store, customer=customer, reason=said["reason"], at=at, by=users["manager"]
    )
    AuditEntry.objects.create(
        store=store,
        at=at,
        by=users["manager"],
        action="customer.ban",
        subject_type=str(Customer._meta.model_name),
        subject_id=customer.pk,
        changes={"reason": [None, said["reason"]], "until": [None, None]},
    )


def _last_seen_before(plan: Plan, at: dt.datetime) -> int:
    """The place of the buyer with the latest purchase of all whose last one is older than that."""
    latest: dict[int, dt.datetime] = {}
    for line in plan.lines:
        for place in (line.payer, line.recipient):
            latest[place] = max(line.at, latest.get(place, line.at))
    owners = set(plan.buyers()[:10])
    gone = [
        (moment, place)
        for place, moment in latest.items()
        if moment < at and place in plan.buyers() and place not in owners
    ]
    return max(gone)[1]
