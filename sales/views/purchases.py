"""The Purchases page, and one purchase with all that came of it."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from customers.models import Purchase
from sales import story
from sales.filters import PurchaseFilters, latest_state
from sales.models import Delivery, DeliveryKind
from sales.tables import PurchaseTable
from sales.views.base import SaleList
from stores.rights import Right
from stores.tables import Row
from stores.views import RowView, Sort, StoreRequest
from stores.views.lists import Action, by_key

CELLS = ("at", "payer_id", "recipient_id", "quantity", "price", "money", "receipt")
BY_HAND = Delivery.objects.filter(kind=DeliveryKind.SENT, purchase=OuterRef("pk"))
# What is read for one column alone.
FOR_COLUMN: dict[str, dict[str, Any]] = {
    "kind": {"is_sent": Exists(BY_HAND)},
    "payer": {"paid_by": F("payer__username")},
    "recipient": {"given_to": F("recipient__username")},
    "delivery": {"delivery": latest_state()},
    "credit_used": {"credit_used": F("credit") + F("restricted")},
    "vendor": {"stall": F("vendor__name")},
}


class PurchaseList(SaleList):
    """Everything that was bought, given and returned, newest first."""

    list_name = "sales:purchases"
    title = gettext_lazy("Purchases")
    noun = npgettext_lazy("counted", "purchase", "purchases")
    table_class = PurchaseTable
    filterset_class = PurchaseFilters
    search_hint = gettext_lazy("Search by receipt or customer")

    @property
    def sorts(self) -> dict[str, Sort]:  # type: ignore[override]
        """By the day that a purchase counts on where the list is narrowed by it: a return counts on
        that of what it returns, however much later it came.
        """
        by_day = self.filters.values.keys() & {"counts_from", "counts_until"}
        return {"at": Sort("counts_on" if by_day else "at")}

    def listed(self) -> QuerySet[Purchase]:
        return Purchase.objects.filter(store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows = Purchase.objects.filter(pk__in=keys).order_by()
        found = by_key(
            rows.values(
                "pk",
                *CELLS,
                title=F("product__name"),
                deleted_at=F("product__deleted_at"),
                **self.for_shown(FOR_COLUMN),
            )
        )
        people = self.request.store.get_absolute_url()
        kinds = _kinds()
        return {key: {**row, **_words(row, kinds), "people": people} for key, row in found.items()}

    def actions(self) -> list[Action]:
        export = Action(_("Export"), self.url("exports:purchases"), "download", dialog=False)
        return self.offered((Right.EXPORT, export))

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No purchases yet"),
            _(
                "What your vendors sell is listed here, with who paid, for whom, and what came of"
                " it."
            ),
        )


class PurchasePage(RowView):
    """One purchase: who, when, what it cost, and all that came of it."""

    model = Purchase
    slot = "purchase"
    related = story.RELATED
    list_name = "sales:purchases"
    template_name = "sales/purchase.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        told = story.of(self.row)
        context = {
            "title": told.title,
            "purchase": self.row,
            "story": told,
            "cancel_url": self.cancel_url(),
            "may_return": self.may(Right.RETURN) and told.left > 0,
            "may_redeliver": self.may(Right.EDIT_CUSTOMERS) and told.can_be_delivered_again,
        }
        return self.render(self.template_name, context, part="body")


def _kinds() -> dict[str, str]:
    """What a purchase may be, in words; asked for once a page."""
    return {
        "return": _("Return"),
        "gift": _("Gift"),
        "sent": str(DeliveryKind.SENT.label),
        "sale": str(DeliveryKind.SALE.label),
    }


def _words(row: Row, kinds: dict[str, str]) -> Row:
    """The cells of a row that are made of others."""
    is_gift = row["payer_id"] != row["recipient_id"]
    sold = "gift" if is_gift else "sent" if row.get("is_sent") else "sale"
    kind = "return" if row["quantity"] < 0 else sold
    return {
        "product": row["title"],
        "is_deleted": row["deleted_at"] is not None,
        "payer": row.get("paid_by"),
        "recipient": row.get("given_to"),
        "is_gift": is_gift,
        "vendor": row.get("stall"),
        "kind": kinds[kind],
    }
