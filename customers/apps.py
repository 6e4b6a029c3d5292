"""The app `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.bulk_credit import CREDIT_CHANGE, CREDIT_UNDO
        from customers.imports.kinds import CUSTOMER_IMPORT, CUSTOMER_IMPORT_UNDO
        from stores import batches

        batches.register(CREDIT_CHANGE, CREDIT_UNDO, CUSTOMER_IMPORT, CUSTOMER_IMPORT_UNDO)
