"""Letting go of the discounts that customers keep from earlier ladders."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from loyalty import kept
from loyalty.models import KeptDiscount
from stores.batches import BatchRefused
from stores.paging import Count
from stores.rights import Right
from stores.views import CONFLICT, ConfirmPage, StoreRequest
from stores.views.batch_deeds import answer_done


class ClearKept(ConfirmPage):
    """Clears all of them at once."""

    right = Right.RUN_STORE
    label = "Clear"
    danger = True

    def question(self) -> str:
        return "Clear the kept discounts?"

    def words(self) -> str:
        found = Count.up_to_cap(KeptDiscount.objects.filter(store=self.request.store))
        return _words(found) if found.value else kept.NOBODY

    def cancel_url(self) -> str:
        return reverse("loyalty:tiers", args=[self.request.store.slug])

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        try:
            batch = kept.clear(store=request.store, by=request.user)
        except BatchRefused:
            return self.ask(status=CONFLICT)
        return answer_done(request, batch)


def _words(found: Count) -> str:
    people = "1 customer" if found.text == "1" else f"{found.text} customers"
    return (
        f"These discounts were earned before the tiers were changed, by {people}."
        " From now on only the tiers of today count for them."
    )
