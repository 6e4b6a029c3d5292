"""What every benchmark stands on: a generated store with an owner, and its size."""

import dataclasses
import io

from django.core.management import call_command
from django.db import connection

from loyalty.models import LoyaltyTier
from loyalty.standing import Ladder
from loyalty.tiers import GLOBAL, YEARLY, Rung
from stores.batches import work
from stores.models import Batch, State, Store, User

# Longer than any batch: the worker's turns are not measured.
NO_END = 24 * 3600.0
SLUG = "bench"
OWNER = "bench-owner"

LADDER = Ladder(
    (
        Rung(500, GLOBAL, 2),
        Rung(2_000, YEARLY, 5),
        Rung(5_000, GLOBAL, 7, group_only=True),
        Rung(10_000, GLOBAL, 10),
    )
)


@dataclasses.dataclass(frozen=True)
class Ground:
    """A store, who owns it, and how often and how much is measured."""

    store: Store
    owner: User
    customers: int
    purchases: int
    rounds: int
    quotes: int


def make(*, customers: int, purchases: int, rounds: int, quotes: int) -> Ground:
    """Migrate the database, which is empty, and make the store in it."""
    call_command("migrate", verbosity=0, skip_checks=True)
    owner = User.objects.create_user(OWNER)
    call_command(
        "generate_store",
        SLUG,
        customers=customers,
        purchases=purchases,
        seed=1,
        owner=OWNER,
        skip_checks=True,
        stdout=io.StringIO(),
    )
    store = Store.objects.get(slug=SLUG)
    LoyaltyTier.objects.bulk_create(
        LoyaltyTier(store=store, **rung._asdict()) for rung in LADDER.rungs
    )
    return Ground(store, owner, customers, purchases, rounds, quotes)


def carry_out(batch: Batch, state: State) -> None:
    """What the worker does, in this process, until the batch is in that state."""
    work.run(batch.pk, seconds=NO_END)
    batch.refresh_from_db()
    if batch.state != state:
        raise RuntimeError(f"the batch is {batch.state}: {batch.failure}")


def tidy() -> None:
    """Put the database in order, as it does by itself in quiet hours: no work pays for the one
    before it.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (ANALYZE)")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA optimize")
