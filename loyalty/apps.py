"""The app `loyalty`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoyaltyConfig(AppConfig):
    name = "loyalty"
    verbose_name = _("Loyalty")

    def ready(self) -> None:
        from loyalty.kept import CLEARING, KEEPING, KEPT_UNDO
        from stores import batches

        batches.register(KEEPING, CLEARING, KEPT_UNDO)
