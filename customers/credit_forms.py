"""Forms that move credit by hand, and the one that chooses a period."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Balance, Reason
from stores.forms import DayField, MoneyField, PeriodForm, StoreForm, TokenField


def reason_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Choose a reason")), *Reason.choices]
    )


def note_field() -> forms.CharField:
    return forms.CharField(
        label=_("In your words"), required=False, max_length=200, help_text=_("Optional.")
    )


class MovementForm(StoreForm):
    """An amount to add to a balance, or to deduct from it."""

    token = TokenField()
    balance = forms.ChoiceField(label=_("Balance"), choices=Balance.choices)

    def build(self) -> None:
        self.fields["amount"] = MoneyField(
            label=_("Amount"), currency=self.store.money, least=1, required=True
        )
        self.fields["reason"] = reason_field()
        self.fields["note"] = note_field()


class ReversalForm(StoreForm):
    """Why a movement is taken back."""

    token = TokenField()
    reason = reason_field()
    note = note_field()


class StatementForm(PeriodForm, StoreForm):
    """The period of a statement, in days of the store."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
