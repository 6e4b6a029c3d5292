"""The profile: what it shows to whom, and saving it against what it was opened with."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from customers import credit, profiles
from customers.models import Balance, CreditEntry, Customer
from stores.models import AuditEntry
from tests.doors.pages import Node, read
from tests.factories import (
    balances,
    buy,
    make_customer,
    make_member,
    make_product,
    make_store,
    set_window,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
KNOWN = uuid.UUID("4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01")
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, dt.date(2026, 6, 15))
    return store


@pytest.fixture
def anna(store):
    return make_customer(
        store, "anna.bell", uuid=KNOWN, credit=100, restricted=20, discount=5, email="a@example.org"
    )


@pytest.fixture
def signed_in(store):
    def as_role(role: str) -> Client:
        client = Client()
        client.force_login(make_member(store, role).user)
        return client

    return as_role


@pytest.fixture
def owner(signed_in):
    return signed_in("owner")


def opened(client: Client, customer: Customer) -> dict[str, str]:
    """The form as the page offers it."""
    return form_of(read(client.get(customer.get_absolute_url())), customer).values()


def form_of(page: Node, customer: Customer) -> Node:
    return page.one("form", method="post", action=customer.get_absolute_url())


def save(client: Client, customer: Customer, **changes: str):
    """Open the form, change some fields, send it."""
    return send(client, customer, opened(client, customer), **changes)


def send(client: Client, customer: Customer, fields: dict[str, str], **changes: str):
    data = {name: value for name, value in {**fields, **changes}.items() if value is not None}
    return client.post(customer.get_absolute_url(), data)


def kept(customer: Customer) -> dict[str, object]:
    fields = ("discount", "email", "note", "subscriber", "group_member")
    return Customer.objects.values(*fields).get(pk=customer.pk)


def test_the_page_shows_who_it_is_and_the_figures(owner, store, anna):
    lamp = make_product(store, "Lamp")
    buy(anna, lamp, money=1200, on=dt.date(2025, 6, 1))
    buy(anna, lamp, money=34, on=dt.date(2026, 6, 1))

    page = read(owner.get(anna.get_absolute_url()))

    assert page.one("h1").text == "anna.bell"
    assert page.one("button", data_copy=str(KNOWN)).text == "Copy UUID"
    figures = page.all("dl", class_="figures")[0]
    shown = dict(
        zip(
            (term.text for term in figures.all("dt")),
            (value.text for value in figures.all("dd")),
            strict=True,
        )
    )
    assert shown == {
        "Spent": "L$1,234",
        "Spent -1Y": "L$34",
        "Owns": "1",
        "First purchase": "1 Jun 2025",
        "Last purchase": "1 Jun 2026",
    }
    values = form_of(page, anna).values()
    del values["opened"], values["token"], values["csrfmiddlewaretoken"]
    assert values == {
        "credit": "100",
        "restricted": "20",
        "reason": "",
        "reason_note": "",
        "discount": "5",
        "email": "a@example.org",
        "note": "",
    }


def test_the_dialog_is_the_page_without_its_frame(owner, anna):
    whole = read(owner.get(anna.get_absolute_url()))
    part = read(owner.get(anna.get_absolute_url(), headers=DIALOG))

    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)
    assert (part.one("h2", id="dialog-title").text, part.all("h1")) == ("anna.bell", [])
    assert form_of(part, anna)["hx-post"] == anna.get_absolute_url()
    fresh = {"token", "csrfmiddlewaretoken", "opened"}
    parted, framed = form_of(part, anna).values(), form_of(whole, anna).values()
    assert {n: v for n, v in parted.items() if n not in fresh} == {
        n: v for n, v in framed.items() if n not in fresh
    }


def test_a_customer_without_uuid_and_purchases(owner, store):
    page = read(owner.get(make_customer(store, "bert").get_absolute_url()))

    assert page.one("div", class_="uuid").text == "UUID unknown"
    assert page.all("dl", class_="figures")[0].text == (
        "Spent L$0 Spent -1Y L$0 Owns 0 First purchase – Last purchase –"
    )


def test_looking_changes_nothing(owner, anna, unchanged):
    with unchanged():
        owner.get(anna.get_absolute_url())
        owner.get(anna.get_absolute_url(), headers=DIALOG)
        owner.head(anna.get_absolute_url())


def test_saving_writes_what_was_changed(owner, anna):
    response = save(
        owner,
        anna,
        credit="1,250",
        discount="7 %",
        email="new@example.org",
        note="Likes lamps.\r\nTwice.",
        subscriber="on",
        group_member="on",
        reason="prize",
        reason_note="winter contest",
    )

    assert (response.status_code, response["Location"]) == (302, anna.get_absolute_url())
    assert balances(anna) == (1250, 20)
    assert kept(anna) == {
        "discount": 7,
        "email": "new@example.org",
        "note": "Likes lamps.\nTwice.",
        "subscriber": True,
        "group_member": True,
    }
    entry = CreditEntry.objects.get(account=anna.pk, balance="credit", seq=2)
    assert (entry.delta, entry.after, entry.reason, entry.note) == (
        1150,
        1250,
        "prize",
        "winter contest",
    )
    assert entry.by.memberships.get().role == "owner"


def test_in_the_dialog_it_closes_and_says_so(owner, anna):
    fields = opened(owner, anna)

    response = owner.post(anna.get_absolute_url(), {**fields, "note": "x"}, headers=DIALOG)

    assert (response.status_code, response.content) == (204, b"")
    assert '"dialog:close"' in response["HX-Trigger"]
    assert "anna.bell was saved." in response["HX-Trigger"]


def test_saving_without_a_change_writes_nothing(owner, anna, unchanged):
    fields = opened(owner, anna)

    with unchanged():
        response = send(owner, anna, fields)

    assert response.status_code == 302


def test_a_blank_discount_is_none(owner, anna):
    save(owner, anna, discount="")

    assert kept(anna)["discount"] == 0


REFUSED = [
    ("credit", "-1"),
    ("credit", "9223372036854775808"),
    ("credit", "1000000000001"),
    ("credit", "٣"),
    ("credit", "1.5"),
    ("credit", "abc"),
    ("credit", ""),
    ("restricted", "-5"),
    ("restricted", "1e3"),
    ("discount", "101"),
    ("discount", "101 %"),
    ("discount", "-1"),
    ("discount", "٥"),
    ("discount", "5.5"),
    ("discount", "9223372036854775808"),
    ("email", "nobody"),
    ("email", "a" * 250 + "@example.org"),
    ("note", "x" * 2001),
    ("reason_note", "x" * 201),
    ("reason", "because"),
]


def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_saved(owner, anna, unchanged):
    fields = opened(owner, anna)
    answers = {}

    with unchanged():
        for name, typed in REFUSED:
            response = send(owner, anna, fields, **{"note": "typed", name: typed})
            form = form_of(read(response), anna)
            values = form.values()
            kept_typed = values[name] == typed or name == "reason"
            kept_note = name == "note" or values["note"] == "typed"
            answers[name, typed] = (
                response.status_code,
                bool(form.error(name)),
                kept_typed,
                kept_note,
            )

    assert answers == dict.fromkeys(REFUSED, (200, True, True, True))


def test_control_characters_are_refused(owner, anna, unchanged):
    fields = opened(owner, anna)

    with unchanged():
        statuses = [
            send(owner, anna, fields, note=typed).status_code
            for typed in ("a\0b", "a\x08b", "a\x1fb")
        ]

    assert statuses == [400, 400, 400]


def test_a_balance_changes_for_a_reason_only(owner, anna, unchanged):
    fields = opened(owner, anna)

    with unchanged():
        response = send(owner, anna, fields, credit="1")

    form = form_of(read(response), anna)
    assert form.error("reason") == "Choose why the credit changes."
    assert form.values()["credit"] == "1"


def test_a_stale_form_shows_both_values_and_a_second_save_wins(owner, anna):
    fields = opened(owner, anna)
    credit.grant(customer=anna, balance=Balance.CREDIT, amount=50, by=None)

    refused = send(owner, anna, fields, credit="70", reason="correction")

    form = form_of(read(refused), anna)
    assert refused.status_code == 409
    assert balances(anna) == (150, 20)
    assert form.values()["credit"] == "70"
    assert form.error("credit") == (
        "Now L$150, changed meanwhile. Nothing was saved; save again to replace it."
    )
    again = send(owner, anna, form.values())
    assert again.status_code == 302
    assert balances(anna) == (70, 20)


def test_a_stale_note_is_shown_and_saved_at_the_second_try(owner, anna):
    fields = opened(owner, anna)
    profiles.edit(customer=anna, by=None, opened={"note": ""}, fields={"note": "theirs"})

    refused = send(owner, anna, fields, note="mine", discount="9")

    form = form_of(read(refused), anna)
    assert refused.status_code == 409
    assert form.error("note") == (
        "Now “theirs”, changed meanwhile. Nothing was saved; save again to replace it."
    )
    assert (kept(anna)["note"], kept(anna)["discount"]) == ("theirs", 5)
    assert send(owner, anna, form.values()).status_code == 302
    assert (kept(anna)["note"], kept(anna)["discount"]) == ("mine", 9)


def test_a_change_of_other_fields_is_not_lost(owner, anna):
    fields = opened(owner, anna)
    profiles.edit(customer=anna, by=None, opened={"note": ""}, fields={"note": "theirs"})

    response = send(owner, anna, fields, discount="9")

    assert response.status_code == 302
    assert (kept(anna)["note"], kept(anna)["discount"]) == ("theirs", 9)


def test_a_form_posted_twice_moves_once(owner, anna):
    fields = {**opened(owner, anna), "credit": "130", "restricted": "0", "reason": "gift_card"}

    statuses = [send(owner, anna, fields).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert balances(anna) == (130, 0)
    assert CreditEntry.objects.filter(account=anna.pk, token=fields["token"]).count() == 2


def test_a_damaged_form_is_refused(owner, anna, unchanged):
    fields = opened(owner, anna)
    bert = make_customer(anna.store, "bert")
    of_bert = opened(owner, bert)["opened"]

    with unchanged():
        statuses = [
            send(owner, anna, fields, note="x", **damage).status_code
            for damage in (
                {"opened": fields["opened"][:-1]},
                {"opened": ""},
                {"opened": of_bert},
                {"opened": None},
                {"token": "no uuid"},
                {"token": ""},
            )
        ]

    assert statuses == [200] * 6


def test_a_clerk_edits_but_moves_no_credit(signed_in, anna):
    clerk = signed_in("clerk")
    fields = opened(clerk, anna)

    response = send(
        clerk,
        anna,
        fields,
        note="by the clerk",
        credit="999",
        restricted="999",
        discount="50",
        reason="prize",
    )

    assert sorted(fields) == ["csrfmiddlewaretoken", "email", "note", "opened", "token"]
    assert response.status_code == 302
    assert balances(anna) == (100, 20)
    assert (kept(anna)["note"], kept(anna)["discount"]) == ("by the clerk", 5)


def facts(page: Node) -> str:
    return " ".join(part.text for part in page.all("dl", class_="figures")[1:])


def test_what_a_member_does_not_edit_is_shown(signed_in, anna):
    shown = {
        role: facts(read(signed_in(role).get(anna.get_absolute_url())))
        for role in ("owner", "manager", "clerk")
    }

    assert shown == {
        "owner": "",
        "manager": "",
        "clerk": "Credit L$100 Restricted Credit L$20 Discount 5 %",
    }


def test_a_viewer_reads_and_changes_nothing(signed_in, owner, anna, unchanged):
    viewer = signed_in("viewer")
    fields = opened(owner, anna)

    page = read(viewer.get(anna.get_absolute_url()))
    with unchanged():
        refused = viewer.post(anna.get_absolute_url(), {**fields, "note": "x"})

    assert page.all("form", action=anna.get_absolute_url()) == []
    assert facts(page) == (
        "Credit L$100 Restricted Credit L$20 Discount 5 % News subscriber No Group member No"
    )
    assert "E-mail: a@example.org" in page.text
    assert refused.status_code == 403
    links = page.one("p", class_="profile-links").all("a")
    assert [link.text for link in links] == ["Credit entries", "Purchases and gifts"]


def test_what_is_written_by_others_is_text(owner, store):
    note = "<script>alert(1)</script>{{7*7}}"
    customer = make_customer(store, "carl", note=note)

    page = read(owner.get(customer.get_absolute_url()))

    assert form_of(page, customer).values()["note"] == note
    assert "49" not in form_of(page, customer).text


def test_the_trail_says_who_changed_what(owner, anna):
    save(owner, anna, discount="9", note="x")

    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.subject_id, entry.changes) == (
        "customer.edit",
        anna.pk,
        {"discount": [5, 9], "note": ["", "x"]},
    )
