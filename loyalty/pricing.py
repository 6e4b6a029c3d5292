"""The price of a purchase: facts in, an explained quote out. No database, no clock, no settings.

The order of the stages is fixed: product, vendor, credit, refund, coupon, bonus. Every percentage
is taken of what the stage before it left, and its amount is floored on its own, in integers.

Of several pieces, the discounts of product and vendor are floored for one piece and then taken so
many times, so that three pieces cost three times as much as one; all later stages go by the total.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from loyalty.explained import Lost, Quote, Rule, Stage, Step

NO_MEMBER = "the buyer is not in the store's group"
SMALLER = "smaller than “{}”"
EQUAL = "as large as “{}”, which is named"
NOT_PAYER = "it is the recipient's; only the payer's counts"
BLOCKED = "the product cannot be paid with credit"
NOT_FOR_GIFTS = "it never pays for a gift to somebody else"
NOT_USED = "the buyer does not use credit"
ALL_PAID = "nothing was left to pay"

# A tier of 0 % that is met decides where nothing else does; a coupon without a share for the
# customer earns its owner a commission all the same.
NAMED_AT_NOTHING = (Rule.TIER, Rule.COUPON)


class Offer(NamedTuple):
    """A percentage that a rule offers; `barred` says why it does not apply, if it does not."""

    rule: Rule
    label: str
    percent: int
    barred: str = ""


class Goods(NamedTuple):
    """What is bought: the list price of one piece, and a discount between two days, each of which
    may be open.
    """

    price: int
    discount: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    blocks_credit: bool = False


class Place(NamedTuple):
    """The vendor: its own discount, that of its vendor group, and the rate for members."""

    discount: int = 0
    group: str = ""
    group_discount: int = 0
    members: int = 0


class Payer(NamedTuple):
    """Who pays, as held before this purchase. `tiers` are what `loyalty.tiers.offers` makes of the
    ladder: of those, at most one is not barred.
    """

    discount: int = 0
    kept: int = 0
    tiers: tuple[Offer, ...] = ()
    credit: int = 0
    restricted: int = 0
    member: bool = False


class Coupon(NamedTuple):
    """A coupon: `percent` is the customer's share; `barred` says why it does not fit, if known."""

    code: str
    percent: int
    first: dt.date | None = None
    last: dt.date | None = None
    barred: str = ""


class House(NamedTuple):
    """What the store has set for all sales."""

    bonus: int = 0
    members_bonus: int = 0
    refund_as_credit: bool = False


class Facts(NamedTuple):
    """Everything that a price depends on. `day` is the store's date; `recipient_discount` is only
    named among what lost, for gifts.
    """

    goods: Goods
    day: dt.date
    place: Place = Place()
    payer: Payer = Payer()
    house: House = House()
    quantity: int = 1
    uses_credit: bool = False
    gift: bool = False
    recipient_discount: int = 0
    coupon: Coupon | None = None


def price(facts: Facts) -> Quote:
    """The price with all its steps. Percentages are 0 to 100, amounts not negative, at least one
    piece.
    """
    list_price = facts.goods.price * facts.quantity
    product = _off(Stage.PRODUCT, list_price, _of_product(facts), pieces=facts.quantity)
    vendor = _off(Stage.VENDOR, product.after, _of_vendor(facts), pieces=facts.quantity)
    paid_by_credit = _credit(facts, vendor.after)
    money = paid_by_credit[-1].after
    refund = _off(Stage.REFUND, money, [*_of_payer(facts.payer), *_of_recipient(facts)])
    net = refund.after
    coupon = _off(Stage.COUPON, vendor.after, _of_coupon(facts), after=net)
    bonus = _off(Stage.BONUS, net, _of_house(facts), after=net)
    by_rule = {step.rule: step.amount for step in paid_by_credit}
    return Quote(
        quantity=facts.quantity,
        list_price=list_price,
        price=vendor.after,
        restricted=by_rule.get(Rule.RESTRICTED, 0),
        credit=by_rule.get(Rule.CREDIT, 0),
        money=money,
        refund=refund.amount,
        net=net,
        coupon_share=coupon.amount,
        bonus=bonus.amount,
        refund_as_credit=facts.house.refund_as_credit,
        steps=(product, vendor, *paid_by_credit, refund, coupon, bonus),
    )


def percentage(payer: Payer) -> tuple[Offer, tuple[Lost, ...]]:
    """What is refunded to the payer of money paid: the rule that counts, and the others with why
    they do not.
    """
    return _choose(Stage.REFUND, _of_payer(payer))


# What each stage has to choose from; of equal ones the first is named.


def _of_product(facts: Facts) -> Iterable[Offer]:
    goods = facts.goods
    barred = _out_of_dates(facts.day, goods.first, goods.last)
    yield Offer(Rule.PRODUCT, "Product discount", goods.discount, barred)


def _of_vendor(facts: Facts) -> Iterable[Offer]:
    place = facts.place
    group = f"Vendor group {place.group}" if place.group else "Vendor group"
    yield Offer(Rule.VENDOR, "Vendor discount", place.discount)
    yield Offer(Rule.VENDOR_GROUP, group, place.group_discount)
    yield Offer(Rule.MEMBERS, "Vendor's rate for group members", place.members, _outside(facts))


def _of_payer(payer: Payer) -> Iterable[Offer]:
    yield Offer(Rule.PERSONAL, "Personal discount", payer.discount)
    yield from payer.tiers
    yield Offer(Rule.KEPT, "Kept discount", payer.kept)


def _of_recipient(facts: Facts) -> Iterable[Offer]:
    if facts.gift:
        theirs = facts.recipient_discount
        yield Offer(Rule.PERSONAL, "Personal discount of the recipient", theirs, NOT_PAYER)


def _of_coupon(facts: Facts) -> Iterable[Offer]:
    if coupon := facts.coupon:
        barred = coupon.barred or _out_of_dates(facts.day, coupon.first, coupon.last)
        yield Offer(Rule.COUPON, f"Coupon {coupon.code}", coupon.percent, barred)


def _of_house(facts: Facts) -> Iterable[Offer]:
    house = facts.house
    yield Offer(Rule.BONUS, "Purchase bonus", house.bonus)
    yield Offer(Rule.MEMBERS_BONUS, "Bonus for group members", house.members_bonus, _outside(facts))


def _outside(facts: Facts) -> str:
    return "" if facts.payer.member else NO_MEMBER


def _out_of_dates(day: dt.date, first: dt.date | None, last: dt.date | None) -> str:
    if first is not None and day < first:
        return f"it starts on {first.day} {first:%b %Y}"
    if last is not None and day > last:
        return f"it ended on {last.day} {last:%b %Y}"
    return ""


# How a stage is reckoned.

_NOTHING = {
    Stage.PRODUCT: "No product discount",
    Stage.VENDOR: "No vendor discount",
    Stage.CREDIT: "No credit",
    Stage.REFUND: "No personal or loyalty discount",
    Stage.COUPON: "No coupon",
    Stage.BONUS: "No purchase bonus",
}


def _off(
    stage: Stage,
    base: int,
    offers: Iterable[Offer],
    *,
    pieces: int = 1,
    after: int | None = None,
) -> Step:
    """The largest offer is taken off the base; or what is paid stays `after`, and it is added to
    the credit.
    """
    best, lost = _choose(stage, offers)
    exact = base * best.percent
    amount = pieces * (base // pieces * best.percent // 100)
    return Step(
        stage=stage,
        rule=best.rule,
        label=best.label,
        base=base,
        percent=best.percent,
        exact=exact,
        cut=exact - 100 * amount,
        amount=amount,
        after=base - amount if after is None else after,
        lost=lost,
    )


def _choose(stage: Stage, offers: Iterable[Offer]) -> tuple[Offer, tuple[Lost, ...]]:
    """The largest of those that apply, and the others with why they lost. 0 % is no offer, save
    where it is named all the same.
    """
    offers = [offer for offer in offers if offer.percent or offer.rule in NAMED_AT_NOTHING]
    best = Offer(Rule.NONE, _NOTHING[stage], 0)
    for offer in offers:
        if not offer.barred and (best.rule is Rule.NONE or offer.percent > best.percent):
            best = offer
    lost = tuple(
        Lost(offer.rule, offer.label, offer.percent, _why(offer, best))
        for offer in offers
        if offer is not best
    )
    return best, lost


def _why(offer: Offer, best: Offer) -> str:
    if offer.barred:
        return offer.barred
    return (EQUAL if offer.percent == best.percent else SMALLER).format(best.label)


def _credit(facts: Facts, owed: int) -> list[Step]:
    """What each balance pays of the price, restricted credit first; one step that says why, where
    none does.
    """
    balances = (
        (Rule.RESTRICTED, "Restricted Credit", facts.payer.restricted),
        (Rule.CREDIT, "Credit", facts.payer.credit),
    )
    steps, lost, left = [], [], owed
    for rule, label, held in balances:
        if not held:
            continue
        if why := _why_not(facts, rule, left):
            lost.append(Lost(rule, label, None, why))
        else:
            steps.append(_payment(rule, label, left, min(held, left)))
            left = steps[-1].after
    if not steps:
        steps.append(_payment(Rule.NONE, _NOTHING[Stage.CREDIT], owed, 0))
    if lost:
        steps[-1] = steps[-1]._replace(lost=tuple(lost))
    return steps


def _why_not(facts: Facts, rule: Rule, left: int) -> str:
    """Why a balance does not pay; nothing if it does."""
    if not facts.uses_credit:
        return NOT_USED
    if facts.goods.blocks_credit:
        return BLOCKED
    if facts.gift and rule is Rule.RESTRICTED:
        return NOT_FOR_GIFTS
    return "" if left else ALL_PAID


def _payment(rule: Rule, label: str, owed: int, amount: int) -> Step:
    return Step(Stage.CREDIT, rule, label, owed, None, 100 * amount, 0, amount, owed - amount)
