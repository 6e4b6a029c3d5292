"""Writing the ladder of the demo store, and the quotes that its latest sales were made under."""

import datetime as dt
import random
import uuid

from loyalty.models import LoyaltyTier, Settings, StoredQuote
from loyalty.models.quote import HOLDS
from storeadmin.demo import selling
from storeadmin.demo.plan import Plan
from storeadmin.demo.trail import Written
from stores.models import AuditEntry, Store, User

SEED = 20031124
# From the price on the screen to the payment.
BEFORE_PAYING = dt.timedelta(seconds=20)


def write_ladder(plan: Plan, *, store: Store, users: dict[str, User]) -> None:
    """The tiers and settings, there since the first day."""
    settings = Settings.objects.create(store=store, version=1, **selling.settings())
    rungs = selling.ladder().rungs
    LoyaltyTier.objects.bulk_create(LoyaltyTier(store=store, **rung._asdict()) for rung in rungs)
    AuditEntry.objects.create(
        store=store,
        at=plan.seen(plan.residents[0]),
        by=users["owner"],
        action="ladder.save",
        subject_type=str(Settings._meta.model_name),
        subject_id=settings.pk,
        changes={"tiers": [[], [list(rung) for rung in rungs]]},
    )


def write(plan: Plan, written: Written, *, store: Store) -> None:
    """The quote of each line that kept one."""
    chance = random.Random(SEED)  # noqa: S311
    rows = []
    for place, line in enumerate(plan.lines):
        if line.quote is None or line.item is None:
            continue
        made_at = line.at - BEFORE_PAYING
        rows.append(
            StoredQuote(
                id=uuid.UUID(int=chance.getrandbits(128), version=4),
                store=store,
                product=written.products[line.item],
                vendor=written.vendors[line.stall],
                payer=written.customers[line.payer],
                recipient=written.customers[line.recipient],
                coupon=None if line.coupon is None else written.coupons[line.coupon],
                body=line.quote.as_json(),
                made_at=made_at,
                valid_until=made_at + HOLDS,
                purchase_id=written.purchases[place],
            )
        )
    StoredQuote.objects.bulk_create(rows, batch_size=1000)
