"""The Django admin of stores: stores, members, users, and what was done by whom."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.admin_base import (
    BY_STORE,
    Kept,
    NewestChoices,
    ReadOnly,
    StoreFilter,
    as_key,
    by_key,
    staff,
    store_keys,
)
from stores.admin_members import MemberInline, NewMemberInline
from stores.models import AuditEntry, Batch, SavedView, Store, Upload, User
from stores.search import begins

FIXED = ("currency", "name_rule", "time_zone")
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(Store)
class StoreAdmin(Kept):
    """Currency, name rule and time zone are fixed from the start: figures follow from them."""

    list_display = ("name", "slug", "currency", "name_rule", "time_zone", "created_at")
    list_filter = ("name_rule",)
    search_help_text = gettext_lazy("Part of the name or of the address, or the store's number.")
    fields = ("name", "slug", "group_name", *FIXED)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MemberInline, NewMemberInline)

    def matching(self, term: str, store: Store | None) -> Q:
        # Stores are few beside the rows in them: these may be read through.
        return Q(name__icontains=term) | Q(slug__icontains=term) | by_key(term)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "created_at") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*FIXED, "created_at") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.by = staff(request)
        super().save_formset(request, form, formset, change)


@admin.register(User)
class UserAdmin(Kept, DjangoUserAdmin):
    """Users are deactivated. Only a superuser hands out powers or touches another superuser."""

    list_display = (
        "id",
        "username",
        "email",
        "first_name",
        "last_name",
        "is_active",
        "is_staff",
        "last_login",
    )
    search_help_text = gettext_lazy(
        "The beginning of the username, the whole e-mail address, or a number."
    )
    actions = ("deactivate",)

    def matching(self, term: str, store: Store | None) -> Q:
        if "@" in term:
            return Q(email__iexact=term) | Q(username=term)
        return begins("username", term) | begins("username", term.lower()) | by_key(term)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        out_of_reach = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not out_of_reach and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("last_login", "date_joined", *(() if request.user.is_superuser else POWERS))

    @admin.action(permissions=["change"], description=gettext_lazy("Deactivate selected users"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        others = queryset.filter(is_active=True).exclude(pk=staff(request).pk)
        within_reach = others if request.user.is_superuser else others.exclude(is_superuser=True)
        count = within_reach.update(is_active=False)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, _("%(number)s deactivated.") % {"number": count}, level)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("id", "at", "store", "by", "action", "subject_type", "subject_id")
    list_filter = (StoreFilter,)
    list_select_related = ("store", "by")
    search_help_text = gettext_lazy("The subject, such as “customer 123”, or the entry's number.")
    fields = ("store", "at", "by", "action", "subject_type", "subject_id", "changes")

    def matching(self, term: str, store: Store | None) -> Q:
        kind, _, number = term.rpartition(" ")
        subject = as_key(number)
        if not kind or subject is None:
            return by_key(term)
        return Q(store__in=store_keys(store), subject_type=kind.strip().lower(), subject_id=subject)


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    """What is in a file is its store's, and is not handed out here."""

    list_display = ("id", "name", "store", "by", "created_at", "size")
    list_filter = (StoreFilter,)
    list_select_related = ("store", "by")
    store_order = BY_STORE
    fields = ("store", "name", "by", "created_at", "size", "sha256")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnly):
    list_display = ("id", "name", "list_name", "store", "member", "created_at")
    list_filter = (StoreFilter,)
    list_select_related = ("store", "member__store", "member__user")
    store_order = BY_STORE
    fields = ("store", "member", "list_name", "name", "query", "created_at")


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = (
        "id",
        "title",
        "store",
        "kind",
        "state",
        "by",
        "created_at",
        "planned",
        "handled",
    )
    list_filter = (StoreFilter, ("state", NewestChoices))
    list_select_related = ("store", "by")
    store_order = BY_STORE
    search_help_text = gettext_lazy(
        "The whole username of who asked for it, or the change's number."
    )
    fields = (
        "store",
        "kind",
        "title",
        "state",
        "asked",
        "counts",
        "by",
        "undoes",
        "created_at",
        "confirmed_at",
        "ended_at",
        "planned",
        "handled",
        "cursor",
        "fence",
        "lease_until",
        "failure",
    )

    def matching(self, term: str, store: Store | None) -> Q:
        people = User.objects.filter(username=term).values_list("pk", flat=True)
        return Q(by__in=list(people)) | by_key(term)
