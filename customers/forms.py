"""Forms of customers."""

import uuid as uuids
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from customers.models import Balance, Customer, Reason
from customers.names import MAX_LENGTH, BadName, normalise
from customers.profiles import NULL_UUID, Known
from stores.forms import MoneyField, PercentField, StoreForm, TokenField
from stores.models import Member
from stores.opened import OpenedForm
from stores.pictures import PictureField
from stores.rights import Right


class ProfileForm(OpenedForm):
    """What can be edited of a customer, by right; posted against the values that it was opened
    with.
    """

    token = TokenField()

    def __init__(self, *args: Any, customer: Customer, member: Member, **kwargs: Any):
        self.customer = customer
        self.member = member
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        if self.member.may(Right.MOVE_CREDIT):
            self._add_balances()
        if self.member.may(Right.SET_DISCOUNTS):
            self.fields["discount"] = PercentField(
                label=_("Discount %"), help_text=_("Whole per cent, 0 to 100.")
            )
        self.fields["email"] = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
        self.fields["note"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["subscriber"] = forms.BooleanField(label=_("News subscriber"), required=False)
        self.fields["group_member"] = forms.BooleanField(label=_("Group member"), required=False)
        self._add_picture()
        self.fill()

    def _add_balances(self) -> None:
        for balance in Balance:
            self.fields[balance] = MoneyField(
                label=balance.label, currency=self.store.money, required=True
            )
        choices = [("", _("Choose a reason")), *Reason.choices]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason for the credit change"), choices=choices, required=False
        )
        self.fields["reason_note"] = forms.CharField(
            label=_("In your words"), required=False, max_length=200, help_text=_("Optional.")
        )

    def _add_picture(self) -> None:
        self.fields["picture"] = PictureField(label=_("Picture"))
        if self.customer.picture:
            self.fields["clear_picture"] = forms.BooleanField(
                label=_("Remove the picture"), required=False
            )

    def present(self) -> dict[str, Any]:
        """The values that can be edited, as they are now."""
        account = self.customer.account
        every = {
            **{balance.value: getattr(account, balance) for balance in Balance},
            **{
                name: getattr(self.customer, name)
                for name in ("discount", "email", "note", "subscriber", "group_member")
            },
        }
        return {name: value for name, value in every.items() if name in self.fields}

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opened = cleaned.get("opened", {})
        moved = [
            balance
            for balance in Balance
            if balance in cleaned and cleaned[balance] != opened.get(balance)
        ]
        if moved and not cleaned.get("reason"):
            self.add_error("reason", _("Choose why the credit changes."))
        return cleaned

    @property
    def balances(self) -> dict[str, int]:
        return {
            balance.value: self.cleaned_data[balance]
            for balance in Balance
            if balance in self.fields
        }

    @property
    def edited(self) -> dict[str, Any]:
        names = ("discount", "email", "note", "subscriber", "group_member")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def shown(self, name: str, value: Any) -> str:
        return (
            self.store.money.format(value) if name in Balance.values else super().shown(name, value)
        )

    def about(self) -> str:
        return f"profile:{self.customer.pk}"


class NameForm(StoreForm):
    """The name of a customer and the uuid."""

    username = forms.CharField(
        label=_("Username"),
        max_length=MAX_LENGTH * 2,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    uuid = forms.UUIDField(
        label="UUID",
        required=False,
        help_text=_("If known: the key that stays when a name changes."),
        error_messages={"invalid": _("Enter a UUID such as 4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01.")},
    )

    def clean_username(self) -> str:
        try:
            return normalise(self.cleaned_data["username"], self.store.name_rule)
        except BadName as error:
            raise forms.ValidationError(str(error)) from None

    def show_known(self, known: Known) -> None:
        """Link to the customer who has that name or uuid."""
        customer = known.customer
        says = _('That is <a href="{}" data-dialog>{}</a>.')
        if customer.archived_at:
            says = _('That is <a href="{}" data-dialog>{}</a>, archived.')
        self.add_error(
            known.field,
            format_html(
                str(says),
                customer.get_absolute_url(),
                customer.username,
            ),
        )


class CorrectionForm(NameForm):
    """The name and the uuid of a customer who is there: a uuid taken out is forgotten."""

    known_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def opened_on(cls, customer: Customer) -> dict[str, Any]:
        """What the form opens with."""
        uuid = customer.uuid
        return {"username": customer.username, "uuid": uuid, "known_uuid": uuid}

    @property
    def forgotten(self) -> uuids.UUID | None:
        """The uuid that the form was opened with, where it was taken out."""
        kept = self.cleaned_data["uuid"] not in (None, NULL_UUID)
        return None if kept else self.cleaned_data["known_uuid"]


class AddForm(NameForm):
    """A customer added by hand, with starting credits and discount by right."""

    token = TokenField()

    def __init__(self, *args: Any, member: Member, **kwargs: Any):
        self.member = member
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        if self.member.may(Right.MOVE_CREDIT):
            for balance in Balance:
                self.fields[balance] = MoneyField(
                    label=balance.label,
                    currency=self.store.money,
                    empty=0,
                    help_text=_("To start with."),
                )
        if self.member.may(Right.SET_DISCOUNTS):
            self.fields["discount"] = PercentField(
                label=_("Discount %"), help_text=_("Whole per cent, 0 to 100.")
            )

    @property
    def opening(self) -> dict[str, int]:
        return {
            balance.value: self.cleaned_data[balance]
            for balance in Balance
            if balance in self.fields
        }
