"""The Deliveries page, one delivery with the tries at it, and trying again."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext_lazy

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


class DeliveryList(SaleList):
    """Everything that is or was to be handed over, newest first."""

    list_name = "sales:deliveries"
    title = gettext_lazy("Deliveries")
    noun = npgettext_lazy("counted", "delivery", "deliveries")
    table_class = DeliveryTable
    filterset_class = DeliveryFilters
    search_hint = gettext_lazy("Search by customer")
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
        kinds = {kind.value: str(kind.label) for kind in DeliveryKind}
        return {key: {**row, **_words(row, kinds), "people": people} for key, row in found.items()}

    def actions(self) -> list[Action]:
        return self.offered(
            (
                Right.EDIT_CUSTOMERS,
                Action(_("Send a product"), self.url("sales:send"), "send", primary=True),
            ),
            (
                Right.REDELIVER_MANY,
                Action(_("Bulk redelivery"), self.url("sales:bulk_redelivery"), "packages"),
            ),
            (
                Right.EDIT_CUSTOMERS,
                Action(_("Retry all failed"), self.url("sales:retry_all"), "refresh"),
            ),
        )

    def frame_context(self) -> dict[str, Any]:
        box = Box.objects.filter(store=self.request.store, gone_at=None).order_by("-pk").first()
        handed = _("No delivery box is registered: what is queued waits until one fetches it.")
        if box:
            handed = _("Handed over by %(box)s.") % {"box": box}
        return {**super().frame_context(), "subtitle": handed}

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No deliveries yet"),
            _("What is handed over in-world is listed here, with how far it is."),
        )


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
    label = gettext_lazy("Try again")

    def question(self) -> str:
        return _("Deliver %(product)s once more?") % {"product": self.row.product.name}

    def words(self) -> str:
        text = _("It is queued for %(name)s again, if it failed.")
        return text % {"name": self.row.recipient.username}

    def cancel_url(self) -> str:
        return self.address("sales:delivery")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        delivery, page = self.row, self.cancel_url()
        try:
            queued = retries.again(delivery=delivery, by=request.user)
        except Refused as refused:
            return answer_delivery(request, str(refused), page, level="error")
        if queued:
            names = {"product": delivery.product.name, "name": delivery.recipient.username}
            text = _("%(product)s for %(name)s is queued again.") % names
        else:
            text = _("It did not fail, or another one is under way: nothing was queued.")
        return answer_delivery(request, text, page)


class RetryAll(ConfirmPage):
    """Tries everything that failed once more."""

    right = Right.EDIT_CUSTOMERS

    def question(self) -> str:
        return _("Retry all that failed?")

    def confirmation(self, words: str) -> dict[str, Any]:
        count = Count.up_to_cap(retries.retriable(self.request.store))
        text = ngettext(
            "%(number)s failed delivery can be queued again."
            " What was removed from its owner, and who is banned, is left out.",
            "%(number)s failed deliveries can be queued again."
            " What was removed from its owner, and who is banned, is left out.",
            count.value,
        )
        label = ngettext("Retry %(number)s delivery", "Retry %(number)s deliveries", count.value)
        number = {"number": count.text}
        return {**super().confirmation(text % number), "submit_label": label % number}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        queued = retries.again_all(store=request.store, by=request.user)
        text = ngettext(
            "%(number)s delivery was queued again.",
            "%(number)s deliveries were queued again.",
            queued,
        ) % {"number": f"{queued:,}"}
        return answer_saved(request, text, self.cancel_url())

    def cancel_url(self) -> str:
        return reverse("sales:deliveries", args=[self.request.store.slug])


def _words(row: Row, kinds: dict[str, str]) -> Row:
    """The cells of a row that are made of others."""
    return {
        "product": row["title"],
        "is_deleted": row["deleted_at"] is not None,
        "recipient": row["given_to"],
        "kind": kinds[row["what"]],
    }
