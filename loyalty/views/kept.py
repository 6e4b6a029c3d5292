"""Letting go of the discounts that customers keep from earlier ladders."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from loyalty import kept
from loyalty.models import KeptDiscount
from stores.paging import Count
from stores.rights import Right
from stores.views import StoreRequest, StoreView, answer_saved


class ClearKept(StoreView):
    """Clears all of them at once."""

    right = Right.EDIT_TIERS
    template_name = "stores/confirm.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        found = Count.up_to_cap(KeptDiscount.objects.filter(store=request.store))
        context = {
            "title": "Clear the kept discounts?",
            "text": "These discounts were earned before the tiers were changed, by"
            f" {_people(found.text)}. From now on only the tiers of today count for them."
            " This cannot be undone.",
            "submit_label": "Clear",
            "danger": True,
            "cancel_url": self.tiers_url(),
        }
        return self.render(self.template_name, context, part="body")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        count = kept.clear(store=request.store, by=request.user)
        text = f"The kept discounts of {_people(f'{count:,}')} were cleared."
        return answer_saved(request, text, self.tiers_url())

    def tiers_url(self) -> str:
        return reverse("loyalty:tiers", args=[self.request.store.slug])


def _people(number: str) -> str:
    return f"{number} customer{'' if number == '1' else 's'}"
