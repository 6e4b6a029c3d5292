"""The settings of a store: each section is saved alone, by its owner, and leaves its trail."""

import datetime as dt

import pytest
from django.test import Client

from customers.models import Purchase
from loyalty import ladder, quotes
from loyalty.drafts import Row
from loyalty.models import KeptDiscount, Settings
from loyalty.quotes import Question
from stores.models import AuditEntry, Store
from tests.doors.pages import Node, read
from tests.factories import buy, make_customer, make_member, make_product, make_store, make_tier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
URL = "/stores/lamps/settings/"


@pytest.fixture
def store():
    return make_store("lamps", name="Lamps")


def signed_in(store, role: str = "owner") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def client(store):
    return signed_in(store)


def section(page: Node, name: str) -> Node:
    forms = page.all("form", method="post", action=URL)
    (found,) = [form for form in forms if form.values()["section"] == name]
    return found


def send(client, section_name: str, /, **typed):
    fields = {**section(read(client.get(URL)), section_name).values(), **typed}
    return client.post(URL, {name: value for name, value in fields.items() if value is not None})


def test_name_and_group_are_saved(client, store):
    response = send(client, "store", name=" Lamps & more ", group_name="Lamp lovers")

    store.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, URL)
    assert (store.name, store.group_name) == ("Lamps & more", "Lamp lovers")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == (
        "store.edit",
        {"name": ["Lamps", "Lamps & more"], "group_name": ["", "Lamp lovers"]},
    )


def test_another_time_zone_counts_the_days_anew(client, store):
    at = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
    buy(make_customer(store), make_product(store), at=at)
    before = Purchase.objects.get().counts_on

    response = send(client, "calendar", time_zone="Australia/Sydney")

    store.refresh_from_db()
    assert response.status_code == 302
    assert store.time_zone == "Australia/Sydney"
    assert (before, Purchase.objects.get().counts_on) == (
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 1),
    )
    assert AuditEntry.objects.filter(action="store.time_zone").count() == 1


@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("store", "name", ""),
        ("store", "name", "x" * 121),
        ("store", "group_name", "x" * 121),
        ("calendar", "time_zone", "Mars/Olympus"),
        ("calendar", "time_zone", ""),
        ("calendar", "time_zone", "../../etc/passwd"),
        ("rules", "bonus", "101"),
        ("rules", "bonus", "-1"),
        ("rules", "members_bonus", "5.5"),
        ("rules", "members_bonus", str(2**63)),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(client, unchanged, name, field, typed):
    with unchanged():
        response = send(client, name, **{field: typed})

    form = section(read(response), name)
    assert response.status_code == 200
    assert form.error(f"{name}_{field}")


def test_what_somebody_else_saved_meanwhile_is_said(client, store):
    page = read(client.get(URL))
    names, calendar = (section(page, name).values() for name in ("store", "calendar"))
    Store.objects.update(name="Other", time_zone="Europe/Paris")

    first = client.post(URL, {**names, "name": "Mine"})
    second = client.post(URL, {**calendar, "time_zone": "Asia/Tokyo"})
    store.refresh_from_db()
    between = (store.name, store.time_zone)
    again = client.post(URL, section(read(second), "calendar").values())

    store.refresh_from_db()
    assert (first.status_code, second.status_code, again.status_code) == (409, 409, 302)
    assert "Now “Other”, changed meanwhile." in section(read(first), "store").text
    assert between == ("Other", "Europe/Paris")
    assert store.time_zone == "Asia/Tokyo"


def test_the_same_again_changes_nothing(client, unchanged):
    with unchanged():
        statuses = [send(client, name).status_code for name in ("store", "calendar", "rules")]

    assert statuses == [302, 302, 302]


class TestRules:
    """Tiers, refunds and bonus."""

    def test_they_are_saved_and_leave_their_trail(self, client, store):
        response = send(
            client,
            "rules",
            largest_wins="on",
            refund_as_credit="on",
            bonus="5",
            members_bonus="7 %",
        )

        settings = Settings.objects.get(store=store)
        assert response.status_code == 302
        assert (settings.largest_wins, settings.keep_earned) == (True, False)
        assert settings.refund_as_credit
        assert (settings.bonus, settings.members_bonus) == (5, 7)
        entry = AuditEntry.objects.get()
        assert entry.action == "loyalty_settings.edit"
        assert entry.changes == {
            "largest_wins": [False, True],
            "refund_as_credit": [False, True],
            "bonus": [0, 5],
            "members_bonus": [0, 7],
        }

    def test_they_decide_about_prices(self, client, store):
        customer, product = make_customer(store, discount=10), make_product(store, price=100)

        send(client, "rules", refund_as_credit="on", bonus="5")

        quote = quotes.quote(Question(store, product, payer=customer))
        assert (quote.refund, quote.refund_as_credit, quote.bonus) == (10, True, 4)

    def test_what_is_unticked_and_emptied_is_off(self, client, store):
        Settings.objects.create(
            store=store, largest_wins=True, keep_earned=True, refund_as_credit=True, bonus=5
        )
        page = section(read(client.get(URL)), "rules")
        shown = page.values()

        client.post(URL, {"section": "rules", "opened": shown["opened"], "bonus": ""})

        settings = Settings.objects.get(store=store)
        assert [shown[name] for name in ("largest_wins", "keep_earned", "bonus")] == [
            "on",
            "on",
            "5",
        ]
        assert not (settings.largest_wins or settings.keep_earned or settings.refund_as_credit)
        assert settings.bonus == 0

    def test_what_somebody_else_saved_meanwhile_is_said(self, client, store):
        shown = section(read(client.get(URL)), "rules").values()
        Settings.objects.create(store=store, bonus=5, largest_wins=True)

        response = client.post(URL, {**shown, "bonus": "9", "largest_wins": "on"})

        form = section(read(response), "rules")
        assert response.status_code == 409
        assert "Now 5 %, changed meanwhile." in form.error("rules_bonus")
        assert Settings.objects.get(store=store).bonus == 5
        assert client.post(URL, form.values()).status_code == 302
        assert Settings.objects.get(store=store).bonus == 9

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"largest_wins": "on"}, True),
            ({"keep_earned": "on"}, True),
            ({"bonus": "5", "refund_as_credit": "on"}, False),
        ],
    )
    def test_an_editor_of_the_tiers_is_told_of_what_changes_them(self, client, store, typed, told):
        opened = Settings.of(store).version
        send(client, "rules", **typed)

        rows = [Row(1_000, "global", 5)]
        if told:
            with pytest.raises(ladder.Overtaken):
                ladder.save(store=store, rows=rows, opened_version=opened, by=None)
        else:
            assert ladder.save(store=store, rows=rows, opened_version=opened, by=None).changed

    def test_what_was_earned_is_kept_when_the_rule_changes(self, client, store):
        """The highest threshold met gives less than the largest discount did."""
        Settings.objects.create(store=store, largest_wins=True, keep_earned=True)
        make_tier(store, 50, 20)
        make_tier(store, 100, 10)
        customer = make_customer(store)
        buy(customer, make_product(store), money=100)

        send(client, "rules", largest_wins=None)

        assert KeptDiscount.objects.get(customer=customer).discount == 20


@pytest.mark.parametrize("wanted", ["", "no such section", "x" * 3000])
def test_a_section_that_is_none_saves_nothing(client, unchanged, wanted):
    with unchanged():
        assert send(client, "store", section=wanted, name="Other").status_code == 200


@pytest.mark.parametrize("role", ["manager", "clerk", "viewer"])
def test_only_owners_see_the_settings(store, role):
    client = signed_in(store, role)

    assert [client.get(URL).status_code, client.post(URL).status_code] == [403, 403]
    assert URL not in client.get("/stores/lamps/customers/").content.decode()


def test_the_page_asks_little(client, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(4):
        client.get(URL)
