"""Pages of coupons: the list, a new one, and one with what was sold under it."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from loyalty import coupons
from loyalty.filters import CouponFilters
from loyalty.forms import CouponForm
from loyalty.models import Coupon, CouponUse
from loyalty.tables import CouponTable
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row
from stores.views import AddRow, EditRow, ListPage, Sort, rows
from stores.views.lists import Action, by_key

USES_SHOWN = 20
CELLS = ("code", "commission", "share", "first", "last", "active", "uses", "earned", "given")


class CouponList(ListPage):
    """Every coupon of the store."""

    list_name = "loyalty:coupons"
    title = gettext_lazy("Coupons")
    noun = npgettext_lazy("counted", "coupon", "coupons")
    table_class = CouponTable
    filterset_class = CouponFilters
    default_sort = "code"
    search_hint = gettext_lazy("Search by code")
    sorts = {"code": Sort("code_key"), "uses": Sort("uses"), "earned": Sort("earned")}

    def listed(self) -> QuerySet[Coupon]:
        return Coupon.objects.filter(store=self.request.store)

    def total(self) -> Count:
        return Count.up_to_cap(self.listed())

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows: QuerySet[Any, Any] = Coupon.objects.filter(pk__in=keys).order_by()
        named = rows.annotate(blogger=F("owner__username"), goods=F("product__name"))
        today = self.request.store.today()
        return {
            key: {**row, "owner": row["blogger"], "product": row["goods"], "today": today}
            for key, row in by_key(named.values("pk", "blogger", "goods", *CELLS)).items()
        }

    def actions(self) -> list[Action]:
        slug = self.request.store.slug
        loyalty = Action(_("Loyalty discounts"), reverse("loyalty:tiers", args=[slug]), "award")
        if not self.may(Right.SET_DISCOUNTS):
            return [loyalty]
        url = reverse("loyalty:add_coupon", args=[slug])
        return [Action(_("Add coupon"), url, "plus", primary=True), loyalty]

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No coupons yet"),
            _(
                "Give a blogger a code: who buys with it gets a share as credit, and the blogger"
                " earns a commission."
            ),
        )


class CouponPage(rows.SavesRow):
    """A form about a coupon."""

    template_name = "loyalty/coupon.html"
    form_class = CouponForm
    refusals = (coupons.CodeTaken,)

    def refuse(self, form: CouponForm, refused: Any) -> None:
        form.show_taken(refused)


class AddCoupon(CouponPage, AddRow):
    """A new coupon."""

    right = Right.SET_DISCOUNTS
    title = gettext_lazy("Add coupon")
    submit_label = gettext_lazy("Add coupon")
    list_name = "loyalty:coupons"

    def add(self, form: CouponForm) -> Coupon:
        return coupons.add(store=self.request.store, by=self.request.user, **form.values)


class EditCoupon(CouponPage, EditRow):
    """A coupon, and what was sold under it."""

    change_right = Right.SET_DISCOUNTS
    model = Coupon
    slot = "coupon"
    list_name = "loyalty:coupons"
    related = ("owner", "product")

    def save(self, form: CouponForm) -> bool:
        opened, by = form.cleaned_data["opened"], self.request.user
        return bool(coupons.edit(coupon=self.row, by=by, opened=opened, fields=form.values))

    def context(self, form: CouponForm) -> dict[str, Any]:
        uses = CouponUse.objects.filter(coupon=self.row).order_by("-id")
        read = uses.select_related("purchase__payer", "purchase__product")
        return {**super().context(form), "uses": read[:USES_SHOWN]}
