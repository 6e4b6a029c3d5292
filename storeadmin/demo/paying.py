"""Money that the demo store owes or paid for its latest sales: refunds, commissions, returns, and a
payment for nothing.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator

from loyalty.explained import Quote
from sales.models import Payout, PayoutKind, PayoutState, Return
from storeadmin.demo.coupons import codes
from storeadmin.demo.plan import Line, Plan
from storeadmin.demo.trail import Written
from stores.models import Store

SEED = 20050630
FAILS, CLAIMED = 0.02, 0.25
CLAIMED_AFTER, PAID_AFTER = dt.timedelta(seconds=35), dt.timedelta(seconds=41)
# What was owed last is not paid yet.
WAITS = dt.timedelta(hours=14)
WHY_NOT = "the resident takes no payments"
PAID_FOR_NOTHING = 350
NOTHING = "This product is not sold any more."


def write(plan: Plan, written: Written, *, store: Store) -> None:
    """Payouts in the order of time, and the terms of the returns that they are for."""
    chance = random.Random(SEED)  # noqa: S311
    owed = sorted(_owed(plan, written, store), key=lambda payout: payout.made_at)
    for payout in owed:
        _settle(chance, plan, payout)
    Payout.objects.bulk_create(owed, batch_size=1000)
    Return.objects.bulk_create(
        Return(
            store=store,
            purchase_id=written.purchases[place],
            given=-line.money - kept,
            refund_kept=kept,
        )
        for place, line, kept in _returns(plan)
    )


def _owed(plan: Plan, written: Written, store: Store) -> Iterator[Payout]:
    for place, line in enumerate(plan.lines):
        if line.quote is not None:
            yield from _of_sale(plan, written, place, store)
    for place, line, kept in _returns(plan):
        given = -line.money - kept
        if given:
            yield _payout(PayoutKind.RETURN, line.payer, given, place, plan, written, store)
    yield Payout(
        store=store,
        kind=PayoutKind.GIVE_BACK,
        name="passing.stranger",
        uuid=uuid.UUID(int=SEED, version=4),
        amount=PAID_FOR_NOTHING,
        made_at=plan.end - 3 * WAITS,
        note=NOTHING,
    )


def _of_sale(plan: Plan, written: Written, place: int, store: Store) -> Iterator[Payout]:
    """The refund of a sale, and the commission of its coupon."""
    line = plan.lines[place]
    if line.quote is not None and line.quote.refund:
        yield _payout(PayoutKind.REFUND, line.payer, line.quote.refund, place, plan, written, store)
    if line.coupon is not None:
        code = codes()[line.coupon]
        if commission := line.price * code.commission // 100:
            owner = code.owner_of(plan)
            yield _payout(PayoutKind.COMMISSION, owner, commission, place, plan, written, store)


def _payout(
    kind: PayoutKind,
    resident: int,
    amount: int,
    place: int,
    plan: Plan,
    written: Written,
    store: Store,
) -> Payout:
    payee, line = written.customers[resident], plan.lines[place]
    return Payout(
        store=store,
        kind=kind,
        payee=payee,
        name=payee.username,
        uuid=payee.uuid,
        amount=amount,
        purchase_id=written.purchases[place],
        made_at=line.at,
        vendor=written.vendors[line.stall],
    )


def _settle(chance: random.Random, plan: Plan, payout: Payout) -> None:
    """Paid by the vendor, mostly; nobody can pay who has no uuid."""
    vendor, payout.vendor = payout.vendor, None
    fails, claims = chance.random() < FAILS, chance.random() < CLAIMED
    number = uuid.UUID(int=chance.getrandbits(128), version=4)
    waits = payout.made_at > plan.end - WAITS
    if payout.uuid is None or vendor is None or (waits and not claims):
        return
    payout.vendor, payout.attempts = vendor, 1
    payout.claimed_at = min(payout.made_at + CLAIMED_AFTER, plan.end)
    if waits:
        payout.state = PayoutState.CLAIMED
        return
    payout.ended_at = min(payout.made_at + PAID_AFTER, plan.end)
    if fails:
        payout.state, payout.note = PayoutState.FAILED, WHY_NOT
    else:
        payout.state, payout.transaction = PayoutState.PAID, str(number)


def _returns(plan: Plan) -> Iterator[tuple[int, Line, int]]:
    """The returns of sales that kept their quote: place, line, and what of the refund is kept."""
    for place, line in enumerate(plan.lines):
        if line.returns is None:
            continue
        sold = plan.lines[line.returns]
        if sold.quote is not None:
            yield place, line, _refund_of(sold.quote, -line.quantity, sold.quantity)


def _refund_of(quote: Quote, pieces: int, quantity: int) -> int:
    """The part of a refund that belongs to so many pieces."""
    return quote.refund * pieces // quantity
