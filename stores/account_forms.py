"""The forms of accounts, with the words of this program in place of those of the library."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm, ResetPasswordForm, SignupForm
from django.forms import Field
from django.utils.translation import gettext_lazy as _

from stores.nouns import Words


class Labelled:
    """Calls its fields by `labels`; one stands above each field, so none is repeated inside."""

    labels: ClassVar[dict[str, Words]]
    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Labelled, LoginForm):
    labels = {"login": _("Username or e-mail")}


class JoinForm(Labelled, SignupForm):
    labels = {"email": _("E-mail")}


class ForgottenPasswordForm(Labelled, ResetPasswordForm):
    labels = {"email": _("E-mail")}
