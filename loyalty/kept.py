"""Discounts that customers keep from an earlier ladder: kept when it changes, cleared by the owner,
each by a bulk change that can be undone.
"""

from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, npgettext_lazy

from customers.models import CustomerCount
from loyalty import kept_sql as sql
from loyalty import kept_words as words
from loyalty.models import KeptDiscount, KeptRow, Settings
from loyalty.standing import Ladder, fetch, percent
from stores import batches
from stores.batches import BatchKind, BatchRefused, Step
from stores.batches.kinds import CHUNK
from stores.models import Batch, Store, User
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row

NOBODY = gettext_noop("Nobody keeps a discount.")


def keep(*, store: Store, old: Ladder, new: Ladder, by: User | None) -> Batch | None:
    """Let each customer who gets less from the new ladder keep what the old one gave; None where
    nobody does. A larger discount, their own or one that they keep, is left alone.

    Part of the transaction of saving a ladder, which has rolled the year and holds the settings.
    """
    losers, params = _losers(store, old, new, after=0, limit=1)
    if not fetch(losers, params):
        return None
    listed = CustomerCount.objects.filter(store=store).values_list("listed", flat=True).first()
    return batches.carry_out(
        store=store,
        kind=KEEPING,
        title=_("Discounts kept from the earlier tiers"),
        asked={"old": old.as_plain(), "new": new.as_plain()},
        by=by,
        targets=Count(listed or 0),
    )


def clear(*, store: Store, by: User) -> Batch:
    """Let go of all kept discounts of a store. Raises BatchRefused where there are none."""
    found = Count.up_to_cap(KeptDiscount.objects.filter(store=store))
    if not found.value:
        raise BatchRefused(_(NOBODY))
    return batches.carry_out(
        store=store,
        kind=CLEARING,
        title=_("Kept discounts cleared"),
        asked={},
        by=by,
        targets=found,
    )


class KeptWork(BatchKind):
    """What the changes and their undo share: rows over customers, and how they are applied."""

    noun = npgettext_lazy("counted", "customer", "customers")
    right = Right.RUN_STORE
    rows = KeptRow
    target = "customer_id"
    row_template = "loyalty/kept_rows.html"
    header = words.HEADER
    drifted = gettext_lazy("Changed meanwhile")
    # What a row becomes whose customer keeps something else than was planned for.
    judged: str

    def apply(self, batch: Batch) -> Step:
        """Locks the settings, as everybody does who writes kept discounts; judges who keeps
        something else by now, and writes.
        """
        Settings.lock(batch.store)
        at = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(sql.SPAN, [batch.pk, batch.cursor, CHUNK])
            upper, rows = cursor.fetchone()
            if not rows:
                return Step(cursor=batch.cursor, rows=0)
            span = {"batch": batch.pk, "after": batch.cursor, "upto": upper}
            cursor.execute(sql.DRIFT.format(judged=self.judged), span)
            cursor.execute(sql.WRITE, {"at": at, **span})
            cursor.execute(sql.CLEAR, span)
        return Step(cursor=upper, rows=rows)

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return [
            (_("Customers"), f"{batch.handled:,}"),
            (_("Written"), f"{self.number_done(batch):,}"),
        ]

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return words.lines(batch, keys)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(line)

    def _plan(self, batch: Batch, statement: str, params: list[Any]) -> Step:
        with connection.cursor() as cursor:
            cursor.execute(statement, [batch.pk, *params])
            rows = cursor.rowcount
            cursor.execute(sql.LAST_PLANNED, [batch.pk])
            (last,) = cursor.fetchone()
        return Step(cursor=last or 0, rows=rows)


class Keeping(KeptWork):
    """What the earlier ladder gave, for each who would lose."""

    name = "kept"
    undo_kind = "kept.undo"
    right = Right.EDIT_TIERS
    done = gettext_lazy("Kept")
    left_out = gettext_lazy("Left: they keep a larger one")
    judged = (
        f"discount_was = {sql.HELD},"
        f" outcome = CASE WHEN {sql.HELD} < discount_to THEN '' ELSE 'left_out' END"
    )

    def plan(self, batch: Batch) -> Step:
        """By the figures as they stand when it is planned."""
        old, new = (Ladder.of(batch.asked[name]) for name in ("old", "new"))
        losers, params = _losers(batch.store, old, new, after=batch.cursor, limit=CHUNK)
        return self._plan(batch, sql.PLAN_KEEPING.format(losers=losers), params)


class Clearing(KeptWork):
    """Nothing more, for each who keeps something."""

    name = "kept.clear"
    undo_kind = "kept.undo"
    done = gettext_lazy("Cleared")
    left_out = gettext_lazy("Left: they kept none any more")
    judged = (
        f"discount_was = {sql.HELD}, outcome = CASE WHEN {sql.HELD} > 0 THEN '' ELSE 'left_out' END"
    )

    def plan(self, batch: Batch) -> Step:
        return self._plan(batch, sql.PLAN_CLEARING, [batch.store_id, batch.cursor, CHUNK])


class KeptUndo(KeptWork):
    """Gives back what was kept before, where what was written still stands."""

    name = "kept.undo"
    done = gettext_lazy("Given back")
    left_out = gettext_lazy("Left: changed since")
    judged = "outcome = 'left_out'"

    def plan(self, batch: Batch) -> Step:
        return self._plan(batch, sql.PLAN_UNDO, [batch.undoes_id, batch.cursor, CHUNK])


def _losers(
    store: Store, old: Ladder, new: Ladder, *, after: int, limit: int
) -> tuple[str, list[Any]]:
    """The next customers by key who would lose, with what they keep and what they had."""
    (was, was_params), (will, will_params) = percent(old), percent(new)
    params = [*was_params, *will_params, store.pk, after, limit]
    return sql.LOSERS.format(was=was, will=will), params


KEEPING = Keeping()
CLEARING = Clearing()
KEPT_UNDO = KeptUndo()
