"""Quotes: the facts of a sale gathered with two queries, the price asked of `loyalty.pricing`."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from customers.models import Customer, Purchase
from loyalty import coupons, pricing, tiers
from loyalty.explained import Quote
from loyalty.models import Coupon, StoredQuote
from loyalty.models.quote import HOLDS
from loyalty.pricing import Facts, Goods, House, Payer, Place
from loyalty.standing import Ladder
from loyalty.tiers import Held, Rung
from products.models import Product, Vendor
from stores.models import Store


@dataclass(frozen=True)
class Question:
    """What is asked for. Nobody as payer is somebody who has not bought yet; `vendor` comes with
    its group; `member` is what the vendor says of the payer, else what the store knows; a
    `stranger` is the name of a recipient who is no customer yet. `asked_by` and `asked_for` are
    payer and recipient as a vendor named them, whether they are customers or not.
    """

    store: Store
    product: Product
    vendor: Vendor | None = None
    payer: Customer | None = None
    recipient: Customer | None = None
    uses_credit: bool = False
    quantity: int = 1
    member: bool | None = None
    coupon: Coupon | None = None
    stranger: str = ""
    asked_by: UUID | None = None
    asked_for: UUID | None = None

    @property
    def is_gift(self) -> bool:
        """For somebody else than the payer."""
        if self.recipient is None:
            return bool(self.stranger)
        return self.recipient != self.payer

    @property
    def owner(self) -> Customer | None:
        """The customer who receives it; None is somebody who is none yet."""
        return self.recipient or (None if self.stranger else self.payer)


class Terms(NamedTuple):
    """What the store has set: its ladder, and what holds for all sales."""

    ladder: Ladder
    house: House


def quote(question: Question, *, read: Iterable[Customer] | None = None) -> Quote:
    """The price as of now, by the figures that the list shows. Two queries; nothing is written.

    Payer and recipient are read anew, but where the caller has `read` both under its locks.
    """
    return pricing.price(facts(question, read=read))


def give(question: Question) -> StoredQuote:
    """The price as of now, stored."""
    return keep(question, quote(question))


def keep(question: Question, quote: Quote, *, purchase: Purchase | None = None) -> StoredQuote:
    """Store a quote that was given: it holds for 15 minutes. One that is asked for in a sale is
    that purchase's at once.
    """
    now = timezone.now()
    return StoredQuote.objects.create(
        store=question.store,
        product=question.product,
        vendor=question.vendor,
        payer=question.payer,
        recipient=question.owner,
        coupon=question.coupon,
        asked_by=question.asked_by,
        asked_for=question.asked_for,
        body=quote.as_json(),
        made_at=now,
        valid_until=now + HOLDS,
        purchase=purchase,
    )


def facts(question: Question, *, read: Iterable[Customer] | None = None) -> Facts:
    """Everything that the price depends on, read now; see `quote`."""
    store, payer, recipient = question.store, question.payer, question.recipient
    coupon = question.coupon
    terms = terms_of(store)
    asked = [person.pk for person in (payer, recipient) if person]
    people = read_people(store, asked) if read is None else {one.pk: one for one in read}
    gift = question.is_gift
    return Facts(
        goods=goods(question.product),
        day=store.today(),
        place=place(question.vendor),
        payer=payer_of(terms, people[payer.pk] if payer else None, store, question.member),
        house=terms.house,
        quantity=question.quantity,
        uses_credit=question.uses_credit,
        gift=gift,
        recipient_discount=people[recipient.pk].discount if gift and recipient else 0,
        coupon=coupons.terms(coupon, question.product, payer) if coupon else None,
    )


def read_people(store: Store, keys: Iterable[int]) -> dict[int, Customer]:
    """Customers of the store as they are now, with all that decides about a price."""
    rows = Customer.objects.select_related("account", "kept_discount").filter(store=store)
    return rows.order_by().in_bulk(list(keys))


def terms_of(store: Store) -> Terms:
    """Settings and ladder of a store by one query; the defaults where nothing was set."""
    one = Store.objects.filter(pk=store.pk).order_by()
    rows = one.values_list(
        *(f"loyalty_settings__{name}" for name in ("largest_wins", *House._fields)),
        *(f"loyalty_tiers__{name}" for name in Rung._fields),
    )
    found = list(rows)
    largest_wins, bonus, members_bonus, refund_as_credit, *_ = found[0]
    rungs = tuple(Rung(*row[4:]) for row in found if row[4] is not None)
    house = House(bonus or 0, members_bonus or 0, bool(refund_as_credit))
    return Terms(Ladder(rungs, bool(largest_wins)), house)


def payer_of(
    terms: Terms, customer: Customer | None, store: Store, member: bool | None = None
) -> Payer:
    """The customer as payer; their account and kept discount are at hand. None has nothing yet."""
    if customer is None:
        held = Held(is_member=bool(member))
        return Payer(tiers=_offers(terms, held, store), member=held.is_member)
    held = held_by(customer, member)
    return Payer(
        discount=customer.discount,
        kept=customer.kept_discount.discount if hasattr(customer, "kept_discount") else 0,
        tiers=_offers(terms, held, store),
        credit=customer.account.credit,
        restricted=customer.account.restricted,
        member=held.is_member,
    )


def held_by(customer: Customer, member: bool | None = None) -> Held:
    """The figures that decide about tiers, as the list shows them."""
    is_member = customer.group_member if member is None else member
    return Held(customer.spent, customer.spent_year, is_member)


def goods(product: Product) -> Goods:
    return Goods(
        price=product.price,
        discount=product.discount,
        first=product.discount_from,
        last=product.discount_until,
        blocks_credit=product.blocks_credit,
    )


def place(vendor: Vendor | None) -> Place:
    if vendor is None:
        return Place()
    group = vendor.group
    return Place(
        discount=vendor.discount,
        group=group.name if group else "",
        group_discount=group.discount if group else 0,
        members=vendor.group_discount,
    )


def sweep(*, before: dt.datetime) -> int:
    """Delete quotes that ran out before that moment and were never used; how many."""
    return StoredQuote.objects.filter(purchase=None, valid_until__lt=before).delete()[0]


def _offers(terms: Terms, held: Held, store: Store) -> tuple[pricing.Offer, ...]:
    ladder = terms.ladder
    return tiers.offers(ladder.rungs, held, store.money, largest_wins=ladder.largest_wins)
