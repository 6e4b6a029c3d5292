"""Saving the ladder of a store: all of it or nothing, and of two editors one is told."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from customers import figures
from loyalty import drafts, kept
from loyalty.drafts import Row
from loyalty.models import LoyaltyTier, Settings
from loyalty.standing import Ladder
from loyalty.tiers import Rung, by_threshold, rung
from stores import audit
from stores.models import Batch, Store, User

CHOICES = ("largest_wins", "keep_earned")


class Overtaken(Exception):
    """Somebody else saved the ladder after this one was opened. Nothing has changed."""


class Saved(NamedTuple):
    """What came of saving: whether anything changed, what to warn of, and the bulk change by which
    those who lose keep what they had.
    """

    changed: bool
    warnings: list[str]
    kept: Batch | None = None


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

    Rolls the year first: who loses is told by the figures of today. Locks the window, then the
    settings. Raises `drafts.Faulty`, `Overtaken`.
    """
    rungs = drafts.read(rows)
    with transaction.atomic():
        figures.roll(store)
        settings = Settings.lock(store)
        if settings.version != opened_version:
            raise Overtaken
        before, old = _trace(store, settings), ladder_of(store, settings)
        for name in CHOICES:
            setattr(settings, name, choices.get(name, getattr(settings, name)))
        _replace(store, rungs)
        warnings = drafts.warnings(rungs, store.money, largest_wins=settings.largest_wins)
        changes = _changes(before, _trace(store, settings))
        if not changes:
            return Saved(False, warnings)
        batch = turn(store=store, settings=settings, old=old, by=by)
        if batch:
            changes["kept"] = batch.pk
        audit.record(store=store, by=by, action="ladder.save", subject=settings, changes=changes)
    return Saved(True, warnings, batch)


def turn(*, store: Store, settings: Settings, old: Ladder, by: User | None) -> Batch | None:
    """Tell open editors that the ladder is another one than the `old`, and let those who lose keep
    what they had, if the store wants that.

    Part of the transaction of whoever changed the ladder or the rule by which it counts, with the
    settings locked.
    """
    settings.version += 1
    settings.save()
    if not settings.keep_earned:
        return None
    return kept.keep(store=store, old=old, new=ladder_of(store, settings), by=by)


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
