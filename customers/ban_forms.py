"""The form that bans a customer."""

import datetime as dt

from django import forms

from stores.forms import DayField, StoreForm


class BanForm(StoreForm):
    """Why, and until which day, where there is one."""

    reason = forms.CharField(
        label="Reason", max_length=200, help_text="For those who look at the profile later."
    )
    until = DayField(
        label="Until",
        required=False,
        help_text="The ban ends as that day begins; blank for no end.",
    )

    def clean_until(self) -> dt.datetime | None:
        """The moment that the day begins where the store is."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day <= self.store.today():
            raise forms.ValidationError("Enter a day that is still to come.")
        return dt.datetime.combine(day, dt.time(), self.store.zone)
