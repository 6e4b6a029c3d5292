"""Members: invited once, given roles, removed; an owner always stays."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from stores import edits, members
from stores.models import AuditEntry, Invitation, Member, Role
from tests.factories import make_member, make_store, make_user
from tests.naive import unlocked
from tests.together import meeting, names, together

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def owner(store):
    return make_member(store, "owner")


def trail() -> list[tuple]:
    return list(
        AuditEntry.objects.order_by("pk").values_list("action", "subject_id", "changes", "by")
    )


def roles(store) -> dict[int, str]:
    return dict(store.members.values_list("pk", "role"))


def test_an_invitation_makes_one_member(store, owner):
    jane, bert = make_user("jane"), make_user("bert")
    invitation = members.invite(store=store, role="clerk", by=owner.user, note="Jane")

    member = members.accept(invitation=invitation, user=jane)
    with pytest.raises(members.Closed):
        members.accept(invitation=invitation, user=bert)

    invitation.refresh_from_db()
    assert (member.store, member.user, member.role) == (store, jane, "clerk")
    assert invitation.accepted_by == jane
    assert roles(store) == {owner.pk: "owner", member.pk: "clerk"}
    invited = {"role": [None, "clerk"], "note": [None, "Jane"]}
    joined = {"role": [None, "clerk"], "invitation": [None, invitation.pk]}
    assert trail() == [
        ("member.invite", invitation.pk, invited, owner.user.pk),
        ("member.join", member.pk, joined, jane.pk),
    ]


def test_the_link_holds_for_seven_days(store, owner):
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        invitation = members.invite(store=store, role="clerk", by=owner.user)
        text = members.token(invitation)
    found = {}

    for moment in ("2026-06-08T11:59:59Z", "2026-06-08T12:00:00Z"):
        with time_machine.travel(moment, tick=False):
            found[moment] = members.invited(text)
    with time_machine.travel("2026-06-08T12:00:00Z", tick=False):
        with pytest.raises(members.Closed):
            members.accept(invitation=invitation, user=make_user())

    assert found == {"2026-06-08T11:59:59Z": invitation, "2026-06-08T12:00:00Z": None}


def test_a_link_that_is_not_ours_leads_nowhere(store, owner):
    invitation = members.invite(store=store, role="owner", by=owner.user)
    text = members.token(invitation)

    forged = [invitation.key.hex, text[:-1], text + "x", "x" + text, "", ":", "🙂", "a:b:c"]

    assert {one: members.invited(one) for one in forged} == dict.fromkeys(forged)
    assert members.invited(text) == invitation


def test_a_revoked_invitation_is_closed(store, owner):
    invitation = members.invite(store=store, role="clerk", by=owner.user)

    deeds = [members.revoke(invitation=invitation, by=owner.user) for _ in range(2)]

    assert deeds == [True, False]
    assert members.invited(members.token(invitation)) is None
    with pytest.raises(members.Closed):
        members.accept(invitation=invitation, user=make_user())


def test_who_belongs_already_leaves_the_invitation_open(store, owner, unchanged):
    invitation = members.invite(store=store, role="viewer", by=owner.user)

    with unchanged(), pytest.raises(members.AlreadyMember):
        members.accept(invitation=invitation, user=owner.user)

    assert Invitation.objects.get().is_open


def test_a_role_is_changed_where_it_is_what_was_seen(store, owner, unchanged):
    clerk = make_member(store, "clerk")

    changed = members.change_role(member=clerk, role="manager", seen="clerk", by=owner.user)
    with unchanged():
        again = members.change_role(member=clerk, role="manager", seen="clerk", by=owner.user)
        with pytest.raises(members.Changed) as conflict:
            members.change_role(member=clerk, role="viewer", seen="clerk", by=owner.user)

    assert (changed, again) == (True, False)
    assert conflict.value.present == {"role": "manager"}
    assert trail() == [("member.role", clerk.pk, {"role": ["clerk", "manager"]}, owner.user.pk)]


def test_a_member_is_removed(store, owner):
    clerk = make_member(store, "clerk")
    key = clerk.pk

    members.remove(member=clerk, by=owner.user)

    changes = {"user": [clerk.user_id, None], "role": ["clerk", None]}
    assert trail() == [("member.remove", key, changes, owner.user.pk)]
    assert roles(store) == {owner.pk: "owner"}


def test_the_last_owner_stays(store, owner, unchanged):
    make_member(store, "manager")
    make_member(make_store("other"), "owner")

    with unchanged():
        with pytest.raises(members.LastOwner):
            members.remove(member=owner, by=owner.user)
        with pytest.raises(members.LastOwner):
            members.change_role(member=owner, role="manager", seen="owner", by=owner.user)


def test_an_owner_who_cannot_sign_in_does_not_count(store, owner, unchanged):
    asleep = make_member(store, "owner", make_user(is_active=False))

    with unchanged(), pytest.raises(members.LastOwner):
        members.remove(member=owner, by=owner.user)
    members.remove(member=asleep, by=owner.user)

    assert roles(store) == {owner.pk: "owner"}


def test_of_two_owners_one_may_go(store, owner):
    second = make_member(store, "owner")

    members.remove(member=owner, by=owner.user)

    assert roles(store) == {second.pk: "owner"}


def oust_each_other(owner: Member, deed: str) -> list[str]:
    """Of two owners each takes the other's role at once; what came of that."""
    second = make_member(owner.store, "owner")

    def oust(member: Member, by: Member, how: str):
        if how == "remove":
            return lambda: members.remove(member=member, by=by.user)
        return lambda: members.change_role(member=member, role="viewer", seen="owner", by=by.user)

    hows = ("remove", "demote") if deed == "both" else (deed, deed)
    return names(together(oust(second, owner, hows[0]), oust(owner, second, hows[1])))


def owners(store) -> int:
    return Member.objects.filter(store=store, role=Role.OWNER).count()


@pytest.mark.parametrize("deed", ["remove", "demote", "both"])
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_oust_each_other_at_once_leave_one(store, owner, deed):
    assert oust_each_other(owner, deed) == ["LastOwner", "done"]
    assert owners(store) == 1
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("deed", ["remove", "demote", "both"])
@pytest.mark.django_db(transaction=True)
def test_owners_who_are_only_counted_are_caught(monkeypatch, store, owner, deed):
    meet, keep = meeting(2), members.keep_an_owner

    def count(*leaving):
        keep(*leaving)
        meet()

    monkeypatch.setattr(members, "keep_an_owner", count)
    unlocked(monkeypatch, members, edits)

    assert oust_each_other(owner, deed) == ["done", "done"]
    assert owners(store) == 0


@pytest.fixture
def only_looked_at(monkeypatch):
    """Two have found an invitation open before the first of them goes on."""
    meet, is_open = meeting(2), Invitation.is_open.fget

    def look(invitation):
        found = is_open(invitation)
        meet()
        return found

    monkeypatch.setattr(Invitation, "is_open", property(look))
    unlocked(monkeypatch, members)


def accept_twice(store, owner) -> tuple[list[str], int]:
    """Two people use one link at once; what came of that, and how many members it made."""
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    people = [make_user(), make_user()]

    outcomes = together(
        *[lambda user=user: members.accept(invitation=invitation, user=user) for user in people]
    )

    return names(outcomes), store.members.filter(role="clerk").count()


@pytest.mark.django_db(transaction=True)
def test_a_link_used_by_two_at_once_makes_one_member(store, owner):
    assert accept_twice(store, owner) == (["Closed", "done"], 1)


@pytest.mark.usefixtures("only_looked_at")
@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_only_looked_at_is_caught(store, owner):
    assert accept_twice(store, owner) == (["done", "done"], 2)


def accept_and_revoke(store, owner) -> list[str]:
    """What is not as if one of both had come first."""
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    user = make_user()

    accepted, revoked = together(
        lambda: members.accept(invitation=invitation, user=user),
        lambda: members.revoke(invitation=invitation, by=owner.user),
    )

    invitation.refresh_from_db()
    joined = store.members.filter(user=user).exists()
    told = (type(accepted), revoked)
    ended = (invitation.accepted_at is not None, invitation.revoked_at is not None)
    return [
        *([] if told == ((Member, False) if joined else (members.Closed, True)) else [repr(told)]),
        *([] if ended == (joined, not joined) else [f"accepted, revoked: {ended}"]),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_accepted_or_revoked_not_both(store, owner):
    assert accept_and_revoke(store, owner) == []


@pytest.mark.usefixtures("only_looked_at")
@pytest.mark.django_db(transaction=True)
def test_accepting_and_revoking_what_was_only_looked_at_is_caught(store, owner):
    assert accept_and_revoke(store, owner) != []


def test_an_invitation_expires_by_the_clock_of_its_row(store, owner):
    invitation = members.invite(store=store, role="clerk", by=owner.user)

    assert invitation.expires_at - invitation.created_at <= dt.timedelta(days=7, seconds=1)
    assert invitation.expires_at > timezone.now() + dt.timedelta(days=6, hours=23)
