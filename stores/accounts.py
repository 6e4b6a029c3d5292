"""How people get an account: by an invitation of a store, never without."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from stores import members

WRONG = _("No account has this name and this password.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open on the way to an invitation that still holds."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        try:
            match = resolve(wanted)
        except Resolver404:
            return False
        return match.view_name == "invitation" and bool(members.invited(match.kwargs["token"]))
