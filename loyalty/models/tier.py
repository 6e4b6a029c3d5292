"""The ladder of tiers, and what a store has set about discounts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.models import Store
from stores.models.defaults import NO, ZERO
from stores.money import LIMIT


def percentage(field: str, name: str, *, least: int = 0) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__range": (least, 100)}), name=name)


class Period(models.TextChoices):
    """Which figure a threshold is held against."""

    GLOBAL = "global", _("Global")
    YEARLY = "yearly", _("Yearly")


class LoyaltyTier(models.Model):
    """A rung of the ladder: who has spent the threshold gets the discount. Written only by
    `loyalty.ladder`; who stands on it is reckoned when asked (`loyalty.tiers`).
    """

    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        related_name="loyalty_tiers",
        db_index=False,
    )
    threshold = models.BigIntegerField(_("threshold"))
    period = models.CharField(
        _("period"), max_length=6, choices=Period.choices, default=Period.GLOBAL
    )
    discount = models.PositiveSmallIntegerField(_("discount"))
    group_only = models.BooleanField(_("group only"), **NO)

    class Meta:
        verbose_name = _("loyalty tier")
        verbose_name_plural = _("loyalty tiers")
        ordering = ["threshold", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "threshold", "period"], name="tier_threshold_once"
            ),
            models.CheckConstraint(
                condition=Q(threshold__range=(0, LIMIT)), name="tier_threshold_range"
            ),
            models.CheckConstraint(condition=Q(period__in=Period.values), name="tier_period_known"),
            percentage("discount", "tier_discount_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_period_display()} {self.store.money.format(self.threshold)}"


class Settings(models.Model):
    """What a store has set about tiers, refunds and the purchase bonus; a store without a row has
    the defaults.

    `version` counts the ladders that were saved, so that of two editors one is told.
    """

    store = models.OneToOneField(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="loyalty_settings",
    )
    largest_wins = models.BooleanField(_("the largest discount wins"), **NO)
    keep_earned = models.BooleanField(_("an earned discount is kept when the ladder changes"), **NO)
    refund_as_credit = models.BooleanField(_("refunds are paid as credit"), **NO)
    bonus = models.PositiveSmallIntegerField(_("purchase bonus"), **ZERO)
    members_bonus = models.PositiveSmallIntegerField(_("purchase bonus of group members"), **ZERO)
    version = models.BigIntegerField(_("version"), editable=False, **ZERO)

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        constraints = [
            percentage("bonus", "settings_bonus_range"),
            percentage("members_bonus", "settings_members_bonus_range"),
        ]

    def __str__(self) -> str:
        return gettext("settings of %(store)s") % {"store": self.store_id}

    @classmethod
    def of(cls, store: Store) -> "Settings":
        """Those of the store, or the defaults, not saved."""
        return cls.objects.filter(store=store).first() or cls(store=store)

    @classmethod
    def lock(cls, store: Store) -> "Settings":
        """Those of the store, held until the transaction ends."""
        Settings.objects.bulk_create([Settings(store=store)], ignore_conflicts=True)
        return Settings.objects.select_for_update().get(store=store)
