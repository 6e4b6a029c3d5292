"""Pages of members, for owners; the link of an invitation, for whoever holds it."""

import pytest
from django.test import Client

from stores import members
from stores.models import AuditEntry, Invitation, Member, User
from tests.doors.pages import Node, read
from tests.factories import PASSWORD, make_member, make_store, make_user

pytestmark = pytest.mark.django_db
URL = "/stores/lamps/members/"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def store():
    return make_store("lamps", name="Lamps")


@pytest.fixture
def owner(store):
    return make_member(store, "owner", make_user("olga"))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(owner):
    return signed_in(owner.user)


def form_at(client, url: str) -> Node:
    return read(client.get(url)).one("form", method="post", action=url)


def send(client, url: str, *, htmx: bool = False, **typed):
    fields = {**form_at(client, url).values(), **typed}
    return client.post(url, fields, headers=DIALOG if htmx else {})


def rows(page: Node) -> list[list[str]]:
    table = page.all("table", class_="list-table")[0]
    return [[cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")]


def link(client) -> str:
    (button,) = read(client.get(URL)).one("table", id="invitations").all("button")
    return button["data-copy"].removeprefix("http://testserver")


def test_members_by_name_with_their_roles(client, store):
    make_member(store, "clerk", make_user("carl", email="carl@example.org", first_name="Carl"))
    make_member(store, "viewer", make_user("vera", is_active=False))
    make_member(make_store(), "viewer", make_user("stranger"))

    assert rows(read(client.get(URL))) == [
        ["Carl", "Clerk", "carl", "carl@example.org"],
        ["olga", "Owner", "olga", ""],
        ["vera", "Viewer (account switched off)", "vera", ""],
    ]


def test_a_piece_of_the_page_is_answered_to_a_refresh(client):
    part = read(client.get(URL, headers={"HX-Request": "true", "HX-Target": "results"}))

    assert part.all("html") == []
    assert rows(part) == [["olga", "Owner", "olga", ""]]


def test_who_is_invited_signs_in_and_joins(client, store):
    jane = make_user("jane")
    made = send(client, f"{URL}invitations/add/", htmx=True, role="manager", note="Jane")
    path = link(client)
    guest = Client()

    page = read(guest.get(path))
    (sign_in,) = [a["href"] for a in page.all("a") if "login" in a["href"]]
    fields = {"login": "jane", "password": PASSWORD, "next": path}
    entered = guest.post(sign_in, fields)
    joined = guest.post(path)

    assert made.status_code == 204
    assert page.one("h1").text == "Join Lamps"
    assert entered["Location"] == path
    assert joined["Location"] == store.get_absolute_url()
    assert Member.objects.get(user=jane).role == "manager"
    assert guest.get(path).status_code == 404


def test_who_has_no_account_makes_one_on_the_way(client, store):
    send(client, f"{URL}invitations/add/", role="clerk")
    path = link(client)
    guest = Client()
    (sign_up,) = [a["href"] for a in read(guest.get(path)).all("a") if "signup" in a["href"]]

    form = read(guest.get(sign_up)).one("form", method="post")
    fields = {**form.values(), "username": "jane", "email": "jane@example.org"}
    entered = guest.post(form["action"], {**fields, "password1": "quite-a-long-one-7"})
    guest.post(path)

    assert entered["Location"] == path
    assert Member.objects.get(user__username="jane").role == "clerk"


def test_nobody_signs_up_without_an_open_invitation(client, owner, store):
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    good = f"/invitations/{members.token(invitation)}/"
    members.revoke(invitation=invitation, by=owner.user)
    fields = {"username": "jane", "email": "j@example.org", "password1": "quite-a-long-one-7"}
    guest = Client()

    for way in ("", "/", good, "/invitations/x/", "//example.com/", f"https://example.com{good}"):
        answers = [
            guest.get("/accounts/signup/", {"next": way}),
            guest.post("/accounts/signup/", {**fields, "next": way}),
        ]
        for answer in answers:
            assert "Accounts are given out by hand" in answer.content.decode()

    assert not User.objects.filter(username="jane").exists()


@pytest.mark.parametrize("state", ["used", "revoked", "expired", "forged"])
def test_a_link_that_no_longer_works_says_so(owner, store, state, unchanged):
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    path = f"/invitations/{members.token(invitation)}/"
    if state == "used":
        members.accept(invitation=invitation, user=make_user())
    elif state == "revoked":
        members.revoke(invitation=invitation, by=owner.user)
    elif state == "expired":
        Invitation.objects.update(expires_at=invitation.created_at)
    else:
        path = path.replace(":", ":x")
    jane = signed_in(make_user("jane"))

    with unchanged():
        answers = [jane.get(path), jane.post(path), Client().get(path)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "This invitation no longer works" in answers[0].content.decode()


def test_looking_at_a_link_changes_nothing(owner, store, unchanged):
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    path = f"/invitations/{members.token(invitation)}/"
    jane = signed_in(make_user("jane"))

    with unchanged():
        statuses = [jane.get(path).status_code, Client().get(path).status_code]
        posted = Client().post(path)

    assert statuses == [200, 200]
    assert posted["Location"] == f"/accounts/login/?next={path.replace(':', '%3A')}"


def test_a_member_who_follows_the_link_is_led_to_the_store(owner, store):
    invitation = members.invite(store=store, role="clerk", by=owner.user)
    path = f"/invitations/{members.token(invitation)}/"
    client = signed_in(owner.user)

    page, posted = read(client.get(path)), client.post(path)

    assert "You belong to this store already." in page.text
    assert posted["Location"] == store.get_absolute_url()
    assert Invitation.objects.get().is_open


def test_a_role_is_changed(client, store):
    carl = make_member(store, "clerk", make_user("carl"))

    response = send(client, f"{URL}{carl.pk}/", role="manager")

    carl.refresh_from_db()
    assert (response["Location"], carl.role) == (URL, "manager")


def test_a_role_changed_meanwhile_is_said(client, store):
    carl = make_member(store, "clerk", make_user("carl"))
    url = f"{URL}{carl.pk}/"
    fields = {**form_at(client, url).values(), "role": "manager"}
    Member.objects.filter(pk=carl.pk).update(role="viewer")

    response = client.post(url, fields)

    form = read(response).one("form", method="post", action=url)
    carl.refresh_from_db()
    assert (response.status_code, carl.role) == (409, "viewer")
    assert form.error("role").startswith("Now Viewer, changed meanwhile.")


@pytest.mark.parametrize("role", ["", "boss", "Owner", "x" * 300])
def test_no_other_role_is_taken(client, store, role, unchanged):
    carl = make_member(store, "clerk")

    with unchanged():
        answers = [
            send(client, f"{URL}{carl.pk}/", role=role),
            send(client, f"{URL}invitations/add/", role=role),
        ]

    assert [bool(read(answer).error("role")) for answer in answers] == [True, True]


def test_the_last_owner_is_told_why_they_stay(client, owner, unchanged):
    url = f"{URL}{owner.pk}/"

    with unchanged():
        demoted, removed = send(client, url, role="viewer"), client.post(f"{url}removal/")

    assert (demoted.status_code, removed.status_code) == (409, 409)
    said = "A store needs an owner. Make somebody else one first."
    assert read(demoted).error("role") == said
    assert said in read(removed).text


def test_who_removes_themselves_is_led_out(client, owner, store):
    make_member(store, "owner")

    response = client.post(f"{URL}{owner.pk}/removal/", headers=DIALOG)

    assert (response.status_code, response["HX-Redirect"]) == (204, "/")
    assert client.get(URL).status_code == 404


def test_an_invitation_is_revoked(client, owner, store):
    invitation = members.invite(store=store, role="clerk", by=owner.user)

    response = client.post(f"{URL}invitations/{invitation.pk}/revocation/")

    assert response["Location"] == URL
    assert read(client.get(URL)).all("table", id="invitations") == []
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "member.invite",
        "member.revoke",
    ]


def test_the_page_takes_the_same_few_queries(client, store, owner, django_assert_num_queries):
    for _ in range(10):
        make_member(store, "clerk")
        members.invite(store=store, role="clerk", by=owner.user)

    with django_assert_num_queries(5):
        client.get(URL)
