"""What is known of the picture that a customer has at Second Life."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore
from stores.models import Store
from stores.models.defaults import EMPTY

from .customer import Customer


class Portrait(models.Model):
    """When it was looked up and what came of it; `file` is what was made of `image` then. A
    `Customer.picture` by any other name was uploaded. Written only by `customers.portraits`.
    """

    class State(models.TextChoices):
        FOUND = "found", _("found")
        NONE = "none", _("has none")
        FAILED = "failed", _("not to be had")

    customer = models.OneToOneField(
        Customer,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="portrait",
        db_constraint=False,
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=6, choices=State.choices)
    image = models.UUIDField(null=True, blank=True)
    file = models.CharField(max_length=100, blank=True, **EMPTY)
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [SameStore(field="customer", name="portrait_customer_same_store")]

    def __str__(self) -> str:
        return self.get_state_display()
