"""What an invited person sees, before they belong to any store."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View

from stores import members
from stores.models import Invitation, Member, User

GONE = 404


class AcceptInvitation(View):
    """The link of an invitation: who is signed in joins, others sign in or make an account."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = members.invited(token)
        if invitation is None:
            return self.closed()
        user = request.user if request.user.is_authenticated else None
        context = {
            "invitation": invitation,
            "belongs": user and Member.objects.filter(store=invitation.store, user=user).exists(),
            "next": urlencode({"next": request.path}),
        }
        return render(request, "stores/invitation.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(request.path)
        invitation = members.invited(token)
        if invitation is None:
            return self.closed()
        return self.join(invitation, request.user)

    def join(self, invitation: Invitation, user: User) -> HttpResponse:
        try:
            members.accept(invitation=invitation, user=user)
        except members.Closed:
            return self.closed()
        except members.AlreadyMember:
            messages.info(self.request, _("You belong to this store already."))
        else:
            messages.success(self.request, _("Welcome to %(store)s.") % {"store": invitation.store})
        return redirect(invitation.store)

    def closed(self) -> HttpResponse:
        return render(self.request, "stores/invitation_closed.html", status=GONE)
