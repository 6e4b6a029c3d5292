"""The app `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        from sales.bulk_redelivery import BULK_REDELIVERY
        from sales.imports.kinds import SALE_IMPORT, SALE_IMPORT_UNDO
        from stores import batches

        batches.register(BULK_REDELIVERY, SALE_IMPORT, SALE_IMPORT_UNDO)
