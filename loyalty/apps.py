"""The app `loyalty`."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "loyalty"

    def ready(self) -> None:
        from loyalty.kept import CLEARING, KEEPING, KEPT_UNDO
        from stores import batches

        batches.register(KEEPING, CLEARING, KEPT_UNDO)
