"""The app `sales`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from sales.bulk_redelivery import BULK_REDELIVERY
        from sales.imports.kinds import SALE_IMPORT, SALE_IMPORT_UNDO
        from stores import batches

        batches.register(BULK_REDELIVERY, SALE_IMPORT, SALE_IMPORT_UNDO)
