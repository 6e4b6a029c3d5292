"""A coupon of a blogger, as it is added and edited."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.filters import ProductField
from customers.models import Customer
from loyalty.coupons import CodeTaken
from loyalty.models import Coupon
from loyalty.models.coupon import CODE_FROM, CODE_TO
from products.models import Product
from stores.forms import DayField, PercentField, PeriodForm
from stores.opened import RowForm

from .quote import CustomerField, SoldField

BAD_CODE = gettext_noop(
    "Enter %(least)s to %(most)s letters a to z, digits, dots, hyphens or underscores."
)
TAKEN = gettext_noop("There is a coupon of that code.")


class CodeField(forms.CharField):
    """A code that can be typed in-world and on any keyboard."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if not re.fullmatch(rf"[A-Za-z0-9._-]{{{CODE_FROM},{CODE_TO}}}", code):
            limits = {"least": CODE_FROM, "most": CODE_TO}
            raise forms.ValidationError(_(BAD_CODE) % limits)
        return code


class CouponForm(PeriodForm, RowForm):
    """Whose coupon it is, what it gives, and when."""

    model = Coupon
    editable = ("code", "owner", "commission", "share", "first", "last", "product", "active")

    def add_fields(self) -> None:
        store = self.store
        self.fields["code"] = CodeField(
            label=_("Code"), help_text=_("What buyers type; small and capital letters are alike.")
        )
        self.fields["owner"] = CustomerField(
            store=store, label=_("Owner"), help_text=_("The customer who earns the commission.")
        )
        self.fields["owner"].required = True
        self.fields["commission"] = PercentField(
            label=_("Owner's commission %"), help_text=_("Of the price paid at the vendor.")
        )
        self.fields["share"] = PercentField(
            label=_("Customer's share %"), help_text=_("Of the same price, added to their credit.")
        )
        self.fields["first"] = _day(_("From"), _("The first day; blank for no beginning."))
        self.fields["last"] = _day(_("Until"), _("The last day; blank for no end."))
        # One whose product was deleted since can still be edited.
        sold = SoldField if self.row is None else ProductField
        self.fields["product"] = sold(
            store=store, label=_("Product"), help_text=_("Blank: the whole store.")
        )
        self.fields["active"] = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def fill(self) -> None:
        """Rows are shown by their names, and remembered by their keys."""
        super().fill()
        self.fields["owner"].initial = self.row.owner.username
        self.fields["product"].initial = self.row.product.name if self.row.product else ""

    def shown(self, name: str, value: Any) -> str:
        if name == "owner":
            return str(Customer.objects.get(store=self.store, pk=value).username)
        if name == "product":
            return (
                Product.objects.get(store=self.store, pk=value).name if value else _("Whole store")
            )
        return super().shown(name, value)

    def show_taken(self, taken: CodeTaken) -> None:
        self.add_error("code", _(TAKEN))


def _day(label: str, help_text: str) -> DayField:
    return DayField(label=label, required=False, help_text=help_text)
