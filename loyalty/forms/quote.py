"""What a price is asked for: product, vendor, customer, for whom, and by which coupon."""

import re
import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from customers.filters import ProductField
from customers.models import Customer
from customers.names import BadName, name_key, normalise
from loyalty import coupons
from loyalty.models import Coupon
from loyalty.models.coupon import CODE_TO
from loyalty.quotes import Question
from products.models import Product, Vendor
from products.models.product import SOLD
from products.models.vendor import SELLING
from stores.forms import StoreForm
from stores.models import Store

MOST_PIECES = 1000


class SoldField(ProductField):
    """A product that is sold, by its name."""

    def products(self) -> QuerySet[Product]:
        return super().products().filter(SOLD)


class CustomerField(forms.CharField):
    """A customer of the store by username or uuid; None where nobody is named."""

    def __init__(self, *, store: Store, **kwargs: Any):
        widget = forms.TextInput(attrs={"list": "people-names", "autocomplete": "off"})
        super().__init__(required=False, max_length=128, widget=widget, **kwargs)
        self.store = store

    def clean(self, value: Any) -> Customer | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = Customer.objects.filter(self._named(typed), store=self.store).first()
        return self.unknown(typed) if found is None else found

    def unknown(self, typed: str) -> Any:
        """What to make of a name that no customer has."""
        raise forms.ValidationError(_("There is no customer of that name."))

    def _named(self, typed: str) -> Q:
        try:
            return Q(uuid=uuid.UUID(typed))
        except ValueError:
            pass
        try:
            return Q(name_key=name_key(normalise(typed, self.store.name_rule)))
        except BadName as error:
            raise forms.ValidationError(str(error)) from None


class RecipientField(CustomerField):
    """A customer, or the name of somebody who is none yet."""

    def unknown(self, typed: str) -> str:
        return typed


class VendorField(forms.CharField):
    """A vendor that sells, by its name; None is no vendor."""

    def __init__(self, *, store: Store, **kwargs: Any):
        widget = forms.TextInput(attrs={"list": "vendor-names", "autocomplete": "off"})
        super().__init__(required=False, max_length=120, widget=widget, **kwargs)
        self.store = store

    def clean(self, value: Any) -> Vendor | None:
        name = super().clean(value)
        if not name:
            return None
        vendors = Vendor.objects.filter(SELLING, store=self.store).select_related("group")
        found = vendors.filter(name=name).first() or vendors.filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("There is no vendor of that name."))
        return found


class CouponField(forms.CharField):
    """A coupon of the store by its code; None is no coupon."""

    def __init__(self, *, store: Store, **kwargs: Any):
        super().__init__(required=False, max_length=CODE_TO, **kwargs)
        self.store = store

    def clean(self, value: Any) -> Coupon | None:
        code = super().clean(value)
        if not code:
            return None
        found = coupons.named(self.store, code)
        if found is None:
            raise forms.ValidationError(_("There is no coupon of that code."))
        return found


class QuantityField(forms.Field):
    """How many pieces; a blank is one."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int:
        typed = (value or "1").strip() or "1"
        if not re.fullmatch("[0-9]{1,4}", typed, re.ASCII) or not 0 < int(typed) <= MOST_PIECES:
            raise forms.ValidationError(
                _("Enter a whole number from 1 to %(most)s.") % {"most": f"{MOST_PIECES:,}"}
            )
        return int(typed)


class QuoteForm(StoreForm):
    """A question for a price, as it stands in the address."""

    def build(self) -> None:
        product = SoldField(store=self.store, label=_("Product"))
        product.required = True
        self.fields["product"] = product
        self.fields["vendor"] = VendorField(
            store=self.store, label=_("Vendor"), help_text=_("Blank: without a vendor's discount.")
        )
        self.fields["customer"] = CustomerField(
            store=self.store, label=_("Customer who pays"), help_text=_("Blank: somebody new.")
        )
        self.fields["recipient"] = RecipientField(
            store=self.store, label=_("Gift to"), help_text=_("Anybody. Blank: for themself.")
        )
        self.fields["quantity"] = QuantityField(label=_("Quantity"), required=False)
        self.fields["coupon"] = CouponField(
            store=self.store, label=_("Coupon code"), help_text=_("Blank: without a coupon.")
        )
        self.fields["use_credit"] = forms.BooleanField(label=_("Uses credit"), required=False)

    @property
    def question(self) -> Question:
        asked = self.cleaned_data
        recipient = asked["recipient"]
        known = isinstance(recipient, Customer)
        return Question(
            store=self.store,
            product=asked["product"],
            vendor=asked["vendor"],
            payer=asked["customer"],
            recipient=recipient if known else None,
            stranger="" if known else recipient or "",
            uses_credit=asked["use_credit"],
            quantity=asked["quantity"],
            coupon=asked["coupon"],
        )
