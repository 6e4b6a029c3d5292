"""Forms that set one discount on many products."""

from django import forms

from products.discounts import Discount
from products.forms import check_days, discount_fields
from products.selection import Selection
from stores.forms import StoreForm
from stores.ticks import TargetsForm


class DiscountFields(forms.Form):
    """A discount and its days; 0 % takes away what there is."""

    def add_discount(self) -> None:
        self.fields |= discount_fields()
        self.fields["discount"].help_text += " 0 clears it."

    def clean(self) -> None:
        super().clean()
        check_days(self)

    @property
    def discount(self) -> Discount:
        """What a valid form asks for."""
        values = self.cleaned_data
        return Discount.of(values["discount"], values["discount_from"], values["discount_until"])


class BulkDiscountForm(DiscountFields, TargetsForm):
    """A discount, and for which products."""

    targets = Selection
    label = "Products"
    everything = "Every product"

    def build(self) -> None:
        self.add_discount()
        self.offer_targets()


class CategoryDiscountForm(DiscountFields, StoreForm):
    """A discount for each product of a category."""

    def build(self) -> None:
        self.add_discount()
