"""A store: every row of every other table belongs to one."""

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores import money

from .defaults import EMPTY


class NameRule(models.TextChoices):
    """How the names of customers are read."""

    SECOND_LIFE = "second_life", _("Second Life usernames")
    PLAIN = "plain", _("Names as they are written")


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone called %(name)s.") % {"name": name})


class Store(models.Model):
    """One owner's shop. Currency and name rule are fixed once there is a customer."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="L$",
        choices=[(code, code) for code in money.CURRENCIES],
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Los_Angeles",
        validators=[validate_time_zone],
    )
    name_rule = models.CharField(
        _("name rule"), max_length=16, choices=NameRule.choices, default=NameRule.SECOND_LIFE
    )
    group_name = models.CharField(_("name of the group"), max_length=120, blank=True, **EMPTY)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:list", args=[self.slug])

    @property
    def money(self) -> money.Currency:
        return money.currency(self.currency)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self) -> dt.date:
        """The date in the store's time zone."""
        return timezone.now().astimezone(self.zone).date()

    def day_of(self, at: dt.datetime) -> dt.date:
        """The store's date at that moment."""
        return at.astimezone(self.zone).date()
