"""Ticked rows of a list on their way to a form, and whom or what a bulk change is for."""

import dataclasses
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from stores.forms import StoreForm
from stores.nouns import Words
from stores.tables import TICK
from stores.targets import Targets
from stores.views import StoreRequest

MOST_TICKED = 1_000
MOST_QUERY = 4_000

TICKED = "ticked"
FILTER = "filter"
EVERYTHING = "everything"


class KeysField(forms.CharField):
    """Keys, separated by commas."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=20 * MOST_TICKED)

    def clean(self, value: Any) -> tuple[int, ...]:
        keys = [part for part in super().clean(value).split(",") if part]
        if len(keys) > MOST_TICKED or not all(map(is_key, keys)):
            raise forms.ValidationError(_("The ticked rows cannot be read; tick them again."))
        return tuple(dict.fromkeys(int(key) for key in keys))


class TargetsForm(StoreForm):
    """A bulk change of the ticked rows, of what the list shows, or of everything.

    `targets` says what they are rows of. A filter of the list that cannot be read is not offered,
    and nothing is chosen in its place.
    """

    targets: ClassVar[type[Targets]]
    label: Words = ""
    everything: Words = ""

    ticked = KeysField()
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_QUERY)

    def __init__(self, *args: Any, ticked: tuple[int, ...] = (), query: str = "", **kwargs: Any):
        self.opened_with = (ticked, query)
        super().__init__(*args, **kwargs)

    def offer_targets(self) -> None:
        """Add the choice of targets, each with its count; the narrowest is chosen to begin with."""
        ticked, query = self.opened_with
        self.fields["ticked"].initial = ",".join(map(str, ticked))
        self.fields["query"].initial = query
        words = {
            TICKED: _("Ticked"),
            FILTER: _("What the list shows now"),
            EVERYTHING: self.everything,
        }
        offered = self._offered()
        narrowest = next(iter(offered))
        if not self.targets(self.store, query=query).filters.refused:
            self.initial.setdefault("audience", narrowest)
        self.fields["audience"] = forms.ChoiceField(
            label=self.label,
            widget=forms.RadioSelect,
            choices=[
                (name, f"{words[name]} ({targets.count().text})")
                for name, targets in offered.items()
            ],
            help_text=self.warn_of_all(offered[EVERYTHING]) if len(offered) == 1 else "",
        )

    def warn_of_all(self, targets: Targets) -> str:
        """What to say where everything is all that is offered."""
        return ""

    @property
    def chosen(self) -> Any:
        """The targets of a valid form."""
        return self._offered()[self.cleaned_data["audience"]]

    def _offered(self) -> dict[str, Targets]:
        ticked, query = self._ticked_and_query()
        everything = self.targets(self.store)
        filtered = dataclasses.replace(everything, query=query)
        offered: dict[str, Targets] = {}
        if ticked:
            offered[TICKED] = dataclasses.replace(everything, ticked=ticked)
        if filtered.filters.active:
            offered[FILTER] = filtered
        return {**offered, EVERYTHING: everything}

    def _ticked_and_query(self) -> tuple[tuple[int, ...], str]:
        """As the form was opened, or as it comes back."""
        if not self.is_bound:
            return self.opened_with
        try:
            ticked = self.fields["ticked"].clean(self.data.get("ticked", ""))
        except forms.ValidationError:
            ticked = ()
        return ticked, self.data.get("query", "")[:MOST_QUERY]


def opened_with(request: StoreRequest) -> dict[str, Any]:
    """What a list sent along: the keys that are `ticked`, and its filters as a `query`."""
    query = request.GET.copy()
    ticked = query.pop(TICK, [])[:MOST_TICKED]
    return {
        "ticked": tuple(int(key) for key in ticked if is_key(key)),
        "query": query.urlencode(),
    }


def is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
