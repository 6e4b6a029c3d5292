"""The forms of accounts, with the words of this program in place of those of the library."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, SignupForm
from django.forms import Form
from django.utils.translation import gettext_lazy as _


def said(form: Form, **labels: Any) -> None:
    """Name fields; a label stands above each, so none repeats it inside."""
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self, login=_("Username or e-mail"))


class JoinForm(SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self, email=_("E-mail"))


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self, email=_("E-mail"))
