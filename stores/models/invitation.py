"""An invitation to become a member of a store."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .defaults import EMPTY
from .member import Role
from .store import Store

HOLDS = dt.timedelta(days=7)


def seven_days() -> dt.datetime:
    return timezone.now() + HOLDS


class Invitation(models.Model):
    """A link that makes whoever opens it first a member, until it expires or is revoked; written
    only by `stores.members`.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="invitations"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    note = models.CharField(_("note"), max_length=120, blank=True, **EMPTY)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"), default=seven_days)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at=None),
                name="invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return gettext("invitation as %(role)s") % {"role": self.get_role_display().lower()}

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        ended = self.accepted_at or self.revoked_at
        return not ended and timezone.now() < self.expires_at
