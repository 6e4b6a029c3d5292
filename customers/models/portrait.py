"""What is known of the picture that a customer has at Second Life."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore
from stores.models import Store
from stores.models.defaults import EMPTY
from stores.models.keys import checked_key

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
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="portrait",
        db_constraint=False,
    )
    store = checked_key(Store, _("store"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices)
    image = models.UUIDField(_("image"), null=True, blank=True)
    file = models.CharField(_("file"), max_length=100, blank=True, **EMPTY)
    looked_at = models.DateTimeField(_("looked up at"), default=timezone.now)

    class Meta:
        verbose_name = _("portrait")
        verbose_name_plural = _("portraits")
        constraints = [SameStore(field="customer", name="portrait_customer_same_store")]

    def __str__(self) -> str:
        return self.get_state_display()
