"""Members of a store: invited by a link, given another role, removed. An owner always stays."""

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores import audit, edits
from stores.edits import Changed
from stores.models import Invitation, Member, Role, Store, User

__all__ = ["AlreadyMember", "Changed", "Closed", "LastOwner"]

_signer = signing.Signer(salt="invitation")


class LastOwner(ValueError):
    """Nobody else could run the store. Nothing has changed."""

    def __init__(self) -> None:
        super().__init__(_("A store needs an owner. Make somebody else one first."))


class Closed(ValueError):
    """The invitation was accepted, revoked, or has expired."""


class AlreadyMember(ValueError):
    """Who was invited is a member of the store; the invitation stays open."""


def invite(*, store: Store, role: str, by: User, note: str = "") -> Invitation:
    """Make an invitation for seven days; `token` gives what its link carries."""
    with transaction.atomic():
        invitation = Invitation.objects.create(store=store, role=role, by=by, note=note)
        changes = {"role": [None, role], "note": [None, note]}
        audit.record(
            store=store, by=by, action="member.invite", subject=invitation, changes=changes
        )
    return invitation


def token(invitation: Invitation) -> str:
    """The signed key of an invitation."""
    return _signer.sign(invitation.key.hex)


def invited(text: str) -> Invitation | None:
    """The invitation of a token, if it is one of ours and still open."""
    try:
        key = _signer.unsign(text)
    except signing.BadSignature:
        return None
    invitation = Invitation.objects.select_related("store", "by").filter(key=key).first()
    return invitation if invitation and invitation.is_open else None


def revoke(*, invitation: Invitation, by: User) -> bool:
    """Close an invitation; False if nobody could accept it any more."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not locked.is_open:
            return False
        edits.write(
            store=invitation.store,
            row=locked,
            by=by,
            action="member.revoke",
            revoked_at=timezone.now(),
        )
    return True


def accept(*, invitation: Invitation, user: User) -> Member:
    """Make the user a member, once. Locks the invitation. Raises `Closed`, `AlreadyMember`."""
    store = invitation.store
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not locked.is_open:
            raise Closed
        member, made = Member.objects.get_or_create(
            store=store, user=user, defaults={"role": locked.role}
        )
        if not made:
            raise AlreadyMember
        locked.accepted_at, locked.accepted_by = timezone.now(), user
        locked.save(update_fields=["accepted_at", "accepted_by"])
        changes = {"role": [None, member.role], "invitation": [None, locked.pk]}
        audit.record(store=store, by=user, action="member.join", subject=member, changes=changes)
    return member


def change_role(*, member: Member, role: str, seen: str, by: User | None) -> bool:
    """Give a member another role than the one that was `seen`; False if it is that one.

    Locks the owners. Raises `LastOwner`, `Changed`.
    """
    with transaction.atomic():
        if role != Role.OWNER:
            keep_an_owner(member)
        return bool(
            edits.edit(
                store=member.store,
                row=member,
                by=by,
                opened={"role": seen},
                fields={"role": role},
                action="member.role",
            )
        )


def remove(*, member: Member, by: User | None) -> None:
    """Take a user out of the store; again changes nothing. Locks the owners. Raises `LastOwner`."""
    with transaction.atomic():
        keep_an_owner(member)
        locked = Member.objects.select_for_update().filter(pk=member.pk).first()
        if locked is None:
            return
        changes = {"user": [locked.user_id, None], "role": [locked.role, None]}
        audit.record(
            store=member.store, by=by, action="member.remove", subject=locked, changes=changes
        )
        locked.delete()


def keep_an_owner(*leaving: Member) -> None:
    """Refuse that these members of a store, and so its last owner, cease to be owners.

    Locks the owners of the store until the end of the caller's transaction. Who cannot sign in
    runs no store and does not count. Raises `LastOwner`.
    """
    store = leaving[0].store_id
    owners = Member.objects.filter(store=store, role=Role.OWNER).order_by("pk")
    locked = set(owners.select_for_update().values_list("pk", flat=True))
    gone = {member.pk for member in leaving}
    if not gone & locked:
        return
    if not owners.filter(user__is_active=True).exclude(pk__in=gone).exists():
        raise LastOwner


def add(*, store: Store, user: User, role: str, by: User | None) -> Member:
    """Make a user a member without an invitation, as the staff does."""
    with transaction.atomic():
        member = Member.objects.create(store=store, user=user, role=role)
        changes = {"user": [None, user.pk], "role": [None, role]}
        audit.record(store=store, by=by, action="member.add", subject=member, changes=changes)
    return member
