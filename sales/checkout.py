"""Checkout: a sale as one deed. Who buys is found or made, the price is a quote, credit is taken,
the purchase counted, and what follows is written beside it: refund, coupon, bonus, delivery.
"""

import dataclasses
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import bans, figures, identity, membership, profiles, purchases, tasks
from customers import credit as ledger
from customers.credit import CreditRefused
from customers.identity import Person
from customers.models import Balance, Customer, Kind, Purchase, YearWindow
from loyalty import coupons, quotes
from loyalty.explained import Quote
from loyalty.models import Coupon, StoredQuote
from loyalty.quotes import Question
from products.models import Product, Vendor
from sales import deliveries, payouts
from sales.models import Delivery, DeliveryKind, Payout, PayoutKind
from sales.refused import Code, Refused
from stores.models import Store, User
from stores.money import LIMIT


@dataclasses.dataclass(frozen=True)
class Order:
    """What a buyer wants, and has paid already at the vendor, in the smallest unit: `paid`. None is
    whatever it costs. `member` is what the vendor says of the buyer; `key` is unique in the store.

    An order that names a `quote` is charged exactly that.
    """

    store: Store
    product: Product
    buyer: Person
    vendor: Vendor | None = None
    recipient: Person | None = None
    quantity: int = 1
    uses_credit: bool = False
    member: bool | None = None
    coupon: Coupon | None = None
    quote: StoredQuote | None = None
    paid: int | None = None
    receipt: str = ""
    key: str | None = None


class Sale(NamedTuple):
    """What a sale came to."""

    purchase: Purchase
    quote: Quote
    refund: Payout | None
    delivery: Delivery


def buy(*, order: Order, by: User | None = None) -> Sale:
    """Sell: whole or not at all. The caller has rolled the year.

    Locks the window, the payer's account, both customers, the coupon. Raises Refused: a ban, a
    product not sold, an identity that two customers share, a wrong amount, a quote that ran out,
    was used or is for something else.
    """
    with transaction.atomic():
        window = figures.lock_window(order.store)
        payer, recipient = _people(order, by)
        refuse(order, payer, recipient)
        if order.quote is not None:
            _refuse_quote(order, order.quote, payer, recipient)
        asked = question(order, payer, recipient)
        quote = order.quote.quote if order.quote else quotes.quote(asked, read=[payer, recipient])
        _refuse_amount(order, quote)
        purchase = _record(order, quote, payer, recipient, by, window=window)
        if order.quote is not None:
            _sell_under(order.quote, purchase)
        else:
            quotes.keep(asked, quote, purchase=purchase)
        refund = _refund(purchase, payer, quote, by)
        _use_coupon(order, purchase, payer, quote, by)
        _credit(purchase, payer, Kind.BONUS, quote.bonus, by)
        if payer.last_purchase_at is None:
            transaction.on_commit(partial(tasks.keep_portrait, payer))
        delivery = deliveries.queue(
            purchase=purchase,
            recipient=recipient,
            product=order.product,
            kind=DeliveryKind.SALE,
            quantity=purchase.quantity,
            by=by,
        )
    return Sale(purchase, quote, refund, delivery)


def send(
    *, store: Store, product: Product, to: Person, by: User | None, key: str | None = None
) -> Purchase:
    """Give a product to a resident for nothing, customer or not: owned, not spent.

    Raises Refused. The same `key` again gives the purchase that it made.
    """
    with transaction.atomic():
        figures.lock_window(store)
        order = Order(store=store, product=product, buyer=to, key=key)
        customer, _ = _people(order, by)
        refuse(order, customer)
        figures.lock_customers([customer.pk])
        if key and (twin := Purchase.objects.filter(store=store, import_key=key).first()):
            return twin
        purchase = purchases.record(
            store=store,
            payer=customer,
            product=product,
            money=0,
            list_price=product.price,
            by=by,
            key=key,
        )
        deliveries.queue(
            purchase=purchase,
            recipient=customer,
            product=product,
            kind=DeliveryKind.SENT,
            by=by,
        )
    return purchase


def refuse(order: Order, *people: Customer | None) -> None:
    """Raises Refused where an order is none for anybody, or not for these: a product that is not
    sold, more than the books hold, somebody banned. None is somebody new.
    """
    if order.product.deleted_at is not None:
        text = _("%(product)s is not sold any more.") % {"product": order.product.name}
        raise Refused(Code.NOT_SOLD, text)
    if order.product.price * order.quantity > LIMIT:
        raise Refused(Code.OVER_LIMIT, _("So many pieces cost more than can be written down."))
    banned = bans.banned(order.store, {one.pk for one in people if one})
    for one in people:
        if one and one.pk in banned:
            text = _("%(name)s is banned from this store.") % {"name": one.username}
            raise Refused(Code.BANNED, text)


def question(order: Order, payer: Customer | None, recipient: Customer | None) -> Question:
    """What an order asks the price of. None is somebody new; a gift names its recipient."""
    gift = order.recipient
    return Question(
        store=order.store,
        product=order.product,
        vendor=order.vendor,
        payer=payer,
        recipient=recipient if gift else None,
        stranger=gift.name if gift and recipient is None else "",
        uses_credit=order.uses_credit,
        quantity=order.quantity,
        member=order.member,
        coupon=order.coupon,
        asked_by=order.buyer.uuid,
        asked_for=(gift or order.buyer).uuid,
    )


def _people(order: Order, by: User | None) -> tuple[Customer, Customer]:
    """Payer and recipient, found or made, as they are once the payer's account is locked; a uuid
    completes who was known by name only.
    """
    named = [order.buyer, order.recipient or order.buyer]
    found = identity.find_or_make(store=order.store, people=named, by=by)
    for refusal in found.refusals.values():
        text = _("Who this is cannot be told: %(reason)s.") % {"reason": refusal.reason}
        raise Refused(Code.IDENTITY_CONFLICT, text)
    keys = [found.keys[person] for person in named]
    ledger.lock_account(keys[0])
    rows = quotes.read_people(order.store, keys)
    for customer in rows.values():
        customer.store = order.store
        if customer.archived_at is not None:
            profiles.restore(customer=customer, by=by)
    return rows[keys[0]], rows[keys[1]]


def _refuse_quote(order: Order, stored: StoredQuote, payer: Customer, recipient: Customer) -> None:
    """A quote holds for whom and for what it was given, once, until it runs out."""
    if stored.purchase_id is not None:
        raise Refused(Code.QUOTE_USED, _("This quote was used before."))
    if timezone.now() >= stored.valid_until:
        raise Refused(Code.QUOTE_STALE, _("This quote has run out: ask for a new one."))
    given_for = (
        (stored.product_id, order.product.pk),
        (stored.vendor_id, order.vendor and order.vendor.pk),
        *_same_person(stored.payer_id, stored.asked_by, payer),
        *_same_person(stored.recipient_id, stored.asked_for, recipient),
    )
    if any(then != now for then, now in given_for):
        raise Refused(Code.QUOTE_MISMATCH, _("This quote was given for something else."))


def _same_person(key: int | None, uuid: object, customer: Customer) -> list[tuple[object, object]]:
    """What must agree: who was a customer then by key, who was none by the uuid that was named."""
    return [(key, customer.pk)] if key is not None else [(uuid, customer.uuid)]


def _refuse_amount(order: Order, quote: Quote) -> None:
    if order.paid is not None and order.paid != quote.money:
        format_ = order.store.money.format
        text = _("It costs %(price)s, not %(paid)s.")
        amounts = {"price": format_(quote.money), "paid": format_(order.paid)}
        raise Refused(Code.WRONG_AMOUNT, text % amounts)


def _record(
    order: Order,
    quote: Quote,
    payer: Customer,
    recipient: Customer,
    by: User | None,
    *,
    window: YearWindow,
) -> Purchase:
    now = timezone.now()
    if order.member is not None:
        membership.confirm(customer=payer, member=order.member, at=now)
    try:
        return purchases.record(
            store=order.store,
            payer=payer,
            recipient=recipient,
            product=order.product,
            vendor=order.vendor,
            quantity=quote.quantity,
            at=now,
            money=quote.money,
            credit=quote.credit,
            restricted=quote.restricted,
            list_price=quote.list_price,
            group_member=order.member,
            receipt=order.receipt,
            by=by,
            key=order.key,
            window=window,
        )
    except CreditRefused as refused:
        text = _("The credit of this quote is spent meanwhile: %(why)s")
        raise Refused(Code.QUOTE_STALE, text % {"why": refused}) from None


def _sell_under(stored: StoredQuote, purchase: Purchase) -> None:
    """The quote is this purchase's, and no other's."""
    if not StoredQuote.objects.filter(pk=stored.pk, purchase=None).update(purchase=purchase):
        raise Refused(Code.QUOTE_USED, _("This quote was used before."))


def _refund(purchase: Purchase, payer: Customer, quote: Quote, by: User | None) -> Payout | None:
    if quote.refund_as_credit:
        _credit(purchase, payer, Kind.REFUND, quote.refund, by)
        return None
    return payouts.owe(kind=PayoutKind.REFUND, payee=payer, amount=quote.refund, purchase=purchase)


def _use_coupon(
    order: Order, purchase: Purchase, payer: Customer, quote: Quote, by: User | None
) -> None:
    """A coupon that did not apply leaves no trace but the quote."""
    coupon = order.quote.coupon if order.quote else order.coupon
    if coupon is None or not coupons.counts(quote):
        return
    _credit(purchase, payer, Kind.COUPON, quote.coupon_share, by)
    used = coupons.use(coupon=coupon, purchase=purchase, share=quote.coupon_share)
    payouts.owe(
        kind=PayoutKind.COMMISSION,
        payee=coupon.owner,
        amount=used.commission,
        purchase=purchase,
    )


def _credit(purchase: Purchase, payer: Customer, kind: Kind, amount: int, by: User | None) -> None:
    """What a sale adds to the payer's credit."""
    if not amount:
        return
    try:
        ledger.grant(
            customer=payer,
            balance=Balance.CREDIT,
            amount=amount,
            by=by,
            kind=kind,
            purchase=purchase,
        )
    except CreditRefused as refused:
        raise Refused(Code.CREDIT_FULL, str(refused)) from None
