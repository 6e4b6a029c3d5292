"""The Deliveries page, one delivery with the tries at it, and trying again."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.urls import reverse

from sales import retries, story
from sales.filters import DeliveryFilters
from sales.models import Box, Delivery, DeliveryKind, DeliveryState
from sales.models.delivery import UNDER_WAY
from sales.refused import Refused
from sales.tables import DeliveryTable
from sales.views.base import SaleList, answer_delivery
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row
from stores.views import ConfirmPage, RowView, Sort, StoreRequest, answer_saved
from stores.views.lists import Action, by_key

CELLS = ("recipient_id", "quantity", "state", "attempts", "note")
NO_BOX = "No delivery box is registered: what is queued waits until one fetches it."


class DeliveryList(SaleList):
    """Everything that is or was to be handed over, newest first."""

    list_name = "sales:deliveries"
    title = "Deliveries"
    noun = "deliveries"
    noun_one = "delivery"
    table_class = DeliveryTable
    filterset_class = DeliveryFilters
    search_hint = "Search by customer"
    sorts = {"at": Sort("made_at")}

    def listed(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows = Delivery.objects.filter(pk__in=keys).order_by()
        found = by_key(
            rows.values(
                "pk",
                *CELLS,
                at=F("made_at"),
                what=F("kind"),
                ended=F("ended_at"),
                title=F("product__name"),
                deleted_at=F("product__deleted_at"),
                given_to=F("recipient__username"),
            )
        )
        people = self.request.store.get_absolute_url()
        return {key: {**row, **_words(row), "people": people} for key, row in found.items()}

    def actions(self) -> list[Action]:
        return self.offered(
            (
                Right.EDIT_CUSTOMERS,
                Action("Send a product", self.url("sales:send"), "send", primary=True),
            ),
            (
                Right.REDELIVER_MANY,
                Action("Bulk redelivery", self.url("sales:bulk_redelivery"), "packages"),
            ),
            (
                Right.EDIT_CUSTOMERS,
                Action("Retry all failed", self.url("sales:retry_all"), "refresh"),
            ),
        )

    def frame_context(self) -> dict[str, Any]:
        box = Box.objects.filter(store=self.request.store, gone_at=None).order_by("-pk").first()
        handed = f"Handed over by {box}." if box else NO_BOX
        return {**super().frame_context(), "subtitle": handed}

    def empty_words(self) -> tuple[str, str]:
        return "No deliveries yet", "What was sold is handed over in-world; how far it is, is here."


class DeliveryPage(RowView):
    """One delivery: what, to whom, by what right, and each try."""

    model = Delivery
    slot = "delivery"
    related = ("product", "recipient", "purchase", "batch", "by")
    list_name = "sales:deliveries"
    template_name = "sales/delivery.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        (handover,) = story.handovers(Delivery.objects.filter(pk=self.row.pk))
        context = {
            "title": self.row.product.name,
            "delivery": self.row,
            "tries": handover.tries,
            "under_way": self.row.state in UNDER_WAY,
            "cancel_url": self.cancel_url(),
            "may_retry": self.row.state == DeliveryState.FAILED and self.may(Right.EDIT_CUSTOMERS),
        }
        return self.render(self.template_name, context, part="body")


class RetryDelivery(RowView, ConfirmPage):
    """Tries a delivery that failed once more."""

    right = Right.EDIT_CUSTOMERS
    model = Delivery
    slot = "delivery"
    related = ("product", "recipient", "purchase")
    label = "Try again"

    def question(self) -> str:
        return f"Deliver {self.row.product.name} once more?"

    def words(self) -> str:
        return f"It is queued for {self.row.recipient.username} again, if it failed."

    def cancel_url(self) -> str:
        return self.address("sales:delivery")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        delivery, page = self.row, self.cancel_url()
        try:
            queued = retries.again(delivery=delivery, by=request.user)
        except Refused as refused:
            return answer_delivery(request, str(refused), page, level="error")
        if queued:
            text = f"{delivery.product.name} for {delivery.recipient.username} is queued again."
        else:
            text = "It did not fail, or another one is under way: nothing was queued."
        return answer_delivery(request, text, page)


class RetryAll(ConfirmPage):
    """Tries everything that failed once more."""

    right = Right.EDIT_CUSTOMERS

    def question(self) -> str:
        return "Retry all that failed?"

    def confirmation(self, words: str) -> dict[str, Any]:
        count = Count.up_to_cap(retries.retriable(self.request.store))
        things = "delivery" if count.value == 1 else "deliveries"
        text = (
            f"{count.text} failed {things} can be queued again."
            " What was removed from its owner, and who is banned, is left out."
        )
        return {**super().confirmation(text), "submit_label": f"Retry {count.text} {things}"}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        queued = retries.again_all(store=request.store, by=request.user)
        things = "delivery was" if queued == 1 else "deliveries were"
        return answer_saved(request, f"{queued:,} {things} queued again.", self.cancel_url())

    def cancel_url(self) -> str:
        return reverse("sales:deliveries", args=[self.request.store.slug])


def _words(row: Row) -> Row:
    """The cells of a row that are made of others."""
    return {
        "product": row["title"],
        "is_deleted": row["deleted_at"] is not None,
        "recipient": row["given_to"],
        "kind": DeliveryKind(row["what"]).label,
    }
