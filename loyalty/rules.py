"""What a store has set about tiers, refunds and the purchase bonus."""

from typing import Any

from django.db import transaction

from customers import figures
from loyalty import ladder
from loyalty.models import Settings
from stores import edits
from stores.models import Store, User

NAMES = (*ladder.CHOICES, "refund_as_credit", "bonus", "members_bonus")


def present(store: Store) -> dict[str, Any]:
    """Their plain values now."""
    return edits.present(Settings.of(store), NAMES)


def change(
    *, store: Store, opened: dict[str, Any], fields: dict[str, Any], by: User | None
) -> list[str]:
    """Write those that differ from `opened`, the values that the form was opened with, and say
    which they are. A named setting of the tiers changes the ladder: its editors are told, and what
    was earned is kept if the store wants that.

    Rolls the year first. Locks the window, then the settings. Raises `edits.Changed`.
    """
    if fields == opened:
        return []
    with transaction.atomic():
        figures.roll(store)
        settings = Settings.lock(store)
        old = ladder.ladder_of(store, settings)
        changed = edits.edit(
            store=store,
            row=settings,
            by=by,
            opened=opened,
            fields=fields,
            action="loyalty_settings.edit",
        )
        if not set(ladder.CHOICES).isdisjoint(changed):
            ladder.turn(store=store, settings=settings, old=old, by=by)
    return changed
