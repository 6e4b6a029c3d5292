"""Files that people send to be imported."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .defaults import EMPTY
from .store import Store


class Upload(models.Model):
    """A file as it was sent, kept until what became of it is settled; `sha256` knows it again."""

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(upload_to="uploads/", blank=True, **EMPTY)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [models.UniqueConstraint(fields=["store", "id"], name="upload_in_store")]

    def __str__(self) -> str:
        return self.name
