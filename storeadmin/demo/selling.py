"""At which price the demo store sells: priced by `loyalty.pricing`, as at a vendor."""

import datetime as dt
import functools
from typing import Any

from customers.figures import YEAR
from customers.models import Balance
from loyalty import pricing, tiers
from loyalty.explained import Quote
from loyalty.pricing import Facts, Goods, Payer, Place
from loyalty.standing import Ladder
from loyalty.tiers import Held, Rung
from storeadmin.demo.catalogue import Stall, catalogue, read
from storeadmin.demo.plan import Line, Plan
from stores import money

CURRENCY = money.currency("L$")
# Quotes of older sales are not kept, so that tiers need not be looked at for them.
KEPT_FOR = dt.timedelta(days=60)


@functools.cache
def settings() -> dict[str, Any]:
    return dict(read("loyalty.toml")["settings"])


@functools.cache
def ladder() -> Ladder:
    rungs = (Rung(**tier) for tier in read("loyalty.toml")["tiers"])
    return Ladder(tuple(tiers.by_threshold(rungs)), settings()["largest_wins"])


def quote(
    plan: Plan, line: Line, *, uses_credit: bool, coupon: pricing.Coupon | None = None
) -> Quote:
    """What the line costs at its moment; nothing of it is written yet."""
    is_gift = line.payer != line.recipient
    facts = Facts(
        goods=_goods(plan, line),
        day=line.counts_on,
        place=Place() if line.item is None else _place(catalogue().stalls[line.stall]),
        payer=_payer(plan, line),
        quantity=line.quantity,
        uses_credit=uses_credit,
        gift=is_gift,
        recipient_discount=plan.residents[line.recipient].discount if is_gift else 0,
        coupon=coupon,
    )
    return pricing.price(facts)


def is_kept(plan: Plan, line: Line) -> bool:
    """Whether the quote of the line is kept: of a product, and not long ago."""
    return line.item is not None and line.counts_on > plan.today - KEPT_FOR


def _goods(plan: Plan, line: Line) -> Goods:
    """Work to order has the price that was agreed on."""
    if line.item is None:
        return Goods(line.list_price)
    item = catalogue().items[line.item]
    if item.sale is None:
        return Goods(item.price, blocks_credit=item.blocks_credit)
    first, last = item.sale.days(plan.today)
    return Goods(item.price, item.sale.percent, first, last, item.blocks_credit)


def _place(stall: Stall) -> Place:
    return Place(stall.discount, stall.group, stall.group_discount, stall.members)


def _payer(plan: Plan, line: Line) -> Payer:
    held = plan.ledger.held
    return Payer(
        discount=plan.residents[line.payer].discount,
        tiers=_tiers(plan, line) if is_kept(plan, line) else (),
        credit=held[line.payer, Balance.CREDIT],
        restricted=held[line.payer, Balance.RESTRICTED],
        member=line.group_member,
    )


def _tiers(plan: Plan, line: Line) -> tuple[pricing.Offer, ...]:
    """The ladder by what the payer had spent before."""
    paid = plan.paid[line.payer]
    in_year = [amount for day, amount in paid if day > line.counts_on - YEAR]
    spent = Held(sum(amount for _, amount in paid), sum(in_year), line.group_member)
    return tiers.offers(ladder().rungs, spent, CURRENCY, largest_wins=ladder().largest_wins)
