"""Pages of products."""

from typing import Any

from django.http import HttpResponse

from products.models import Product
from stores.views import StoreRequest, StoreView

SUGGESTED = 20


class ProductNames(StoreView):
    """Names of products that hold what was typed, for a field that takes one."""

    template_name = "products/names.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        typed = (request.GET.get("owns") or request.GET.get("product") or "").strip()[:200]
        products = (
            Product.objects.filter(store=request.store, name__icontains=typed)
            if typed
            else Product.objects.none()
        )
        return self.render(self.template_name, {"products": products[:SUGGESTED]})
