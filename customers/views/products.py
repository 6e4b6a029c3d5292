"""Removing a product from what a customer owns, and undoing that."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import purchases
from customers.views.base import CustomerView
from products.models import Product
from stores.rights import Right
from stores.views import ConfirmPage, StoreRequest, answer_saved


class OwnedProductView(CustomerView, ConfirmPage):
    """A deed about a product of the store and a customer."""

    right = Right.REMOVE_PRODUCTS

    @cached_property
    def product(self) -> Product:
        product = Product.objects.filter(
            store=self.request.store, pk=self.kwargs["product"]
        ).first()
        if product is None:
            raise Http404
        return product


class Removal(OwnedProductView):
    """Creating one marks every row of the product that the customer received."""

    label = gettext_lazy("Remove")

    def question(self) -> str:
        return _("Remove %(product)s?") % {"product": self.product.name}

    def words(self) -> str:
        return _(
            "%(customer)s no longer owns it and cannot have it delivered again. What was spent"
            " stays."
        ) % {"customer": self.customer.username}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        customer, product = self.customer, self.product
        moment = purchases.remove_product(customer=customer, product=product, by=request.user)
        if moment is None:
            return answer_saved(
                request,
                _("%(customer)s does not own %(product)s.")
                % {"customer": customer.username, "product": product.name},
                customer,
            )
        undo = reverse("customers:restoration", args=[request.store.slug, customer.pk, product.pk])
        return answer_saved(
            request,
            _("%(product)s was removed from %(customer)s.")
            % {"product": product.name, "customer": customer.username},
            customer,
            undo=f"{undo}?{urlencode({'removed_at': moment.isoformat()})}",
            stay=True,
        )


class Restoration(OwnedProductView):
    """Creating one undoes exactly the removal made at that moment."""

    label = gettext_lazy("Give back")

    def question(self) -> str:
        return _("Give %(product)s back?") % {"product": self.product.name}

    def words(self) -> str:
        return _("%(customer)s owns it again, exactly as before.") % {
            "customer": self.customer.username
        }

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        customer, product = self.customer, self.product
        moment = self._moment(request.GET.get("removed_at", ""))
        if moment is None or not purchases.restore_product(
            customer=customer, product=product, removed_at=moment, by=request.user
        ):
            return answer_saved(request, _("That removal was undone already."), customer, stay=True)
        return answer_saved(
            request,
            _("%(customer)s owns %(product)s again.")
            % {"customer": customer.username, "product": product.name},
            customer,
            stay=True,
        )

    def _moment(self, text: str) -> Any:
        try:
            moment = parse_datetime(text)
        except ValueError:
            return None
        return moment if moment and moment.tzinfo else None
