"""Consent to the news, as somebody gives or withdraws it themself in-world."""

from django.db import transaction
from django.utils import timezone

from customers import figures, identity, profiles
from customers.identity import Person
from customers.models import Customer
from customers.models.customer import Consent
from stores import audit
from stores.models import Store, User


class Unclear(ValueError):
    """Name and uuid are not one customer's. Nothing has changed."""


def hear(*, store: Store, person: Person, wants: bool, by: User | None) -> Customer:
    """Write down that somebody wants the news, or no longer; who is no customer becomes one. Only
    another word of theirs lifts an opt-out, or an explicit tick.

    Locks the customer. Raises Unclear.
    """
    with transaction.atomic():
        found = identity.find_or_make(store=store, people=[person], by=by)
        for refusal in found.refusals.values():
            raise Unclear(refusal.reason)
        key = found.keys[person]
        figures.lock_customers([key])
        customer = Customer.objects.get(pk=key)
        customer.store = store
        if wants and customer.archived_at is not None:
            profiles.restore(customer=customer, by=by)
        before = [customer.subscriber, customer.subscriber_source]
        _write(customer, wants)
        after = [customer.subscriber, customer.subscriber_source]
        if before != after:
            changes = {"subscriber": [before[0], wants], "source": [before[1], after[1]]}
            audit.record(
                store=store, by=by, action="customer.consent", subject=customer, changes=changes
            )
    return customer


def _write(customer: Customer, wants: bool) -> None:
    customer.subscriber, customer.subscriber_source = wants, Consent.IN_WORLD.value
    customer.subscriber_at = timezone.now()
    customer.save(update_fields=["subscriber", "subscriber_source", "subscriber_at"])
