"""What is kept once per store so that lists stay fast: how far the year has rolled, how many
customers are listed; and of its books: what was bought and what moved on each day, and when they
were checked.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.models import Store
from stores.models.defaults import NO, ZERO

from .account import Balance, Kind


class YearWindow(models.Model):
    """`Customer.spent_year` sums what counts on days later than `through` less 365 days, days being
    those of `time_zone`. What was bought up to `closed` is kept by day. Locked by who writes
    figures.
    """

    store = models.OneToOneField(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="year_window",
    )
    through = models.DateField(_("rolled through"))
    time_zone = models.CharField(max_length=64)
    closed = models.DateField(_("closed through"), null=True)

    class Meta:
        verbose_name = _("year window")
        verbose_name_plural = _("year windows")

    def __str__(self) -> str:
        return gettext("%(store)s through %(day)s") % {"store": self.store_id, "day": self.through}


class CustomerCount(models.Model):
    """The number of listed customers of a store."""

    store = models.OneToOneField(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="customer_count",
    )
    listed = models.BigIntegerField(_("listed customers"), default=0)

    class Meta:
        verbose_name = _("customer count")
        verbose_name_plural = _("customer counts")
        constraints = [
            models.CheckConstraint(condition=Q(listed__gte=0), name="customer_count_not_negative")
        ]

    def __str__(self) -> str:
        return gettext("%(number)s customers of %(store)s") % {
            "number": self.listed,
            "store": self.store_id,
        }


class CreditDay(models.Model):
    """What the entries of one kind moved of one balance on a day that is over; written only by
    `customers.liability.close_days`.

    The day of the store is the time from `starts_at` up to `ends_at`. Days follow one another
    without a gap, so that sums over them stay right when the store moves to another time zone.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    balance = models.CharField(_("balance"), max_length=10, choices=Balance.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    moved = models.BigIntegerField(_("moved"))
    entries = models.BigIntegerField(_("entries"))

    class Meta:
        verbose_name = _("credit day")
        verbose_name_plural = _("credit days")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "day", "balance", "kind"], name="credit_day_once"
            ),
            models.CheckConstraint(condition=Q(entries__gte=1), name="credit_day_counts"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="credit_day_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(balance)s on %(day)s: %(moved)s") % {
            "balance": self.get_balance_display(),
            "day": self.day,
            "moved": f"{self.moved:+d}",
        }


class PurchaseDay(models.Model):
    """What was bought on a day that is over; none where nothing was. Written only by
    `customers.turnover`.

    `first_time` and `returning` count the customers whose first purchase in that month was on that
    day, so that days add up to months. A stale day is added up anew.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))
    money = models.BigIntegerField(_("money"), **ZERO)
    sold = models.BigIntegerField(_("sold"), **ZERO)
    returned = models.BigIntegerField(_("returned"), **ZERO)
    first_time = models.BigIntegerField(_("first-time customers"), **ZERO)
    returning = models.BigIntegerField(_("returning customers"), **ZERO)
    stale = models.BooleanField(_("to be added up anew"), **NO)

    class Meta:
        verbose_name = _("purchase day")
        verbose_name_plural = _("purchase days")
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="purchase_day_once"),
            models.CheckConstraint(
                condition=Q(sold__gte=0, returned__gte=0, first_time__gte=0, returning__gte=0),
                name="purchase_day_counts",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(money)s of %(store)s on %(day)s") % {
            "money": self.money,
            "store": self.store_id,
            "day": self.day,
        }


class BookCheck(models.Model):
    """The outcome of checking the books of a store; `lines` are the first differences in words."""

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("checked at"), default=timezone.now)
    differences = models.BigIntegerField(_("differences"))
    lines = models.TextField(_("first differences"), blank=True)

    class Meta:
        verbose_name = _("book check")
        verbose_name_plural = _("book checks")
        indexes = [models.Index(fields=["store", "-at"], name="book_check_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(differences__gte=0), name="book_check_counts")
        ]

    def __str__(self) -> str:
        return gettext("%(number)s differences") % {"number": self.differences}
