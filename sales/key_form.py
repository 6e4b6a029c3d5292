"""What is asked when a vendor gets a key."""

from django import forms
from django.utils.translation import gettext as _

from stores.forms import StoreForm


class KeyForm(StoreForm):
    """Whether the key pays out."""

    def build(self) -> None:
        self.fields["pays_out"] = forms.BooleanField(
            label=_("It pays out"),
            required=False,
            help_text=_(
                "For a script that holds your permission to pay: it is given what is owed, and"
                " reports what it paid."
            ),
        )
