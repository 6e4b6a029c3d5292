"""What a vendor asks for, found in its store; and the quote that it is given, for which nobody
becomes a customer.
"""

import uuid as uuids

from django.utils.translation import gettext as _

from customers import identity
from customers.identity import Person, Refusal
from customers.models import Customer
from customers.names import BadName, name_key, normalise
from loyalty import coupons, quotes
from loyalty.models import Coupon, StoredQuote
from products.models import Product
from sales import checkout
from sales.checkout import Order
from sales.refused import Code, Refused
from stores.models import Store


def product(store: Store, named: int | str) -> Product:
    """The product with that key or that exact name, sold or not. Raises Refused."""
    by = {"pk": named} if isinstance(named, int) else {"name": named}
    found = Product.objects.filter(store=store, **by).first()
    if found is None:
        raise Refused(Code.UNKNOWN_PRODUCT, _("There is no such product in this store."))
    return found


def coupon(store: Store, code: str) -> Coupon:
    """Raises Refused."""
    found = coupons.named(store, code)
    if found is None:
        raise Refused(Code.UNKNOWN_COUPON, _("There is no coupon of that code in this store."))
    return found


def stored_quote(store: Store, key: uuids.UUID) -> StoredQuote:
    """A quote that was given, used or not, with its product and coupon. Raises Refused."""
    rows = StoredQuote.objects.select_related("product", "coupon__owner")
    found = rows.filter(store=store, pk=key).first()
    if found is None:
        raise Refused(Code.UNKNOWN_QUOTE, _("There is no such quote: ask for a new one."))
    return found


def customer(store: Store, uuid: uuids.UUID) -> Customer:
    """Raises Refused."""
    rows = Customer.objects.select_related("account", "kept_discount")
    found = rows.filter(store=store, uuid=uuid).first()
    if found is None:
        raise Refused(Code.UNKNOWN_CUSTOMER, _("Nobody with this uuid is a customer."))
    found.store = store
    return found


def known(store: Store, person: Person) -> Customer | None:
    """The customer that a sale to this person would be to; None is somebody new. Raises Refused as
    the sale would.
    """
    try:
        username = normalise(person.name, store.name_rule)
    except BadName as bad:
        raise unclear(str(bad)) from None
    key = name_key(username)
    rows = Customer.objects.filter(store=store)
    holder = rows.filter(uuid=person.uuid).first() if person.uuid else None
    namesake = holder if holder and holder.name_key == key else rows.filter(name_key=key).first()
    # Whether the name is an old one decides only how they are called, which is left as it is.
    met = identity.meet(
        username, person.uuid, holder=holder, namesake=namesake, had=lambda one, name: True
    )
    if isinstance(met, Refusal):
        raise unclear(met.reason)
    return met.one


def quote(order: Order) -> StoredQuote:
    """The price of an order, stored: it holds for 15 minutes. The caller has rolled the year.

    Raises Refused as the sale would.
    """
    payer = known(order.store, order.buyer)
    recipient = known(order.store, order.recipient) if order.recipient else payer
    checkout.refuse(order, payer, recipient)
    return quotes.give(checkout.question(order, payer, recipient))


def unclear(why: str) -> Refused:
    """What is said where it cannot be told who somebody is."""
    text = _("Who this is cannot be told: %(why)s.")
    return Refused(Code.IDENTITY_CONFLICT, text % {"why": why})
