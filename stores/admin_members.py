"""Members in the Django admin: by the verbs, so that an owner stays and each change leaves its
trail.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from stores import members
from stores.admin_base import FastAdmin, ReadOnly, StoreFilter, WholeRowForm, by_key, staff
from stores.models import Invitation, Member, Role, SavedView, Store, User
from stores.search import begins


def refuse_last(*leaving: Member) -> None:
    """Say so where a store would lose its last owner."""
    try:
        members.keep_an_owner(*leaving)
    except members.LastOwner as refused:
        raise ValidationError(str(refused)) from None


class MemberFormSet(BaseInlineFormSet):
    """Members of a store, written in the name of `by`."""

    by: User

    def clean(self) -> None:
        super().clean()
        leaving = [
            form.instance
            for form in self.initial_forms
            if form.cleaned_data.get("DELETE") or form.cleaned_data.get("role") != Role.OWNER
        ]
        if leaving:
            refuse_last(*leaving)

    def save_new(self, form: Any, commit: bool = True) -> Member:
        wanted = form.cleaned_data
        return members.add(
            store=self.instance, user=wanted["user"], role=wanted["role"], by=self.by
        )

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Member:
        role, seen = form.cleaned_data["role"], form.initial["role"]
        members.change_role(member=obj, role=role, seen=seen, by=self.by)
        return obj

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        members.remove(member=obj, by=self.by)


class MemberInline(admin.TabularInline):
    """The members there are; users as text, since a field to choose one asks a query for each."""

    model = Member
    formset = MemberFormSet
    fields = ("user", "role")
    readonly_fields = ("user",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).select_related("store", "user")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewMemberInline(admin.TabularInline):
    """Members to be added."""

    model = Member
    form = WholeRowForm
    formset = MemberFormSet
    verbose_name_plural = gettext_lazy("new members")
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MemberForm(WholeRowForm):
    """One member, who may be the last owner."""

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("role") != Role.OWNER:
            refuse_last(self.instance)
        return cleaned


@admin.register(Member)
class MemberAdmin(FastAdmin):
    form = MemberForm
    list_display = ("id", "store", "user", "role")
    list_filter = (StoreFilter, "role")
    list_select_related = ("store", "user")
    search_help_text = gettext_lazy("The beginning of the username, or the member's number.")
    fields = ("store", "user", "role")
    autocomplete_fields = ("store", "user")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).select_related("store", "user")

    def matching(self, term: str, store: Store | None) -> Q:
        return Q(user__in=User.objects.filter(begins("username", term))) | by_key(term)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("store", "user") if obj else ()

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        by = staff(request)
        if change:
            seen = form.initial["role"]
            members.change_role(member=obj, role=obj.role, seen=seen, by=by)
        else:
            obj.pk = members.add(store=obj.store, user=obj.user, role=obj.role, by=by).pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Their own saved views go with them: no permission of its own is asked for that."""
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return listed, counts, forbidden - {SavedView._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: Member) -> None:
        self.delete_queryset(request, Member.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        """All of them or, where a store would be left without an owner, none."""
        try:
            with transaction.atomic():
                for member in queryset.select_related("store").order_by("pk"):
                    members.remove(member=member, by=staff(request))
        except members.LastOwner as refused:
            raise PermissionDenied(str(refused)) from None


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("id", "store", "role", "by", "expires_at", "accepted_by", "revoked_at")
    list_filter = (StoreFilter,)
    list_select_related = ("store", "by", "accepted_by")
    fields = (
        "store",
        "role",
        "note",
        "by",
        "created_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
        "revoked_at",
    )
