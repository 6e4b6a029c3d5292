"""The editor of the ladder, and what another ladder would do."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import tasks
from loyalty import drafts, effects, ladder
from loyalty.effects import Change
from loyalty.forms import LadderForm
from loyalty.forms.ladder import as_rows, retyped
from loyalty.models import KeptDiscount, LoyaltyTier, Settings
from loyalty.standing import Ladder
from loyalty.tiers import rung
from stores.models import Store
from stores.paging import Count
from stores.rights import Right
from stores.views import FormPage, StoreRequest, answer_saved

CONFLICT = 409


class Tiers(FormPage):
    """The tiers of the store: a form for those who may edit them, a table for the others."""

    change_right = Right.EDIT_TIERS
    title = gettext_lazy("Loyalty discounts")
    submit_label = gettext_lazy("Save Changes")
    template_name = "loyalty/tiers.html"
    form_class = LadderForm

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if "add" in request.POST or "remove" in request.POST:
            return self.show(self.rearranged(request.POST))
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        return self.try_out(form) if "what_if" in request.POST else self.valid(form)

    def form_options(self) -> dict[str, Any]:
        rows = as_rows([rung(tier) for tier in self.tiers])
        return {"store": self.request.store, "settings": self.settings, "rows": rows}

    def rearranged(self, data: QueryDict) -> LadderForm:
        """What was typed, with a row more or less; it is judged when it is saved."""
        initial, rows = retyped(data)
        place, asked = len(rows), data.get("remove", "")
        if asked.isascii() and asked.isdigit() and int(asked[:4]) < len(rows):
            place = int(asked[:4])
            del rows[place]
        elif "add" in data and len(rows) < drafts.MAX_ROWS:
            rows.append({})
        form = self.form_class(**{**self.form_options(), "rows": rows, "initial": initial})
        form.go_on_at(place)
        return form

    def valid(self, form: LadderForm) -> HttpResponse:
        store = self.request.store
        try:
            saved = ladder.save(
                store=store,
                rows=form.typed,
                opened_version=form.cleaned_data["version"],
                by=self.request.user,
                **form.choices,
            )
        except ladder.Overtaken:
            settings = Settings.of(store)
            form.show_overtaken(settings, ladder.ladder_of(store, settings))
            return self.show(form, status=CONFLICT)
        words = [self.deed(saved), *saved.warnings]
        return answer_saved(self.request, " ".join(words), self.cancel_url())

    def deed(self, saved: ladder.Saved) -> str:
        if not saved.changed:
            return _("Nothing was changed.")
        if saved.kept is None:
            return _("The loyalty discounts were saved.")
        if saved.kept.is_working:
            return _(
                "The loyalty discounts were saved. What was earned is being kept; Bulk changes"
                " shows how far that is."
            )
        return ngettext(
            "The loyalty discounts were saved. %(number)s kept what they had earned.",
            "The loyalty discounts were saved. %(number)s kept what they had earned.",
            saved.kept.handled,
        ) % {"number": f"{saved.kept.handled:,}"}

    def try_out(self, form: LadderForm) -> HttpResponse:
        """What the typed ladder would do; nothing is written."""
        change = Change(self.saved, form.ladder, form.cleaned_data["keep_earned"])
        context = {**self.context(form), "effects": worked_out(self.request.store, change)}
        return self.render(self.template_name, context, part="body")

    def context(self, form: LadderForm) -> dict[str, Any]:
        store = self.request.store
        shown = form.ladder if form.is_bound and form.is_valid() else self.saved
        return {
            **super().context(form),
            "may_edit": self.may(Right.EDIT_TIERS),
            "may_clear": self.may(Right.RUN_STORE),
            "tiers": [(tier.pk, rung(tier)) for tier in self.tiers],
            "warnings": drafts.warnings(shown.rungs, store.money, largest_wins=shown.largest_wins),
            "kept": Count.up_to_cap(KeptDiscount.objects.filter(store=store)),
            "full": len(form.rows.forms) >= drafts.MAX_ROWS,
        }

    def cancel_url(self) -> str:
        return reverse("customers:list", args=[self.request.store.slug])

    @cached_property
    def settings(self) -> Settings:
        return Settings.of(self.request.store)

    @cached_property
    def tiers(self) -> list[LoyaltyTier]:
        tiers = LoyaltyTier.objects.filter(store=self.request.store)
        return sorted(tiers, key=lambda tier: (tier.threshold, tier.period))

    @cached_property
    def saved(self) -> Ladder:
        return Ladder(tuple(rung(tier) for tier in self.tiers), self.settings.largest_wins)


def worked_out(store: Store, change: Change) -> dict[str, Any]:
    """The effects of a change as a page shows them."""
    as_of = tasks.keep_year(store)
    moved = effects.matrix(store, change)
    columns = [None, *change.new.rungs]
    return {
        "as_of": as_of,
        "columns": columns,
        "rows": [
            (old, [(moved.get((old, new), 0), old == new) for new in columns])
            for old in (None, *change.old.rungs)
        ],
        "gainers": effects.gainers(store, change),
        "losers": effects.losers(store, change),
        "refunds": effects.refunds(store, change),
    }
