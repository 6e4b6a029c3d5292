"""A question before a deed, in a dialog or as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from stores.nouns import Words

from .base import StoreRequest, StoreView

TEMPLATE = "stores/confirm.html"


class ConfirmPage(StoreView):
    """Asks on GET; what is done on POST, the subclass says."""

    label: Words = _("Confirm")
    danger = False

    def question(self) -> str:
        raise TypeError(f"{type(self).__name__} asks nothing")

    def words(self) -> str:
        """What it would mean."""
        return ""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.ask()

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        raise TypeError(f"{type(self).__name__} does nothing")

    def ask(self, words: str = "", *, status: int = 200) -> HttpResponse:
        """The question, with what it would mean, or with `words` on why it was not done."""
        asked = self.confirmation(words or self.words())
        return self.render(TEMPLATE, asked, part="body", status=status)

    def confirmation(self, words: str) -> dict[str, Any]:
        return {
            "title": self.question(),
            "text": words,
            "submit_label": self.label,
            "danger": self.danger,
            "cancel_url": self.cancel_url(),
        }

    def cancel_url(self) -> str:
        return self.request.store.get_absolute_url()
