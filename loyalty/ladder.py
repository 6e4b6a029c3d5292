"""Saving the ladder of a store: all of it or nothing, and of two editors one is told."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from loyalty import drafts, kept
from loyalty.drafts import Row
from loyalty.models import LoyaltyTier, Settings
from loyalty.standing import Ladder
from loyalty.tiers import Rung, by_threshold, rung
from stores import audit
from stores.models import Store, User

CHOICES = ("largest_wins", "keep_earned")


class Overtaken(Exception):
    """Somebody else saved the ladder after this one was opened. Nothing has changed."""


class Saved(NamedTuple):
    """What came of saving: whether anything changed, what to warn of, how many discounts were
    kept.
    """

    changed: bool
    warnings: list[str]
    kept: int = 0


def ladder_of(store: Store, settings: Settings | None = None) -> Ladder:
    """The saved ladder; two queries, one where the settings are at hand."""
    settings = settings or Settings.of(store)
    rungs = by_threshold(rung(tier) for tier in LoyaltyTier.objects.filter(store=store))
    return Ladder(tuple(rungs), settings.largest_wins)


def save(
    *,
    store: Store,
    rows: Sequence[Row],
    opened_version: int,
    by: User | None,
    **choices: bool,
) -> Saved:
    """Make the rows the ladder of the store; `choices` are the named settings that change with it.

    Locks the settings of the store. Raises `drafts.Faulty`, `Overtaken`.
    """
    rungs = drafts.read(rows)
    with transaction.atomic():
        settings = _locked(store)
        if settings.version != opened_version:
            raise Overtaken
        before, old = _trace(store, settings), ladder_of(store, settings)
        for name in CHOICES:
            setattr(settings, name, choices.get(name, getattr(settings, name)))
        _replace(store, rungs)
        new = Ladder(tuple(rungs), settings.largest_wins)
        warnings = drafts.warnings(rungs, store.money, largest_wins=settings.largest_wins)
        changes = _changes(before, _trace(store, settings))
        if not changes:
            return Saved(False, warnings)
        settings.version += 1
        settings.save()
        count = kept.keep(store=store, old=old, new=new) if settings.keep_earned else 0
        audit.record(
            store=store,
            by=by,
            action="ladder.save",
            subject=settings,
            changes={**changes, **({"kept": count} if count else {})},
        )
    return Saved(True, warnings, count)


def _locked(store: Store) -> Settings:
    Settings.objects.bulk_create([Settings(store=store)], ignore_conflicts=True)
    return Settings.objects.select_for_update().get(store=store)


def _replace(store: Store, rungs: Sequence[Rung]) -> None:
    """Write what differs: a tier of the same threshold and period stays the same row."""
    present = {
        (tier.threshold, tier.period): tier for tier in LoyaltyTier.objects.filter(store=store)
    }
    for wanted in rungs:
        tier = present.pop((wanted.threshold, wanted.period), None)
        if tier is None:
            LoyaltyTier.objects.create(store=store, **wanted._asdict())
        elif rung(tier) != wanted:
            tier.discount, tier.group_only = wanted.discount, wanted.group_only
            tier.save(update_fields=["discount", "group_only"])
    LoyaltyTier.objects.filter(store=store, pk__in=[tier.pk for tier in present.values()]).delete()


def _trace(store: Store, settings: Settings) -> dict[str, Any]:
    """What the audit trail keeps of a ladder."""
    return {
        "tiers": [list(rung) for rung in ladder_of(store, settings).rungs],
        **{name: getattr(settings, name) for name in CHOICES},
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}
