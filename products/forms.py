"""Forms of the catalogue."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.models import Category, Product, Vendor, VendorGroup
from stores.forms import DayField, MoneyField, PercentField
from stores.opened import RowForm
from stores.pictures import PictureField

PERCENT = gettext_lazy("Whole per cent, 0 to 100.")


class CatalogueForm(RowForm):
    """A row of the catalogue, which has a name."""

    editable: tuple[str, ...] = ("name",)

    def add_fields(self) -> None:
        length = self.model._meta.get_field("name").max_length
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=length,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.add_more()

    def add_more(self) -> None:
        """Add the fields besides the name."""

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def show_taken(self, taken: Any) -> None:
        """Link to the row that has that name."""
        if getattr(taken, "deleted_at", None):
            text = _("There is one of that name: {link}, deleted.")
        elif getattr(taken, "retired_at", None):
            text = _("There is one of that name: {link}, retired.")
        else:
            text = _("There is one of that name: {link}.")
        link = format_html('<a href="{}" data-dialog>{}</a>', taken.get_absolute_url(), taken.name)
        self.add_error("name", format_html(text, link=link))

    def _choose(self, name: str, label: str, model: Any) -> None:
        rows = model.objects.filter(store=self.store).order_by("name_order", "pk")
        self.fields[name] = forms.ModelChoiceField(
            rows, label=label, required=False, empty_label=_("None")
        )


class ProductForm(CatalogueForm):
    """A product, its price and its discount."""

    model = Product
    editable = (
        "name",
        "category",
        "price",
        "discount",
        "discount_from",
        "discount_until",
        "copy",
        "blocks_credit",
    )

    def add_more(self) -> None:
        self._choose("category", _("Category"), Category)
        self.fields["price"] = MoneyField(
            label=_("Price"),
            currency=self.store.money,
            required=True,
            help_text=_("The list price."),
        )
        self.fields |= discount_fields()
        self.fields["copy"] = forms.BooleanField(
            label=_("May be copied"), required=False, help_text=_("It can be delivered again.")
        )
        self.fields["blocks_credit"] = forms.BooleanField(
            label=_("Blocks credit"), required=False, help_text=_("Credit cannot pay for it.")
        )
        self.fields["picture"] = PictureField(label=_("Picture"))
        if self.row is not None and self.row.image:
            self.fields["clear_picture"] = forms.BooleanField(
                label=_("Remove the picture"), required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_days(self)
        return cleaned


class CategoryForm(CatalogueForm):
    """A category has a name only; a discount set on it goes to its products."""

    model = Category


class VendorForm(CatalogueForm):
    """A vendor, and what is taken off there."""

    model = Vendor
    editable = ("name", "group", "discount", "group_discount")

    def add_more(self) -> None:
        self._choose("group", _("Vendor group"), VendorGroup)
        self.fields["discount"] = PercentField(label=_("Discount %"), help_text=PERCENT)
        self.fields["group_discount"] = PercentField(
            label=_("Members' rate %"), help_text=_("For members of the store's group.")
        )


class VendorGroupForm(CatalogueForm):
    """Vendors that share a discount."""

    model = VendorGroup
    editable = ("name", "discount")

    def add_more(self) -> None:
        self.fields["discount"] = PercentField(
            label=_("Discount %"),
            help_text=_("At each of its vendors. Whole per cent, 0 to 100."),
        )


def discount_fields() -> dict[str, forms.Field]:
    """A discount and the days that it holds on, the last one too."""
    return {
        "discount": PercentField(label=_("Discount %"), help_text=PERCENT),
        "discount_from": _day(_("From"), _("The first day; blank for no beginning.")),
        "discount_until": _day(_("Until"), _("The last day; blank for no end.")),
    }


def check_days(form: forms.Form) -> None:
    """Say it where a discount would end before it begins."""
    first, last = (form.cleaned_data.get(name) for name in ("discount_from", "discount_until"))
    if first and last and last < first:
        form.add_error("discount_until", _("Choose a day that is not before the first one."))


def _day(label: str, help_text: str) -> DayField:
    return DayField(label=label, required=False, help_text=help_text)
