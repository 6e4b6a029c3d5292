"""Whether a customer is in the store's group, as somebody has confirmed it."""

import datetime as dt

from customers.models import Customer


def confirm(*, customer: Customer, member: bool, at: dt.datetime) -> None:
    """Keep what a vendor saw at a sale, and when. Locks the customer."""
    Customer.objects.filter(pk=customer.pk).update(group_member=member, group_confirmed_at=at)
    customer.group_member, customer.group_confirmed_at = member, at
