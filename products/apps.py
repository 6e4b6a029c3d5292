"""The app `products`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        from products.bulk_discount import DISCOUNT_CHANGE, DISCOUNT_UNDO
        from products.bulk_rates import RATE_CHANGE, RATE_UNDO
        from stores import batches

        batches.register(DISCOUNT_CHANGE, DISCOUNT_UNDO, RATE_CHANGE, RATE_UNDO)
