"""Saved views of lists: kept, renamed, shared, replaced and deleted, each deed with its line in the
trail.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from stores import audit, edits
from stores.edits import Changed
from stores.models import Member, SavedView, Store
from stores.models.saved_view import MOST_QUERY
from stores.rights import Right

__all__ = ["Changed", "Refused", "delete", "edit", "may_change", "replace", "save", "visible"]

MOST = 20
# Whoever may carry a list out of the store may also say how all its members find it.
SHARE_RIGHT = Right.EXPORT


class Refused(ValueError):
    """Why a view cannot be kept so, in words. Nothing has changed."""


def visible(member: Member, list_name: str) -> QuerySet[SavedView]:
    """What stands above the list for a member: the shared views, then their own; oldest first."""
    mine_or_shared = Q(member=member) | Q(member=None)
    rows = SavedView.objects.filter(mine_or_shared, store=member.store_id, list_name=list_name)
    return rows.order_by(F("member").asc(nulls_first=True), "pk")


def may_change(view: SavedView, member: Member) -> bool:
    """Their own, and a shared one with the right to share."""
    return member.may(SHARE_RIGHT) if view.is_shared else view.member_id == member.pk


def save(
    *, store: Store, list_name: str, name: str, query: str, shared: bool, by: Member
) -> SavedView:
    """Keep a query under a name, for the member or for everybody. Raises `Refused`."""
    _refuse_long(query)
    owner = None if shared else by
    try:
        with transaction.atomic():
            _refuse_more(store, owner, list_name)
            view = SavedView.objects.create(
                store=store, member=owner, list_name=list_name, name=name, query=query
            )
            changes = {"name": [None, name], "query": [None, query]}
            audit.record(store=store, by=by.user, action="view.add", subject=view, changes=changes)
    except IntegrityError:
        raise _taken(name) from None
    return view


def edit(
    *, view: SavedView, opened: dict[str, Any], name: str, shared: bool, by: Member
) -> list[str]:
    """Rename a view, share it, or take it back for oneself; say what was changed.

    `opened` holds the name and whether it was shared when that was asked. Raises `Changed` where
    it has changed since, and `Refused`.
    """
    owner = None if shared else by
    fields = {"name": name, "member": owner}
    was_shared = opened.get("shared", view.is_shared)
    opened = {"name": opened["name"], "member": None if was_shared else by.pk}
    try:
        with transaction.atomic():
            if edits.plain(owner) != opened["member"]:
                _refuse_more(view.store, owner, view.list_name)
            return edits.edit(
                store=view.store,
                row=view,
                by=by.user,
                opened=opened,
                fields=fields,
                action="view.edit",
            )
    except IntegrityError:
        raise _taken(name) from None
    except SavedView.DoesNotExist:
        raise Refused(_("This view was deleted meanwhile.")) from None


def replace(*, view: SavedView, query: str, by: Member) -> None:
    """Keep another query under the same name. Raises `Refused`."""
    _refuse_long(query)
    with transaction.atomic():
        locked = SavedView.objects.select_for_update().filter(pk=view.pk).first()
        if locked is None or locked.query == query:
            return
        edits.write(store=view.store, row=locked, by=by.user, action="view.replace", query=query)
    view.query = query


def delete(*, view: SavedView, by: Member) -> None:
    """Delete a view for good; what it listed stays."""
    with transaction.atomic():
        locked = SavedView.objects.select_for_update().filter(pk=view.pk).first()
        if locked is None:
            return
        changes = {"name": [locked.name, None], "query": [locked.query, None]}
        audit.record(
            store=view.store, by=by.user, action="view.delete", subject=locked, changes=changes
        )
        locked.delete()


def _refuse_long(query: str) -> None:
    if len(query) > MOST_QUERY:
        raise Refused(_("The filters say too much to be kept. Shorten what is searched for."))


def _refuse_more(store: Store, owner: Member | None, list_name: str) -> None:
    """Locks whoever the views belong to, so that two saved at once are both counted."""
    if owner is None:
        Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    else:
        Member.objects.select_for_update(no_key=True).get(pk=owner.pk)
    kept = SavedView.objects.filter(store=store, list_name=list_name, member=owner)
    if kept.count() < MOST:
        return
    shared = _("%(most)d views of this list are shared already. Delete one first.")
    own = _("You keep %(most)d views of this list already. Delete one first.")
    raise Refused((shared if owner is None else own) % {"most": MOST})


def _taken(name: str) -> Refused:
    return Refused(_("There is a view called “%(name)s” already.") % {"name": name})
