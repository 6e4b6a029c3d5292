"""Batches: a change to many rows that is planned, previewed, applied once, watched, and can be
undone.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore

from .defaults import EMPTY, NO, ZERO
from .keys import checked_key
from .store import Store


class State(models.TextChoices):
    """Where a batch stands."""

    DRAFT = "draft", _("being counted")
    PREVIEWED = "previewed", _("waiting for your word")
    QUEUED = "queued", _("waiting to start")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


WORKING = (State.DRAFT, State.QUEUED, State.RUNNING)
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Batch(models.Model):
    """A change to many rows. What it does is said by its kind (`stores.batches`), to whom by the
    rows of that kind; written only by `stores.batches`.

    A worker owns the batch until `lease_until` and by its number in `fence`; `cursor` is the key of
    the last row worked on, `handled` how many of `planned` rows that makes. `asked` is what the
    person asked for, `counts` what the plan and the work add up to.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="batches"
    )
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    asked = models.JSONField(_("asked for"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    undoes = models.OneToOneField(
        "self",
        verbose_name=_("undoes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        db_constraint=False,
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    planned = models.BigIntegerField(_("planned rows"), **ZERO)
    handled = models.BigIntegerField(_("handled rows"), **ZERO)
    cursor = models.BigIntegerField(_("cursor"), **ZERO)
    fence = models.BigIntegerField(_("fence"), **ZERO)
    lease_until = models.DateTimeField(_("leased until"), default=timezone.now)
    failure = models.CharField(_("failure"), max_length=300, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="batch_in_store"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="batch_state_known"),
            models.CheckConstraint(condition=Q(handled__gte=0), name="batch_handled_counts"),
            SameStore(field="undoes", name="batch_undoes_same_store"),
        ]
        indexes = [
            models.Index(fields=["store", "state"], name="batch_by_state"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=WORKING), name="batch_at_work"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("batches:batch", args=[self.store.slug, self.pk])

    def keep(self) -> None:
        """Write what the work on it changes. Its key is left alone: where that is written, even as
        it was, SQLite looks at each row that points at the batch.
        """
        fields = (field.name for field in self._meta.concrete_fields)
        self.save(update_fields=[name for name in fields if name not in ("id", "store")])

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_planned(self) -> bool:
        """Whether its plan is whole: `counts` holds what it adds up to."""
        return "planned" in self.counts

    @property
    def percent(self) -> int:
        """How far the work is, 0 to 100."""
        if not self.planned:
            return 100 if self.has_ended else 0
        return min(100, self.handled * 100 // self.planned)


class Outcome(models.TextChoices):
    """What comes of a row, where that is less than was asked for."""

    WHOLE = "", _("as asked")
    SHORT = "short", _("in part")
    LEFT_OUT = "left_out", _("left out")


class BatchRow(models.Model):
    """One target of a batch, frozen when it was planned; only the outcome is written again, where
    the target has drifted since.

    Each kind has a model of its own with the key of its target, and a unique constraint over batch
    and target.
    """

    store = checked_key(Store, _("store"))
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("batch"),
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, blank=True, **EMPTY
    )
    drifted = models.BooleanField(_("changed since the preview"), **NO)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return gettext("row %(number)s of batch %(batch)s") % {
            "number": self.pk,
            "batch": self.batch_id,
        }


def row_rules(target: str, prefix: str) -> list[Any]:
    """The constraints of a kind's rows: each target once, all of them in one store."""
    return [
        models.UniqueConstraint(fields=["batch", target], name=f"{prefix}_target_once"),
        SameStore(field="batch", name=f"{prefix}_batch_same_store"),
        SameStore(field=target, name=f"{prefix}_{target}_same_store"),
    ]


def row_indexes(target: str, prefix: str) -> list[models.Index]:
    """The indexes that list the rows that did not go as asked, or as planned."""
    return [
        models.Index(
            fields=["batch", "outcome", target], condition=~Q(outcome=""), name=f"{prefix}_outcome"
        ),
        models.Index(fields=["batch", target], condition=Q(drifted=True), name=f"{prefix}_drifted"),
    ]
