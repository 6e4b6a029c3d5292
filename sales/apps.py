"""The app `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        from sales.bulk_redelivery import BULK_REDELIVERY
        from stores import batches

        batches.register(BULK_REDELIVERY)
