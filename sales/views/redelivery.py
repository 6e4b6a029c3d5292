"""Delivering a product again, and the deliveries of one customer: a piece of the profile, and a
page of its own.
"""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.views.base import CustomerView
from customers.views.products import OwnedProductView
from sales import deliveries
from sales.models import Delivery
from sales.models.delivery import UNDER_WAY
from sales.refused import Refused
from sales.views.base import answer_delivery
from stores.rights import Right
from stores.views import StoreRequest

SHOWN = 10


class Redeliver(OwnedProductView):
    """Creating a delivery: the product is handed over to its owner once more."""

    right = Right.EDIT_CUSTOMERS
    label = gettext_lazy("Redeliver")

    def question(self) -> str:
        return _("Deliver %(product)s again?") % {"product": self.product.name}

    def words(self) -> str:
        return _(
            "%(name)s is given another copy. While one is under way, it stays at that one."
        ) % {"name": self.customer.username}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        customer, product = self.customer, self.product
        try:
            made = deliveries.redeliver(customer=customer, product=product, by=request.user)
        except Refused as refused:
            return answer_delivery(request, str(refused), customer, level="error")
        text = _("%(product)s for %(name)s: %(state)s.") % {
            "product": product.name,
            "name": customer.username,
            "state": made.get_state_display(),
        }
        return answer_delivery(request, text, customer)


class CustomerDeliveries(CustomerView):
    """The latest deliveries to a customer, with their states."""

    template_name = "sales/customer_deliveries.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        rows = Delivery.objects.filter(recipient=self.customer).select_related("product")
        found = list(rows.order_by("-pk")[:SHOWN])
        context = {
            "title": _("Deliveries to %(name)s") % {"name": self.customer.username},
            "customer": self.customer,
            "deliveries": found,
            "under_way": any(delivery.state in UNDER_WAY for delivery in found),
            "may_send": self.may(Right.EDIT_CUSTOMERS),
        }
        return self.render(self.template_name, context, part="piece")
