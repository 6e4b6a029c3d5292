"""What the pages of sales share."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from stores.paging import Count
from stores.rights import Right
from stores.views import ListPage, StoreRequest
from stores.views.forms import answer_said
from stores.views.lists import Action

# What is shown of deliveries looks again when it hears this.
CHANGED = "deliveries:changed"


class SaleList(ListPage):
    """A list of sales by time, counted to the cap."""

    template_name = "sales/list.html"
    default_sort = "-at"

    def total(self) -> Count:
        """By the index of keys alone, which holds nothing but store and key."""
        return Count.up_to_cap(self.listed().order_by("pk"))

    def url(self, name: str) -> str:
        return reverse(name, args=[self.request.store.slug])

    def offered(self, *actions: tuple[Right, Action]) -> list[Action]:
        """Those that the member may do."""
        return [action for right, action in actions if self.may(right)]


def answer_delivery(
    request: StoreRequest, text: str, to: Any, *, level: str = "success"
) -> HttpResponse:
    """Say what became of it where the person pressed, and let the shown states look again."""
    events: dict[str, Any] = {CHANGED: {}, "results:refresh": {}}
    return answer_said(request, text, to, events=events, level=level)
