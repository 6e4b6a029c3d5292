"""The form that bans a customer."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.forms import DayField, StoreForm


class BanForm(StoreForm):
    """Why, and until which day, where there is one."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For those who look at the profile later.")
    )
    until = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The ban ends as that day begins; blank for no end."),
    )

    def clean_until(self) -> dt.datetime | None:
        """The moment that the day begins where the store is."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day <= self.store.today():
            raise forms.ValidationError(_("Enter a day that is still to come."))
        return dt.datetime.combine(day, dt.time(), self.store.zone)
