"""Pages of vendor groups."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from products import tables
from products.filters import VendorGroupFilters
from products.forms import VendorGroupForm
from products.models import Vendor, VendorGroup
from products.models.vendor import SELLING
from products.views.base import AddRow, CatalogueList, Deletion, EditRow, of_each
from stores.tables import Row
from stores.views import RowView, Sort
from stores.views.lists import Action, by_key

HELD = of_each(Vendor.objects.filter(SELLING), "group", Count("pk"))


class GroupList(CatalogueList):
    """Vendors that share a discount."""

    list_name = "products:groups"
    title = gettext_lazy("Vendor groups")
    noun = npgettext_lazy("counted", "vendor group", "vendor groups")
    table_class = tables.VendorGroupTable
    filterset_class = VendorGroupFilters
    default_sort = "name"
    search_hint = gettext_lazy("Search by name")
    add_name = "products:add_group"
    add_label = gettext_lazy("Add vendor group")
    sorts = {
        "name": Sort("name_order"),
        "discount": Sort("discount"),
        "vendors": Sort("held", computed=HELD),
    }

    def listed(self) -> QuerySet[VendorGroup]:
        return VendorGroup.objects.filter(store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows: QuerySet[Any, Any] = VendorGroup.objects.filter(pk__in=keys).order_by()
        counted = self.for_shown({"vendors": {"held": HELD}})
        found = by_key(rows.values("pk", "name", "discount", **counted))
        return {key: {**row, "vendors": row.get("held")} for key, row in found.items()}

    def actions(self) -> list[Action]:
        return [*self.adding(), self.link(_("Vendors"), "products:vendors", "building-store")]

    def empty_words(self) -> tuple[str, str]:
        return _("No vendor groups yet"), _("Vendors of a group share its discount.")


class AddGroup(AddRow):
    """A new vendor group."""

    title = gettext_lazy("Add vendor group")
    submit_label = gettext_lazy("Add vendor group")
    form_class = VendorGroupForm
    list_name = "products:groups"


class GroupView(RowView):
    """A vendor group of the store."""

    model = VendorGroup
    slot = "group"
    list_name = "products:groups"


class EditGroup(GroupView, EditRow):
    """A vendor group, its name and its discount."""

    form_class = VendorGroupForm

    def links(self) -> list[tuple[str, str]]:
        return [(_("Delete"), self.address("products:group_deletion"))]


class GroupDeletion(GroupView, Deletion):
    """Deletes an empty vendor group."""

    means = gettext_lazy("Only a group without vendors can be deleted.")
    kept = gettext_lazy(
        "%(name)s is not empty: vendors stand in it, maybe retired ones. Put them into another"
        " group first. Nothing was deleted."
    )
