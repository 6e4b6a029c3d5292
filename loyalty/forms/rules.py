"""What a store sets about its tiers, refunds and the purchase bonus."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty import rules
from stores.forms import PercentField
from stores.opened import OpenedForm


class NamedSettings(forms.Form):
    """The two settings that change what the tiers come to."""

    largest_wins = forms.BooleanField(
        label=_("The largest discount wins"),
        required=False,
        help_text=_("Else the highest threshold met counts, even if its discount is smaller."),
    )
    keep_earned = forms.BooleanField(
        label=_("Keep what was earned"),
        required=False,
        help_text=_(
            "Whoever would lose by a change of the tiers keeps the discount they have now."
        ),
    )


class RulesForm(NamedSettings, OpenedForm):
    """All of them."""

    refund_as_credit = forms.BooleanField(
        label=_("Refunds are paid as credit"),
        required=False,
        help_text=_("Else the personal or loyalty discount is paid back in money."),
    )
    bonus = PercentField(
        label=_("Purchase bonus %"), help_text=_("Of money less refund, added to the credit.")
    )
    members_bonus = PercentField(
        label=_("Purchase bonus of group members %"), help_text=_("Instead, where it is larger.")
    )

    def build(self) -> None:
        self.fill()

    def present(self) -> dict[str, Any]:
        return rules.present(self.store)

    def about(self) -> str:
        return f"{type(self).__name__}:{self.store.pk}"

    def shown(self, name: str, value: Any) -> str:
        return super().shown(name, value) if isinstance(value, bool) else f"{value} %"
