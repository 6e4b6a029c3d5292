"""Letting go of the discounts that customers keep from earlier ladders."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    label = gettext_lazy("Clear")
    danger = True

    def question(self) -> str:
        return _("Clear the kept discounts?")

    def words(self) -> str:
        found = Count.up_to_cap(KeptDiscount.objects.filter(store=self.request.store))
        return _words(found) if found.value else _(kept.NOBODY)

    def cancel_url(self) -> str:
        return reverse("loyalty:tiers", args=[self.request.store.slug])

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        try:
            batch = kept.clear(store=request.store, by=request.user)
        except BatchRefused:
            return self.ask(status=CONFLICT)
        return answer_done(request, batch)


def _words(found: Count) -> str:
    return ngettext(
        "These discounts were earned before the tiers were changed, by %(number)s customer."
        " From now on only the tiers of today count for them.",
        "These discounts were earned before the tiers were changed, by %(number)s customers."
        " From now on only the tiers of today count for them.",
        found.value,
    ) % {"number": found.text}
