"""The audit trail: who did what to which row, and what it was before."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.constraints import Immutable

from .store import Store


class AuditEntry(models.Model):
    """One deed. `changes` maps a field to its value before and after; written only by
    `stores.audit.record`.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("done at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    action = models.CharField(_("deed"), max_length=40)
    subject_type = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.BigIntegerField(_("number of the subject"))
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["store", "subject_type", "subject_id", "id"], name="audit_subject")
        ]
        constraints = [Immutable(name="audit_is_append_only")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"
