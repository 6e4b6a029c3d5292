"""Pages of vendors: the list, one vendor, retiring it, deleting one that never sold."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, npgettext_lazy

from products import tables
from products.filters import VendorFilters
from products.forms import VendorForm
from products.models import Vendor
from products.models.vendor import SELLING
from products.views.base import (
    AddRow,
    CatalogueList,
    Deletion,
    EditRow,
    PuttingAway,
    TakingBack,
)
from stores.rights import Right
from stores.tables import Row
from stores.views import RowView, Sort
from stores.views.lists import Action, by_key


class VendorList(CatalogueList):
    """Every place that sells."""

    list_name = "products:vendors"
    title = gettext_lazy("Vendors")
    noun = npgettext_lazy("counted", "vendor", "vendors")
    table_class = tables.VendorTable
    filterset_class = VendorFilters
    default_sort = "name"
    search_hint = gettext_lazy("Search by name")
    add_name = "products:add_vendor"
    add_label = gettext_lazy("Add vendor")
    sorts = {
        "name": Sort("name_order"),
        "group": Sort("street_order", computed=Coalesce("group__name_order", Value(""))),
        "discount": Sort("discount"),
        "group_discount": Sort("group_discount"),
    }

    def listed(self) -> QuerySet[Vendor]:
        return Vendor.objects.filter(SELLING, store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows: QuerySet[Any, Any] = (
            Vendor.objects.filter(pk__in=keys).order_by().annotate(street=F("group__name"))
        )
        found = by_key(rows.values("pk", "name", "street", "discount", "group_discount"))
        return {key: {**row, "group": row["street"]} for key, row in found.items()}

    def actions(self) -> list[Action]:
        return [
            *self.adding(),
            *self._discount(_("Bulk discount"), of_list=True),
            self.link(_("Vendor groups"), "products:groups", "map-pin"),
            self.link(_("Retired"), "products:retired", "archive"),
        ]

    def ticked_actions(self) -> list[Action]:
        return self._discount(_("Set discount"))

    def _discount(self, label: str, *, of_list: bool = False) -> list[Action]:
        """The button that sets what many take off, for who may."""
        if not self.may(Right.SET_DISCOUNTS):
            return []
        url = reverse("products:bulk_rates", args=[self.request.store.slug])
        return [Action(label, url, "discount", of_list=of_list)]

    def empty_words(self) -> tuple[str, str]:
        return _("No vendors yet"), _("The places that sell stand here, with what they take off.")


class RetiredVendors(VendorList):
    """Vendors that sell no more."""

    list_name = "products:retired"
    title = gettext_lazy("Retired vendors")
    noun = ngettext_lazy("retired vendor", "retired vendors")

    def listed(self) -> QuerySet[Vendor]:
        return Vendor.objects.filter(~SELLING, store=self.request.store)

    def actions(self) -> list[Action]:
        return [self.link(_("Vendors"), "products:vendors", "building-store")]

    def ticked_actions(self) -> list[Action]:
        return []

    def empty_words(self) -> tuple[str, str]:
        return _("No retired vendors"), _("What you retire is kept here, and can be revived.")


class AddVendor(AddRow):
    """A new vendor."""

    title = gettext_lazy("Add vendor")
    submit_label = gettext_lazy("Add vendor")
    form_class = VendorForm
    list_name = "products:vendors"


class VendorView(RowView):
    """A vendor of the store."""

    model = Vendor
    slot = "vendor"
    list_name = "products:vendors"


class EditVendor(VendorView, EditRow):
    """A vendor; a retired one can be revived from here."""

    form_class = VendorForm

    def links(self) -> list[tuple[str, str]]:
        away = (_("Retire"), self.address("products:retirement"))
        back = (_("Revive"), self.address("products:revival"))
        delete = (_("Delete"), self.address("products:vendor_deletion"))
        key = [(_("Key"), self.address("sales:key"))] if self.may(Right.RUN_STORE) else []
        return [*key, back if self.row.retired_at else away, delete]

    def context(self, form: VendorForm) -> dict[str, Any]:
        sold = _("Purchases"), urlencode({"vendor": self.row.pk})
        return {**super().context(form), "sold": sold}


class Retirement(VendorView, PuttingAway):
    """Closes a vendor; can be undone."""

    asks = gettext_lazy("Retire %(name)s?")
    means = gettext_lazy(
        "It is no longer listed and sells no more. What it sold stays, and you can revive it."
    )
    label = gettext_lazy("Retire")
    done = gettext_lazy("%(name)s was retired.")
    back_name = "products:revival"


class Revival(VendorView, TakingBack):
    """Opens a retired vendor again."""

    asks = gettext_lazy("Revive %(name)s?")
    means = gettext_lazy("It is listed and sells as before.")
    label = gettext_lazy("Revive")
    done = gettext_lazy("%(name)s was revived.")


class VendorDeletion(VendorView, Deletion):
    """Deletes a vendor that never sold anything."""

    means = gettext_lazy(
        "It is gone for good. A vendor that sold something is kept: retire it instead."
    )
    kept = gettext_lazy(
        "%(name)s sold something, so it is kept. Retire it instead. Nothing was deleted."
    )
