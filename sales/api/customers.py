"""Customers: what one of them has spent, holds and gets off."""

import datetime as dt
from uuid import UUID

from ninja import Router

from customers import bans
from customers.models import Customer
from loyalty import pricing, quotes, tiers
from sales import asking
from sales.api import described
from sales.api.answered import CustomerOut, NextTierOut, TierOut
from sales.api.auth import VendorRequest, roll_year

router = Router(tags=["Customers"])


@router.get(
    "customers/{uuid}",
    summary="Look a customer up",
    response=described.reading(CustomerOut, 404),
    url_name="customer",
    operation_id="customer",
)
def customer(request: VendorRequest, uuid: UUID) -> CustomerOut:
    """What a customer has spent and holds, the tier they stand on, and the next one."""
    as_of = roll_year(request)
    return _told(asking.customer(request.store, uuid), as_of)


def _told(customer: Customer, as_of: dt.date | None) -> CustomerOut:
    store, held = customer.store, quotes.held_by(customer)
    terms = quotes.terms_of(store)
    rungs, largest_wins = terms.ladder.rungs, terms.ladder.largest_wins
    tier = tiers.qualifying(rungs, held, largest_wins=largest_wins)
    then = tiers.following(rungs, held, largest_wins=largest_wins)
    got, _ = pricing.percentage(quotes.payer_of(terms, customer, store))
    return CustomerOut(
        name=customer.username,
        spent=customer.spent,
        spent_year=customer.spent_year,
        tier=tier and TierOut(label=tier.label(store.money), discount=tier.discount),
        next=then
        and NextTierOut(
            label=then.rung.label(store.money),
            discount=then.rung.discount,
            threshold=then.rung.threshold,
            missing=then.missing,
        ),
        discount=got.percent,
        personal_discount=customer.discount,
        credit=customer.account.credit,
        restricted=customer.account.restricted,
        member=customer.group_member,
        banned=bans.current(customer) is not None,
        as_of=as_of.isoformat() if as_of else None,
    )
