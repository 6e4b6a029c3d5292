"""What is kept once per store so that lists stay fast: how far the year has rolled, and how many
customers are listed.
"""

from django.db import models

from stores.models import Store


class YearWindow(models.Model):
    """`Customer.spent_year` sums what counts on days later than `through` less 365 days. Locked by
    who writes figures.
    """

    store = models.OneToOneField(
        Store, on_delete=models.PROTECT, primary_key=True, related_name="year_window"
    )
    through = models.DateField()

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
            models.CheckConstraint(
                condition=models.Q(listed__gte=0), name="customer_count_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.listed} customers of {self.store_id}"
