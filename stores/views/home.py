"""The page after signing in."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from stores.models import Member


class Home(LoginRequiredMixin, View):
    """Leads to the first store of the user, or says that there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        member = (
            Member.objects.filter(user=request.user.pk)
            .select_related("store")
            .order_by("store__name")
            .first()
        )
        if member is None:
            return render(request, "stores/no_store.html", {"title": _("No store yet")})
        return redirect(member.store)
