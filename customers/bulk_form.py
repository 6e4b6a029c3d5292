"""The form of a bulk change of credit."""

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.audience import LESS, MORE, Audience
from customers.bulk_credit import STOP
from customers.bulk_words import POLICIES, everyone
from customers.models import Reason
from stores.forms import MoneyField
from stores.targets import Targets
from stores.ticks import TargetsForm

SIDES = ((MORE, _("more than")), (LESS, _("less than")))


class BulkCreditForm(TargetsForm):
    """Amounts, a reason, and whom it is for."""

    targets = Audience
    label = _("Customers")
    everything = _("Every customer")

    def warn_of_all(self, targets: Targets) -> str:
        return everyone(targets.count().value)

    def build(self) -> None:
        money: dict[str, Any] = {"currency": self.store.money, "empty": 0, "least": None}
        self.fields["credit"] = MoneyField(
            label=_("Credits change"), help_text=_("Below zero takes away."), **money
        )
        self.fields["restricted"] = MoneyField(label=_("Restricted Credits change"), **money)
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"), choices=[("", _("Choose a reason")), *Reason.choices]
        )
        self.fields["note"] = forms.CharField(
            label=_("In your words"), required=False, max_length=200, help_text=_("Optional.")
        )
        self.offer_targets()
        self.fields["by_spent"] = forms.BooleanField(
            label=_("Filter by customers spent amount"), required=False
        )
        self.fields["side"] = forms.ChoiceField(label=_("Spent"), choices=SIDES, required=False)
        self.fields["spent"] = MoneyField(label=_("Amount"), currency=self.store.money)
        self.fields["policy"] = forms.ChoiceField(
            label=_("Where there is less than is taken"),
            widget=forms.RadioSelect,
            choices=list(POLICIES.items()),
            initial=STOP,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["credit"] and not cleaned["restricted"]:
            self.add_error("credit", _("Nothing would change: enter an amount in one of the two."))
        if cleaned.get("by_spent") and cleaned.get("spent") is None and "spent" not in self.errors:
            self.add_error("spent", _("Enter the amount to compare with."))
        return cleaned

    @property
    def audience(self) -> Audience:
        values = self.cleaned_data
        if not values["by_spent"]:
            return self.chosen
        return dataclasses.replace(self.chosen, spent=(values["side"] or MORE, values["spent"]))

    @property
    def change(self) -> dict[str, Any]:
        """What `bulk_credit.draft` is asked."""
        names = ("credit", "restricted", "reason", "note", "policy")
        return {name: self.cleaned_data[name] for name in names}
