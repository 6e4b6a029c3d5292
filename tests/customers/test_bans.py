"""Bans: given, ended by hand or by time, and where they show."""

import datetime as dt

import pytest

from customers import bans, profiles
from customers.bans import BannedBefore
from customers.models import Ban
from stores.models import AuditEntry
from tests.doors.pages import read
from tests.factories import (
    balances,
    buy,
    make_customer,
    make_product,
    make_store,
    make_user,
    set_window,
)
from tests.forms import form_at, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
NOW = dt.datetime(2026, 6, 15, 19, tzinfo=dt.UTC)
# 1 July begins at 7:00 in the store's time zone.
JULY = dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC)
URL = "/stores/moon/customers/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def store():
    store = make_store("moon")
    set_window(store, dt.date(2026, 6, 15))
    return store


@pytest.fixture
def anna(store):
    return make_customer(store, "anna.bell", credit=30)


@pytest.fixture
def clerk(store):
    return signed_in(store, "clerk")


def profile(client, customer):
    return read(client.get(customer.get_absolute_url()))


class TestVerbs:
    def test_one_is_given_with_its_line_in_the_trail(self, anna):
        by = make_user()

        ban = bans.ban(customer=anna, reason="Spam", by=by, until=JULY)

        assert (ban.store, ban.at, ban.until, ban.by) == (anna.store, NOW, JULY, by)
        assert bans.current(anna) == ban
        assert bans.banned(anna.store, [anna.pk, 10**9]) == {anna.pk}
        entry = AuditEntry.objects.get(action="customer.ban")
        assert (entry.by, entry.subject_id) == (by, anna.pk)
        assert entry.changes == {"reason": [None, "Spam"], "until": [None, JULY.isoformat()]}

    def test_who_is_banned_is_not_banned_again(self, anna, unchanged):
        bans.ban(customer=anna, reason="Spam", by=None)

        with unchanged(), pytest.raises(BannedBefore, match="is banned already"):
            bans.ban(customer=anna, reason="Spam", by=None)

    def test_one_is_lifted_once(self, anna):
        by = make_user()
        bans.ban(customer=anna, reason="Spam", by=None)

        assert [bans.lift(customer=anna, by=by), bans.lift(customer=anna, by=by)] == [True, False]

        ban = Ban.objects.get()
        assert (ban.lifted_at, ban.lifted_by, bans.current(anna)) == (NOW, by, None)
        assert AuditEntry.objects.get(action="customer.unban").changes == {"reason": ["Spam", None]}

    def test_it_ends_by_itself_and_another_can_follow(self, anna, clock):
        first = bans.ban(customer=anna, reason="Spam", by=None, until=JULY)
        clock.move_to(JULY, tick=False)

        assert bans.current(anna) is None
        assert bans.lift(customer=anna, by=None) is False
        second = bans.ban(customer=anna, reason="Again", by=None)

        first.refresh_from_db()
        assert (first.lifted_at, first.lifted_by) == (JULY, None)
        assert bans.current(anna) == second
        assert bans.latest(anna, 10) == [second, first]

    def test_purchases_and_balances_stay(self, anna):
        buy(anna, make_product(anna.store), money=70, credit=30)

        bans.ban(customer=anna, reason="Spam", by=None)

        assert (anna.purchases.count(), balances(anna)) == (1, (0, 0))


class TestBanning:
    def test_for_good(self, clerk, anna):
        response = send(clerk, f"{anna.get_absolute_url()}ban/", htmx=True, reason=" Spam ")

        ban = Ban.objects.get()
        assert response.status_code == 204
        assert "anna.bell was banned." in response["HX-Trigger"]
        assert f"{anna.get_absolute_url()}ban/end/" in response["HX-Trigger"]
        assert (ban.customer, ban.reason, ban.until) == (anna, "Spam", None)
        assert ban.by is not None

    def test_until_a_day_begins_where_the_store_is(self, clerk, anna):
        send(clerk, f"{anna.get_absolute_url()}ban/", reason="Spam", until="2026-07-01")

        assert Ban.objects.get().until == JULY

    @pytest.mark.parametrize(
        ("field", "typed", "error"),
        [
            ("reason", "", "This field is required."),
            ("reason", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
            ("until", "2026-06-15", "Enter a day that is still to come."),
            ("until", "1999-01-01", "Enter a day that is still to come."),
            ("until", "9999-12-31", "Enter a day from 1970 to 2999."),
            ("until", "soon", "Enter a valid date."),
        ],
    )
    def test_what_cannot_be_taken_is_said_at_its_field(
        self, clerk, anna, unchanged, field, typed, error
    ):
        url = f"{anna.get_absolute_url()}ban/"

        with unchanged():
            response = send(clerk, url, **{"reason": "Spam", field: typed})

        form = read(response).one("form", method="post", action=url)
        assert (response.status_code, form.error(field)) == (200, error)
        assert form.values()[field] == typed

    def test_who_was_banned_meanwhile_is_not_banned_again(self, clerk, anna, unchanged):
        url = f"{anna.get_absolute_url()}ban/"
        fields = form_at(clerk, url).values()
        bans.ban(customer=anna, reason="Theirs", by=None)

        with unchanged():
            response = clerk.post(url, {**fields, "reason": "Mine"})

        assert response.status_code == 409
        assert "anna.bell is banned already." in read(response).text

    def test_lifting_it(self, clerk, anna, unchanged):
        bans.ban(customer=anna, reason="Spam", by=None)
        url = f"{anna.get_absolute_url()}ban/end/"

        response = send(clerk, url, htmx=True)
        assert "The ban of anna.bell was lifted." in response["HX-Trigger"]
        with unchanged():
            again = send(clerk, url, htmx=True)

        assert bans.current(anna) is None
        assert "anna.bell is not banned." in again["HX-Trigger"]

    @pytest.mark.parametrize("deed", ["ban/", "ban/end/"])
    def test_who_may_not_edit_customers_is_refused(self, store, anna, unchanged, deed):
        url = f"{anna.get_absolute_url()}{deed}"
        viewer, stranger = signed_in(store, "viewer"), signed_in(make_store())

        with unchanged():
            answers = [
                getattr(client, method)(url, {"reason": "Spam"}).status_code
                for client in (viewer, stranger)
                for method in ("get", "post")
            ]

        assert answers == [403, 403, 404, 404]


class TestProfile:
    def test_says_why_since_when_until_when_and_by_whom(self, store, clerk, anna):
        bans.ban(customer=anna, reason="Spam", by=make_user("bert"), until=JULY)

        page = profile(clerk, anna)

        banner = page.one(class_="alert-danger").text
        assert banner == ("Banned: Spam Since 15 Jun 2026 by bert, until 1 Jul 2026. Lift the ban")
        assert page.one(class_="badge-bad").text == "Banned"
        assert page.all("a", href=f"{anna.get_absolute_url()}ban/") == []
        assert page.one("a", href=f"{anna.get_absolute_url()}ban/end/").text == "Lift the ban"

    def test_earlier_ones_are_listed(self, store, anna, clock):
        bans.ban(customer=anna, reason="Spam", by=make_user("bert"))
        clock.move_to(NOW + dt.timedelta(days=2), tick=False)
        bans.lift(customer=anna, by=make_user("carl"))
        bans.ban(customer=anna, reason="Noise", by=None, until=JULY)
        clock.move_to(JULY, tick=False)

        page = profile(signed_in(store, "clerk"), anna)

        assert page.all(class_="badge-bad") == page.all(class_="alert-danger") == []
        assert [item.text for item in page.one("details", class_="bans").all("li")] == [
            "17 Jun 2026 to 1 Jul 2026: Noise.",
            "15 Jun 2026 to 17 Jun 2026: Spam, by bert; lifted by carl.",
        ]
        assert page.one("a", href=f"{anna.get_absolute_url()}ban/").text == "Ban"

    def test_a_viewer_sees_it_and_cannot_end_it(self, store, anna):
        bans.ban(customer=anna, reason="Spam", by=None)

        page = profile(signed_in(store, "viewer"), anna)

        assert (
            page.one(class_="alert-danger").text == "Banned: Spam Since 15 Jun 2026, with no end."
        )

    def test_costs_the_same_however_many_there_were(
        self, store, clerk, anna, django_assert_num_queries
    ):
        for _ in range(3):
            bans.ban(customer=anna, reason="Spam", by=make_user())
            bans.lift(customer=anna, by=make_user())
        bans.ban(customer=anna, reason="Spam", by=make_user())

        with django_assert_num_queries(9):
            clerk.get(anna.get_absolute_url())


class TestList:
    def test_who_is_banned_has_a_badge(self, store, clerk, anna, clock):
        over = make_customer(store, "bert.fox")
        make_customer(store, "carl.moon")
        bans.ban(customer=anna, reason="Spam", by=None)
        bans.ban(customer=over, reason="Spam", by=None, until=NOW + dt.timedelta(hours=1))
        clock.move_to(NOW + dt.timedelta(hours=1), tick=False)

        cells = read(clerk.get(URL)).all("td", class_="name")

        badges = {cell.one("a")["title"]: cell.all(class_="badge-bad") != [] for cell in cells}
        assert badges == {"anna.bell": True, "bert.fox": False, "carl.moon": False}

    def test_bans_of_archived_customers_and_other_stores_are_not_counted(self, store, clerk, anna):
        gone = make_customer(store)
        profiles.archive(customer=gone, by=None)
        theirs = make_customer(make_store())
        for customer in (anna, gone, theirs):
            bans.ban(customer=customer, reason="Spam", by=None)

        page = read(clerk.get(URL, {"banned": "yes"}))

        assert page.one("p", id="count").text == "1 customer"
        assert [chip.all("span")[0].text for chip in page.all("a", class_="chip")] == ["Is banned"]

    def test_many_are_walked_past(self, store, clerk, anna, monkeypatch):
        monkeypatch.setattr("stores.paging.CAP", 2)
        monkeypatch.setattr("stores.filters.CAP", 2)
        for name in ("bert.fox", "carl.moon", "dora.hill"):
            bans.ban(customer=make_customer(store, name), reason="Spam", by=None)
        for number in range(3):
            make_customer(store, f"free{number}")

        shown = {
            answer: {
                cell.one("a")["title"]
                for cell in read(clerk.get(URL, {"banned": answer})).all("td", class_="name")
            }
            for answer in ("yes", "no")
        }

        assert shown == {
            "yes": {"bert.fox", "carl.moon", "dora.hill"},
            "no": {"anna.bell", "free0", "free1", "free2"},
        }


class TestQuotes:
    def test_say_that_a_banned_customer_cannot_buy_or_receive(self, store, clerk, anna):
        make_product(store, "Lamp")
        bert = make_customer(store, "bert.fox")
        bans.ban(customer=anna, reason="Spam", by=None)

        def warned(**asked):
            page = read(clerk.get("/stores/moon/loyalty/quote/", {"product": "Lamp", **asked}))
            assert page.all("table", class_="staircase") != []
            return [warning.text for warning in page.all("p", class_="alert-warning")]

        assert warned() == []
        assert warned(customer=bert.username) == []
        assert warned(customer="anna.bell") == ["anna.bell is banned: cannot buy."]
        assert warned(customer=bert.username, recipient="anna.bell") == [
            "anna.bell is banned: cannot receive."
        ]
        assert warned(recipient="anna.bell") == ["anna.bell is banned: cannot receive."]
