"""Pages of products."""

from typing import Any

from django.http import HttpResponse

from products.models import Product
from products.models.product import SOLD
from stores.views import StoreRequest, StoreView

SUGGESTED = 20


class ProductNames(StoreView):
    """Names of products that hold what was typed, for a field that takes one. Who owns a deleted
    one can be asked; what it costs cannot.
    """

    template_name = "products/names.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        owned = request.GET.get("owns", "").strip()
        typed = (owned or request.GET.get("product", "").strip())[:200]
        products = Product.objects.filter(store=request.store, name__icontains=typed)
        if not owned:
            products = products.filter(SOLD)
        found = products[:SUGGESTED] if typed else []
        return self.render(self.template_name, {"products": found})
