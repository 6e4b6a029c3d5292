"""Who belongs to the store: the list, invitations, roles. For owners."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import members
from stores.forms import StoreForm
from stores.models import Invitation, Member, Role
from stores.opened import OpenedForm
from stores.rights import Right

from .base import CONFLICT, StoreRequest, StoreView
from .confirm import ConfirmPage
from .forms import FormPage, answer_saved
from .lists import Action

ROLES = {
    Role.VIEWER: gettext_lazy("Viewer: sees everything, changes nothing"),
    Role.CLERK: gettext_lazy("Clerk: adds and edits customers, moves no money"),
    Role.MANAGER: gettext_lazy("Manager: money, discounts, products, imports"),
    Role.OWNER: gettext_lazy("Owner: everything, members and settings too"),
}


class RoleField(forms.ChoiceField):
    """A role, with what it may."""

    def __init__(self) -> None:
        choices = [(role.value, words) for role, words in ROLES.items()]
        super().__init__(label=gettext_lazy("Role"), choices=choices)


class InviteForm(StoreForm):
    """What the invited person becomes, and a word to know the link by."""

    role = RoleField()
    note = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only members' lists show it."),
    )


class MemberForm(OpenedForm):
    """The role of a member."""

    role = RoleField()

    def __init__(self, *args: Any, member: Member, **kwargs: Any):
        self.member = member
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        self.fill()

    def present(self) -> dict[str, Any]:
        return {"role": self.member.role}

    def about(self) -> str:
        return f"member:{self.member.pk}"

    def shown(self, name: str, value: Any) -> str:
        return str(Role(value).label)


class MembersView(StoreView):
    """A page about the members of the store."""

    right = Right.RUN_STORE

    def cancel_url(self) -> str:
        return reverse("members:list", args=[self.request.store.slug])

    def address(self, name: str, *keys: int) -> str:
        return reverse(name, args=[self.request.store.slug, *keys])


class MemberList(MembersView):
    """The members, and the invitations that are open."""

    template_name = "stores/members.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        store = request.store
        people = Member.objects.filter(store=store).select_related("user")
        open_ones = Invitation.objects.filter(
            store=store, accepted_at=None, revoked_at=None
        ).select_related("by")
        context = {
            "title": _("Members"),
            "members": people.order_by("user__username"),
            "invitations": [
                {"row": one, "link": self.link_of(one)} for one in open_ones if one.is_open
            ],
            "actions": [
                Action(_("Invite"), self.address("members:invite"), "user-plus", primary=True)
            ],
        }
        wants_results = request.htmx and request.htmx.target == "results"
        return self.render(self.template_name, context, part="results" if wants_results else "")

    def link_of(self, invitation: Invitation) -> str:
        path = reverse("invitation", args=[members.token(invitation)])
        return self.request.build_absolute_uri(path)


class Invite(MembersView, FormPage):
    """A link for somebody who is no member yet."""

    title = gettext_lazy("Invite")
    submit_label = gettext_lazy("Make the link")
    form_class = InviteForm

    def valid(self, form: InviteForm) -> HttpResponse:
        values = form.cleaned_data
        members.invite(
            store=self.request.store,
            role=values["role"],
            note=values["note"],
            by=self.request.user,
        )
        text = _("The link is made: copy it from the list. It works once, for 7 days.")
        return answer_saved(self.request, text, self.cancel_url())


class Revocation(MembersView, ConfirmPage):
    """Closes an invitation."""

    label = gettext_lazy("Revoke")
    danger = True

    @cached_property
    def invitation(self) -> Invitation:
        rows = Invitation.objects.filter(store=self.request.store)
        invitation = rows.filter(pk=self.kwargs["invitation"]).first()
        if invitation is None:
            raise Http404
        invitation.store = self.request.store
        return invitation

    def question(self) -> str:
        return _("Revoke the %(invitation)s?") % {"invitation": self.invitation}

    def words(self) -> str:
        return _("Its link no longer works.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        done = members.revoke(invitation=self.invitation, by=request.user)
        text = _("The invitation was revoked.") if done else _("Nobody could use it any more.")
        return answer_saved(request, text, self.cancel_url())


class MemberView(MembersView):
    """A page about one member of the store."""

    @cached_property
    def member(self) -> Member:
        rows = Member.objects.select_related("user").filter(store=self.request.store)
        member = rows.filter(pk=self.kwargs["member"]).first()
        if member is None:
            raise Http404
        member.store = self.request.store
        return member

    def answer(self, text: str) -> HttpResponse:
        """Back to the list, or out of it where the person did it to themselves."""
        if self.member.user_id != self.request.user.pk:
            return answer_saved(self.request, text, self.cancel_url())
        messages.success(self.request, text)
        home = reverse("home")
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": home})
        return redirect(home)


class EditMember(MemberView, FormPage):
    """The role of a member."""

    template_name = "stores/member.html"
    form_class = MemberForm

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store, "member": self.member}

    def valid(self, form: MemberForm) -> HttpResponse:
        role, seen = form.cleaned_data["role"], form.cleaned_data["opened"]["role"]
        try:
            changed = members.change_role(
                member=self.member, role=role, seen=seen, by=self.request.user
            )
        except members.LastOwner as refused:
            form.add_error("role", str(refused))
            return self.show(form, status=CONFLICT)
        except members.Changed as conflict:
            form.show_conflict(conflict)
            return self.show(form, status=CONFLICT)
        if not changed:
            return answer_saved(self.request, _("Nothing was changed."), self.cancel_url())
        return self.answer(
            _("%(member)s is %(role)s now.")
            % {"member": self.member.user, "role": Role(role).label.lower()}
        )

    def context(self, form: MemberForm) -> dict[str, Any]:
        removal = self.address("members:removal", self.member.pk)
        title = str(self.member.user)
        return {**super().context(form), "title": title, "removal_url": removal}


class MemberRemoval(MemberView, ConfirmPage):
    """Takes a user out of the store."""

    label = gettext_lazy("Remove")
    danger = True

    def question(self) -> str:
        return _("Remove %(member)s?") % {"member": self.member.user}

    def words(self) -> str:
        return _("They no longer see the store. What they did stays in the trail.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        try:
            members.remove(member=self.member, by=request.user)
        except members.LastOwner as refused:
            return self.ask(str(refused), status=CONFLICT)
        return self.answer(_("%(member)s was removed.") % {"member": self.member.user})
