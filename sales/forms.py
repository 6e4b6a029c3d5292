"""Forms of sales."""

import re
from typing import Any

from django import forms

from sales.returns import Wish
from stores.forms import StoreForm, TokenField

MONEY, CREDIT = "money", "credit"


class PiecesField(forms.Field):
    """How many pieces, of at most so many."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, *, most: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> int:
        typed = str(value or "").strip()
        if not re.fullmatch("[0-9]{1,9}", typed, re.ASCII) or not 0 < int(typed) <= self.most:
            raise forms.ValidationError(f"Enter a whole number from 1 to {self.most:,}.")
        return int(typed)


class ReturnForm(StoreForm):
    """How a purchase of so many `pieces` is taken back, of which `left` can still be. More than
    that is refused by the verb: it may have been sent twice.
    """

    token = TokenField()

    def __init__(self, *args: Any, pieces: int, left: int, names_product: bool, **kwargs: Any):
        self.pieces, self.left = pieces, left
        self.names_product = names_product
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        if self.pieces > 1:
            self.fields["quantity"] = PiecesField(
                label="How many", most=self.pieces, initial=self.left
            )
        self.fields["back"] = forms.ChoiceField(
            label="Give back",
            choices=[(MONEY, "Money"), (CREDIT, "Store credit")],
            widget=forms.RadioSelect,
            initial=MONEY,
        )
        if self.names_product:
            self.fields["removes"] = forms.BooleanField(
                label="Remove the product", required=False, initial=True
            )
        self.fields["note"] = forms.CharField(
            label="Note", required=False, max_length=200, help_text="Optional."
        )

    @property
    def wish(self) -> Wish | None:
        """What is asked for; None where it cannot be read."""
        if not self.is_bound:
            return Wish()
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        return Wish(
            quantity=asked.get("quantity"),
            as_credit=asked["back"] == CREDIT,
            keeps_product=not asked.get("removes", True),
            note=asked["note"],
        )
