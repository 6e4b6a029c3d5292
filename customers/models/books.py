"""What is kept once per store so that lists stay fast: how far the year has rolled, how many
customers are listed; and of its books: what moved on each day, and when they were checked.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stores.models import Store

from .account import Balance, Kind


class YearWindow(models.Model):
    """`Customer.spent_year` sums what counts on days later than `through` less 365 days, days being
    those of `time_zone`. Locked by who writes figures.
    """

    store = models.OneToOneField(
        Store, on_delete=models.PROTECT, primary_key=True, related_name="year_window"
    )
    through = models.DateField()
    time_zone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.store_id} through {self.through}"


class CustomerCount(models.Model):
    """The number of listed customers of a store."""

    store = models.OneToOneField(
        Store, on_delete=models.PROTECT, primary_key=True, related_name="customer_count"
    )
    listed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(listed__gte=0), name="customer_count_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.listed} customers of {self.store_id}"


class CreditDay(models.Model):
    """What the entries of one kind moved of one balance on a day that is over; written only by
    `customers.liability.close_days`.

    The day of the store is the time from `starts_at` up to `ends_at`. Days follow one another
    without a gap, so that sums over them stay right when the store moves to another time zone.
    """

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    balance = models.CharField(max_length=10, choices=Balance.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    moved = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
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
        return f"{self.get_balance_display()} on {self.day}: {self.moved:+d}"


class BookCheck(models.Model):
    """The outcome of checking the books of a store; `lines` are the first differences in words."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    differences = models.BigIntegerField()
    lines = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-at"], name="book_check_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(differences__gte=0), name="book_check_counts")
        ]

    def __str__(self) -> str:
        return f"{self.differences} differences"
