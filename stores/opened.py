"""Forms that carry, signed, what they were opened with, so that no change of somebody else is
overwritten unseen.
"""

from typing import Any

from django import forms
from django.core import signing

from stores.edits import Changed
from stores.forms import StoreForm

DAMAGED = "The form is damaged; close it and open it again."


class OpenedForm(StoreForm):
    """A form about one thing: `present` says what it is now, `about` which one it is."""

    opened = forms.CharField(widget=forms.HiddenInput)

    def present(self) -> dict[str, Any]:
        """The values that can be edited, as they are now, plain."""
        raise TypeError(f"{type(self).__name__} knows no values")

    def about(self) -> str:
        """What is edited: a form opened for another thing is refused."""
        raise TypeError(f"{type(self).__name__} is about nothing")

    def shown(self, name: str, value: Any) -> str:
        """A plain value for people."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"“{value}”" if isinstance(value, str) and value else str(value or "empty")

    def fill(self) -> None:
        """Show the present values, and remember them; for the end of `build`."""
        present = self.present()
        for name, value in present.items():
            self.fields[name].initial = value
        self.fields["opened"].initial = self._signed(present)

    def clean_opened(self) -> dict[str, Any]:
        try:
            return signing.loads(self.cleaned_data["opened"], salt=self.about())
        except signing.BadSignature:
            raise forms.ValidationError(DAMAGED) from None

    def show_conflict(self, changed: Changed) -> None:
        """Say at each field what it is now; saving again then replaces that."""
        opened = self.cleaned_data["opened"] | changed.present
        self.data = {**dict(self.data.items()), "opened": self._signed(opened)}
        for name, value in changed.present.items():
            self.add_error(
                name,
                f"Now {self.shown(name, value)}, changed meanwhile."
                " Nothing was saved; save again to replace it.",
            )

    def _signed(self, values: dict[str, Any]) -> str:
        return signing.dumps(values, salt=self.about())
