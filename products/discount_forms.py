"""Forms that set one discount on many products or vendors."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.discounts import Discount
from products.forms import check_days, discount_fields
from products.rates import Asked
from products.selection import Selection, VendorSelection
from stores.forms import PercentField, StoreForm
from stores.ticks import TargetsForm

LEFT = gettext_lazy("Blank leaves each as it is; 0 clears it.")


class DiscountFields(forms.Form):
    """A discount and its days; 0 % takes away what there is."""

    def add_discount(self) -> None:
        self.fields |= discount_fields()
        self.fields["discount"].help_text = _("Whole per cent, 0 to 100. 0 clears it.")

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
    label = gettext_lazy("Products")
    everything = gettext_lazy("Every product")

    def build(self) -> None:
        self.add_discount()
        self.offer_targets()


class BulkRatesForm(TargetsForm):
    """What is taken off, and at which vendors; a blank changes nothing."""

    targets = VendorSelection
    label = gettext_lazy("Vendors")
    everything = gettext_lazy("Every vendor")

    def build(self) -> None:
        for name, label in (("discount", _("Discount %")), ("members", _("Members' rate %"))):
            self.fields[name] = PercentField(label=label, empty=None, help_text=LEFT)
        self.offer_targets()

    def clean(self) -> None:
        super().clean()
        if not self.errors and self.asked == Asked(None, None):
            raise forms.ValidationError(_("Enter a discount, a members' rate, or both."))

    @property
    def asked(self) -> Asked:
        """What a valid form asks for."""
        return Asked(self.cleaned_data["discount"], self.cleaned_data["members"])


class CategoryDiscountForm(DiscountFields, StoreForm):
    """A discount for each product of a category."""

    def build(self) -> None:
        self.add_discount()
