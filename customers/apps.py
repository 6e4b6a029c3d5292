"""The app `customers`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers.bulk_credit import CREDIT_CHANGE, CREDIT_UNDO
        from customers.imports.kinds import CUSTOMER_IMPORT, CUSTOMER_IMPORT_UNDO
        from stores import batches

        batches.register(CREDIT_CHANGE, CREDIT_UNDO, CUSTOMER_IMPORT, CUSTOMER_IMPORT_UNDO)
