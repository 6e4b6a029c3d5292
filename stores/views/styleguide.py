"""The style guide, for whoever works on the look: the shared parts on one page, only with DEBUG."""

from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from stores import styleguide
from stores.addresses import ListAddress, page_number
from stores.models import State
from stores.models.batch import WORKING
from stores.paging import Count, KeyPage
from stores.views.base import StoreRequest
from stores.views.forms import answer_said, answer_saved
from stores.views.lists import RESULTS, Action

SORTS = ("name", "spent", "owns", "discount", "subscriber")
PAGES = 3


class GuidePage(LoginRequiredMixin, View):
    """A page that is there only with DEBUG, for anybody signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEBUG:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Styleguide(GuidePage):
    """Every shared part, by the templates that the pages are made of."""

    def get(self, request: StoreRequest) -> HttpResponse:
        swaps_list = request.htmx and request.htmx.target == "results"
        name = RESULTS if swaps_list else "stores/styleguide.html"
        return TemplateResponse(request, name, self.context())

    def context(self) -> dict[str, Any]:
        css = Path(str(finders.find("stores/app.css"))).read_text()
        return {
            "title": "Style guide",
            "colours": styleguide.colours(css),
            "measures": styleguide.measures(css),
            "store": styleguide.STORE,
            "form": styleguide.refused_form(),
            "hues": styleguide.HUES,
            "states": State,
            "batches": styleguide.batches(),
            "working": WORKING,
            "kind": {"all_things": "customers"},
            "chart": styleguide.chart(),
            "actions": self.actions(),
            **self.list_context(),
        }

    def actions(self) -> list[Action]:
        url = reverse("styleguide_form")
        return [
            Action("Open a dialog", url, "plus", primary=True),
            Action("Open a refusal", f"{url}?refused=yes", "lock"),
        ]

    def list_context(self) -> dict[str, Any]:
        asked = self.request.GET.get("sort", "")
        sort = asked if asked.removeprefix("-") in SORTS else "-spent"
        rows, page = styleguide.rows(sort), self.page()
        table = styleguide.GuideTable(rows, store=styleguide.STORE, order_by=sort)
        table.request = self.request
        return {
            "table": table,
            "page": page,
            **ListAddress(self.request).links(page),
            "things": "customers",
            "q": self.request.GET.get("q", ""),
            "search_hint": "Search by name",
            "has_filters": True,
            "filter_form": styleguide.GuideFilters(store=styleguide.STORE, auto_id="filter_%s"),
            "chips": [{"text": "Spent more than L$1,000", "url": self.request.path}],
            "clear_url": self.request.path,
            "ticked_actions": [Action("Change credit", self.request.path, "coins")],
        }

    def page(self) -> KeyPage:
        """One of a few pages, all of them with the same rows."""
        number = min(page_number(self.request.GET.get("page", "")) or 2, PAGES)
        return KeyPage(
            keys=[*range(len(styleguide.NAMES))],
            number=number,
            num_pages=PAGES,
            per_page=50,
            count=Count(PAGES * 50),
            has_previous=number > 1,
            has_next=number < PAGES,
        )


class StyleguideForm(GuidePage):
    """A form in a dialog, a refusal, and each kind of toast; nothing is kept."""

    def get(self, request: StoreRequest) -> HttpResponse:
        if "refused" in request.GET:
            return TemplateResponse(request, "403.html", status=403)
        return self.show(styleguide.GuideForm(store=styleguide.STORE))

    def post(self, request: StoreRequest) -> HttpResponse:
        if said := request.GET.get("toast"):
            return self.say(said)
        form = styleguide.GuideForm(request.POST, store=styleguide.STORE)
        return self.say("saved") if form.is_valid() else self.show(form)

    def say(self, said: str) -> HttpResponse:
        request, back = cast(StoreRequest, self.request), reverse("styleguide")
        if said == "error":
            return answer_said(request, "It was not saved.", back, events={}, level="error")
        if said == "undone":
            return answer_saved(request, "It was undone.", back)
        return answer_saved(
            request, "anna.bell was saved.", back, undo=f"{request.path}?toast=undone"
        )

    def show(self, form: styleguide.GuideForm) -> HttpResponse:
        context = {
            "title": "A form",
            "form": form,
            "submit_label": "Save",
            "cancel_url": reverse("styleguide"),
        }
        name = (
            "stores/form.html#body" if getattr(self.request, "htmx", False) else "stores/form.html"
        )
        return TemplateResponse(self.request, name, context)
