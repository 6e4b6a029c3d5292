"""How people get an account: by an invitation of a store, never without."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from stores import members


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open on the way to an invitation that still holds."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        try:
            match = resolve(wanted)
        except Resolver404:
            return False
        return match.view_name == "invitation" and bool(members.invited(match.kwargs["token"]))
