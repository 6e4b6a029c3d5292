"""The form of a bulk change of credit."""

import dataclasses
from typing import Any

from django import forms

from customers.audience import LESS, MORE, Audience
from customers.bulk_credit import STOP
from customers.bulk_words import POLICIES
from customers.models import Reason
from stores.forms import MoneyField, StoreForm

TICKED = "ticked"
FILTER = "filter"
EVERYONE = "everyone"
MOST_TICKED = 1_000
SIDES = ((MORE, "more than"), (LESS, "less than"))


class KeysField(forms.CharField):
    """Keys, separated by commas."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=20 * MOST_TICKED)

    def clean(self, value: Any) -> tuple[int, ...]:
        text = super().clean(value)
        keys = [part for part in text.split(",") if part]
        if len(keys) > MOST_TICKED or not all(
            key.isascii() and key.isdigit() and len(key) <= 18 for key in keys
        ):
            raise forms.ValidationError("The ticked rows cannot be read; tick them again.")
        return tuple(dict.fromkeys(int(key) for key in keys))


class BulkCreditForm(StoreForm):
    """Amounts, a reason, and whom it is for: the ticked rows, what the list shows, or everyone."""

    ticked = KeysField()
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4_000)

    def __init__(self, *args: Any, ticked: tuple[int, ...] = (), query: str = "", **kwargs: Any):
        self.opened_with = (ticked, query)
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        money: dict[str, Any] = {"currency": self.store.money, "empty": 0, "least": None}
        self.fields["credit"] = MoneyField(
            label="Credits change", help_text="Below zero takes away.", **money
        )
        self.fields["restricted"] = MoneyField(label="Restricted Credits change", **money)
        self.fields["reason"] = forms.ChoiceField(
            label="Reason", choices=[("", "Choose a reason"), *Reason.choices]
        )
        self.fields["note"] = forms.CharField(
            label="In your words", required=False, max_length=200, help_text="Optional."
        )
        self.fields["audience"] = forms.ChoiceField(
            label="Customers", widget=forms.RadioSelect, choices=self._audiences()
        )
        self.fields["by_spent"] = forms.BooleanField(
            label="Filter by customers spent amount", required=False
        )
        self.fields["side"] = forms.ChoiceField(label="Spent", choices=SIDES, required=False)
        self.fields["spent"] = MoneyField(label="Amount", currency=self.store.money)
        self.fields["policy"] = forms.ChoiceField(
            label="Where there is less than is taken",
            widget=forms.RadioSelect,
            choices=list(POLICIES.items()),
            initial=STOP,
        )

    def _audiences(self) -> list[tuple[str, str]]:
        """Those that there are, each with its count; the narrowest is chosen to begin with."""
        audiences = self._offered()
        self.fields["ticked"].initial = ",".join(str(key) for key in self.opened_with[0])
        self.fields["query"].initial = self.opened_with[1]
        self.initial.setdefault("audience", next(iter(audiences)))
        words = {
            TICKED: "Ticked",
            FILTER: "What the list shows now",
            EVERYONE: "Every customer",
        }
        return [
            (name, f"{words[name]} ({audience.count().text})")
            for name, audience in audiences.items()
        ]

    def _offered(self) -> dict[str, Audience]:
        ticked, query = self._ticked_and_query()
        everyone = Audience(self.store)
        filtered = dataclasses.replace(everyone, query=query)
        offered = {}
        if ticked:
            offered[TICKED] = dataclasses.replace(everyone, ticked=ticked)
        if filtered.filters.active:
            offered[FILTER] = filtered
        return {**offered, EVERYONE: everyone}

    def _ticked_and_query(self) -> tuple[tuple[int, ...], str]:
        """As the form was opened, or as it comes back."""
        if not self.is_bound:
            return self.opened_with
        try:
            ticked = self.fields["ticked"].clean(self.data.get("ticked", ""))
        except forms.ValidationError:
            ticked = ()
        return ticked, self.data.get("query", "")[:4_000]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["credit"] and not cleaned["restricted"]:
            self.add_error("credit", "Nothing would change: enter an amount in one of the two.")
        if cleaned.get("by_spent") and cleaned.get("spent") is None and "spent" not in self.errors:
            self.add_error("spent", "Enter the amount to compare with.")
        return cleaned

    @property
    def audience(self) -> Audience:
        values = self.cleaned_data
        chosen = self._offered()[values["audience"]]
        if not values["by_spent"]:
            return chosen
        return dataclasses.replace(chosen, spent=(values["side"] or MORE, values["spent"]))

    @property
    def change(self) -> dict[str, Any]:
        """What `bulk_credit.draft` is asked."""
        names = ("credit", "restricted", "reason", "note", "policy")
        return {name: self.cleaned_data[name] for name in names}
