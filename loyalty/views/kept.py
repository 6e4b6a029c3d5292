"""Letting go of the discounts that customers keep from earlier ladders."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from loyalty import kept
from loyalty.models import KeptDiscount
from stores.batches import BatchRefused
from stores.paging import Count
from stores.rights import Right
from stores.views import StoreRequest, StoreView
from stores.views.batch_deeds import CONFLICT, answer_done


class ClearKept(StoreView):
    """Clears all of them at once."""

    right = Right.RUN_STORE
    template_name = "stores/confirm.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.ask()

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        try:
            batch = kept.clear(store=request.store, by=request.user)
        except BatchRefused:
            return self.ask(status=CONFLICT)
        return answer_done(request, batch)

    def ask(self, *, status: int = 200) -> HttpResponse:
        store = self.request.store
        found = Count.up_to_cap(KeptDiscount.objects.filter(store=store))
        context = {
            "title": "Clear the kept discounts?",
            "text": _words(found) if found.value else kept.NOBODY,
            "submit_label": "Clear",
            "danger": True,
            "cancel_url": reverse("loyalty:tiers", args=[store.slug]),
        }
        return self.render(self.template_name, context, part="body", status=status)


def _words(found: Count) -> str:
    people = "1 customer" if found.text == "1" else f"{found.text} customers"
    return (
        f"These discounts were earned before the tiers were changed, by {people}."
        " From now on only the tiers of today count for them."
    )
