"""The lines of a customer file, as they were read and judged."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore
from stores.models import BatchRow
from stores.models.batch import row_indexes
from stores.models.defaults import EMPTY, ZERO

from .customer import Customer


class LineState(models.TextChoices):
    """What a line of a file comes to."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("unchanged")
    SKIPPED = "skipped", _("skipped")
    CONFLICT = "conflict", _("in conflict")
    REFUSED = "refused", _("refused")


WRITTEN = (LineState.NEW, LineState.CHANGED)


class CustomerLine(BatchRow):
    """One line: whom it means, what it changes, and if it is refused, why.

    `changes` maps a field to what it was and what it shall be; amounts are what is to be moved.
    `name_key` and `uuid` are those that the line would give somebody. `cells` are those of a line
    that is not taken, so that it can be mended.
    """

    line = models.BigIntegerField(_("line"))
    state = models.CharField(_("state"), max_length=8, choices=LineState.choices)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    username = models.CharField(_("username"), max_length=64, blank=True, **EMPTY)
    name_key = models.CharField(_("key of the name"), max_length=200, blank=True, **EMPTY)
    uuid = models.UUIDField("UUID", null=True)
    changes = models.JSONField(_("changes"), default=dict)
    credit_asked = models.BigIntegerField(_("credit asked"), **ZERO)
    credit_was = models.BigIntegerField(_("credit before"), **ZERO)
    restricted_asked = models.BigIntegerField(_("restricted credit asked"), **ZERO)
    restricted_was = models.BigIntegerField(_("restricted credit before"), **ZERO)
    cells = models.JSONField(_("cells"), null=True)
    column = models.CharField(_("column"), max_length=120, blank=True, **EMPTY)
    reason = models.CharField(_("reason"), max_length=300, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("customer line")
        verbose_name_plural = _("customer lines")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="customerline_once"),
            models.CheckConstraint(
                condition=Q(state__in=LineState.values), name="customerline_state_known"
            ),
            SameStore(field="batch", name="customerline_batch_same_store"),
            SameStore(field="customer", name="customerline_customer_same_store"),
        ]
        indexes = [
            *row_indexes("line", "customerline"),
            models.Index(fields=["batch", "state", "line"], name="customerline_by_state"),
            models.Index(
                fields=["customer", "batch"],
                condition=Q(customer__isnull=False),
                name="customerline_by_customer",
            ),
            models.Index(fields=["batch", "name_key"], name="customerline_by_name"),
            models.Index(
                fields=["batch", "uuid"],
                condition=Q(uuid__isnull=False),
                name="customerline_by_uuid",
            ),
        ]
