"""What templates need of customers."""

from django import template

from customers import tables
from customers.models import Customer
from stores.models import Store

register = template.Library()


@register.simple_tag
def picture_url(store: Store, customer: Customer) -> str:
    """Where the picture of a customer is read from."""
    return tables.picture_url(store, customer.pk, customer.picture.name or "")
