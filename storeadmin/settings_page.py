"""The settings of a store: one page that gathers the forms of all floors."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from storeadmin.settings_forms import SECTIONS, Section
from stores.edits import Changed
from stores.rights import Right
from stores.views import StoreRequest, StoreView, answer_saved

CONFLICT = 409


class StoreSettings(StoreView):
    """The sections, each with a form of its own; one is saved at a time."""

    right = Right.RUN_STORE
    template_name = "storeadmin/settings.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("section")
        section = next((one for one in SECTIONS if one.name == wanted), None)
        if section is None:
            return self.show()
        form = self.form(section, request.POST)
        if not form.is_valid():
            return self.show(section, form)
        try:
            changed = section.save(form, request.user)
        except Changed as conflict:
            form.show_conflict(conflict)
            return self.show(section, form, status=CONFLICT)
        text = _("Saved.") if changed else _("Nothing was changed.")
        return answer_saved(request, text, reverse("settings", args=[request.store.slug]))

    def form(self, section: Section, *data: Any) -> Any:
        return section.form_class(*data, store=self.request.store, auto_id=f"id_{section.name}_%s")

    def show(
        self, typed: Section | None = None, form: Any = None, *, status: int = 200
    ) -> HttpResponse:
        """The page; the section that was `typed` into keeps its form."""
        sections = [
            {"section": one, "form": form if one is typed else self.form(one)} for one in SECTIONS
        ]
        context = {"title": _("Settings"), "sections": sections}
        return self.render(self.template_name, context, status=status)
