"""Stores, members and users in the Django admin."""

import pytest
from django.contrib.auth.models import Permission

from stores import audit
from stores.models import AuditEntry, Member, NameRule, SavedView, Store, User
from tests.admin_pages import (
    add_url,
    autocomplete_url,
    errors,
    list_url,
    opened,
    page_url,
    save,
    signed_in,
)
from tests.factories import make_member, make_store, make_user, make_view

pytestmark = pytest.mark.django_db
FIXED = ("currency", "name_rule", "time_zone")


@pytest.fixture
def client(db):
    return signed_in()


@pytest.fixture
def clerk(db) -> User:
    """Of the staff, no superuser, who may do everything with users."""
    clerk = make_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    return clerk


def test_a_store_is_added_with_its_owner(client):
    owner = make_user()
    fields = {"name": "Bakery", "slug": "bakery", "currency": "EUR", "time_zone": "Europe/Berlin"}
    member = {"members-2-0-user": owner.pk, "members-2-0-role": "owner", "members-2-TOTAL_FORMS": 1}
    assert errors(save(client, add_url(Store), **fields, **member)) == ""
    store = Store.objects.get()
    assert (store.currency, store.time_zone) == ("EUR", "Europe/Berlin")
    assert Member.objects.get(store=store, user=owner).role == "owner"


def test_a_time_zone_that_is_none_is_refused(client):
    fields = {"name": "Bakery", "slug": "bakery", "time_zone": "Europe/Atlantis"}
    assert "no time zone" in errors(save(client, add_url(Store), **fields))


def test_what_figures_depend_on_is_fixed(client, unchanged):
    store = make_store()
    assert not set(FIXED) & set(opened(client, page_url(store)))
    with unchanged():
        fields = {"currency": "EUR", "name_rule": NameRule.PLAIN, "time_zone": "UTC"}
        assert errors(save(client, page_url(store), **fields)) == ""
    assert errors(save(client, page_url(store), name="Renamed")) == ""
    store.refresh_from_db()
    assert store.name == "Renamed"


def test_members_are_changed_added_and_removed_with_their_store(client):
    store = make_store()
    clerk, viewer = make_member(store, "clerk"), make_member(store, "viewer")
    changes = {
        "members-0-role": "manager",
        "members-1-DELETE": "on",
        "members-2-TOTAL_FORMS": 1,
        "members-2-0-user": make_user("new").pk,
        "members-2-0-role": "owner",
    }
    assert errors(save(client, page_url(store), **changes)) == ""
    roles = dict(store.members.values_list("user__username", "role"))
    assert roles == {clerk.user.username: "manager", "new": "owner"}
    assert viewer.user.username not in roles


def test_nobody_is_a_member_twice(client, unchanged):
    store = make_store()
    member, jane = make_member(store, "clerk"), make_user("jane")
    twice = {"members-2-TOTAL_FORMS": 2}
    for place in range(2):
        twice |= {f"members-2-{place}-user": jane.pk, f"members-2-{place}-role": "owner"}
    again = {"members-2-TOTAL_FORMS": 1, "members-2-0-user": member.user.pk}
    with unchanged():
        response = save(client, page_url(store), **again, **{"members-2-0-role": "owner"})
        assert "already exists" in errors(response)
        assert "duplicate" in errors(save(client, page_url(store), **twice))
        fields = {"store": store.pk, "user": member.user.pk, "role": "owner"}
        assert "already exists" in errors(save(client, add_url(Member), **fields))


def test_a_user_is_deactivated_and_never_deleted(client):
    user, root = make_user("jane"), make_user("root", is_superuser=True)
    assert client.get(page_url(user, "delete")).status_code == 403
    everybody = {
        "action": "deactivate",
        "_selected_action": User.objects.values_list("pk", flat=True),
    }
    client.post(list_url(User), everybody)
    user.refresh_from_db()
    root.refresh_from_db()
    assert (user.is_active, root.is_active) == (False, False)
    assert client.get(list_url(User)).status_code == 200, "one does not deactivate oneself"


def test_only_a_superuser_hands_out_powers(clerk, client):
    jane, root = make_user("jane"), make_user("root", is_staff=True, is_superuser=True)
    powers = {"is_staff": "on", "is_superuser": "on"}
    assert errors(save(signed_in(clerk), page_url(jane), first_name="Jane", **powers)) == ""
    jane.refresh_from_db()
    assert (jane.first_name, jane.is_staff, jane.is_superuser) == ("Jane", False, False)
    assert signed_in(clerk).post(page_url(root), {"username": "x"}).status_code == 403
    password = f"{list_url(User)}{root.pk}/password/"
    assert signed_in(clerk).get(password).status_code == 403
    signed_in(clerk).post(list_url(User), {"action": "deactivate", "_selected_action": [root.pk]})
    root.refresh_from_db()
    assert root.is_active
    assert errors(save(client, page_url(jane), **powers)) == ""
    jane.refresh_from_db()
    assert jane.is_superuser


def test_a_user_is_found_by_the_beginning_of_the_name_or_by_address(client):
    make_user("Jane", email="Jane@Example.com")
    make_user("bob@example.com")

    def found(term: str) -> list[str]:
        rows = client.get(list_url(User), {"q": term}).context["cl"].result_list
        return [row.username for row in rows]

    assert found("Ja") == found("jane@example.COM") == ["Jane"]
    assert found("bob@example.com") == ["bob@example.com"]
    assert found("ane") == found("%") == []
    answer = client.get(autocomplete_url(Member, "user") + "&term=Ja").json()
    assert [choice["text"] for choice in answer["results"]] == ["Jane"]


def test_the_trail_is_found_by_its_subject(client):
    store, other = make_store(), make_store()
    for place in (store, other):
        audit.record(store=place, by=None, action="x", subject=place, changes={"name": ["a", "b"]})

    def found(**query: object) -> list[str]:
        return [
            str(row) for row in client.get(list_url(AuditEntry), query).context["cl"].result_list
        ]

    assert found(q=f"Store {store.pk}") == [f"x store {store.pk}"]
    assert found(q=f"store {store.pk}", store=other.pk) == []
    assert len(found(store=other.pk)) == 1


def owned_store():
    """A store with one owner and one clerk."""
    store = make_store()
    return store, make_member(store, "owner"), make_member(store, "clerk")


def test_the_last_owner_is_not_removed_with_their_store_open(client, unchanged):
    store, _, _ = owned_store()

    for change in ({"members-0-role": "clerk"}, {"members-0-DELETE": "on"}):
        with unchanged():
            response = save(client, page_url(store), **change)
        assert "A store needs an owner." in response.content.decode()


def test_the_last_owner_is_not_demoted_or_deleted_alone(client, unchanged):
    _, owner, _ = owned_store()

    with unchanged():
        assert "needs an owner" in errors(save(client, page_url(owner), role="clerk"))
        deleted = client.post(page_url(owner, "delete"), {"post": "yes"})

    assert deleted.status_code == 403


def test_all_owners_are_not_deleted_at_once(client, unchanged):
    store, owner, clerk = owned_store()
    second = make_member(store, "owner")
    chosen = {"action": "delete_selected", "post": "yes"}

    with unchanged():
        keys = [owner.pk, second.pk, clerk.pk]
        refused = client.post(list_url(Member), {**chosen, "_selected_action": keys})
    taken = client.post(list_url(Member), {**chosen, "_selected_action": [owner.pk, clerk.pk]})

    assert (refused.status_code, taken.status_code) == (403, 302)
    assert list(store.members.values_list("pk", flat=True)) == [second.pk]


@pytest.mark.parametrize("way", ["alone", "chosen"])
def test_own_views_go_with_their_member_and_shared_ones_stay(client, way):
    _, owner, clerk = owned_store()
    shared = make_view(owner, "Everybody's", shared=True)
    make_view(clerk)

    if way == "alone":
        deleted = client.post(page_url(clerk, "delete"), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [clerk.pk]}
        deleted = client.post(list_url(Member), chosen)

    assert deleted.status_code == 302
    assert not Member.objects.filter(pk=clerk.pk).exists()
    assert list(SavedView.objects.all()) == [shared]


def test_a_change_of_members_leaves_its_trail(client):
    store, _, clerk = owned_store()
    jane = make_user("jane")

    save(client, page_url(clerk), role="manager")
    save(client, page_url(store), **{"members-1-DELETE": "on"})
    save(client, add_url(Member), store=store.pk, user=jane.pk, role="viewer")

    trail = AuditEntry.objects.order_by("pk").values_list("action", "changes")
    assert list(trail) == [
        ("member.role", {"role": ["clerk", "manager"]}),
        ("member.remove", {"user": [clerk.user.pk, None], "role": ["manager", None]}),
        ("member.add", {"user": [None, jane.pk], "role": [None, "viewer"]}),
    ]
