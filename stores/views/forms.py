"""Forms in a dialog over the page, or as a page of their own at the same address."""

import json
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.nouns import Words

from .base import StoreRequest, StoreView

LEVELS = {"success": messages.SUCCESS, "error": messages.ERROR}


class FormPage(StoreView):
    """A form at its own address: `valid` calls one verb and answers; what cannot be taken is shown
    at the field.
    """

    title: Words = ""
    submit_label: Words = gettext_lazy("Save")
    template_name = "stores/form.html"
    form_class: type[BaseForm]

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        return self.valid(form) if form.is_valid() else self.show(form)

    def form(self, *data: Any) -> Any:
        return self.form_class(*data, **self.form_options())

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store}

    def valid(self, form: Any) -> HttpResponse:
        raise TypeError(f"{type(self).__name__} does nothing with its form")

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "title": self.title,
            "form": form,
            "submit_label": self.submit_label,
            "cancel_url": self.cancel_url(),
        }

    def cancel_url(self) -> str:
        return self.request.store.get_absolute_url()

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        return self.render(self.template_name, self.context(form), part="body", status=status)


def answer_saved(
    request: StoreRequest,
    text: str,
    to: Any,
    *,
    undo: str = "",
    stay: bool = False,
    go: bool = False,
) -> HttpResponse:
    """Say what was done, with the address of its `undo`: by a toast, closing the dialog unless it
    is to `stay` or to `go` on to the address `to`, or without htmx by a redirect with the message.
    """
    then = "dialog:go" if go else "dialog:refresh" if stay else "dialog:close"
    events = {then: {"url": str(to)} if go else {}}
    return answer_said(request, text, to, undo=undo, events=events)


def answer_said(
    request: StoreRequest,
    text: str,
    to: Any,
    *,
    events: dict[str, Any],
    undo: str = "",
    level: str = "success",
) -> HttpResponse:
    """Say what became of it: by a toast, with `events` for the page that is open, or without htmx
    by a redirect with the message.
    """
    if not getattr(request, "htmx", False):
        said = format_html('{} <a href="{}">{}</a>', text, undo, _("Undo")) if undo else text
        messages.add_message(request, LEVELS[level], said)
        return redirect(to)
    return HttpResponse(
        status=204, headers={"HX-Trigger": say(text, events=events, undo=undo, level=level)}
    )


def say(text: str, *, events: dict[str, Any], undo: str = "", level: str = "success") -> str:
    """A toast as a header tells the page of it, with `events`."""
    toast = {
        "text": str(text),
        "level": level,
        "undo": {"url": undo, "label": _("Undo")} if undo else None,
    }
    return json.dumps({"toast": toast, **events})
