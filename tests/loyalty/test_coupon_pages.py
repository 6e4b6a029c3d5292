"""Pages of coupons: what the list says, what the dialog takes and refuses, who may change one."""

import datetime as dt

import pytest

from loyalty import coupons
from loyalty.models import Coupon
from stores.models import AuditEntry
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_coupon,
    make_customer,
    make_product,
    make_store,
    set_window,
)
from tests.forms import form_at, rows_on, send, signed_in

pytestmark = pytest.mark.django_db
URL = "/stores/moon/loyalty/coupons/"
ADD = f"{URL}add/"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("moon")
    set_window(store, dt.date(2026, 6, 15))
    return store


@pytest.fixture
def client(store):
    return signed_in(store)


def url_of(coupon):
    return f"{URL}{coupon.pk}/"


def uses(coupon, *prices):
    buyer = make_customer(coupon.store)
    for price in prices:
        purchase = buy(buyer, make_product(coupon.store), money=price)
        coupons.use(coupon=coupon, purchase=purchase, share=1)


class TestList:
    def test_says_what_each_gives_and_what_came_of_it(self, store, client):
        owner, lamp = make_customer(store, "nicole.hill"), make_product(store, "Lamp")
        uses(make_coupon(store, "NICOLE", owner, commission=10, share=5), 100, 50)
        make_coupon(store, "lamps", owner, product=lamp, last=dt.date(2026, 6, 14))
        make_coupon(store, "off", owner, active=False, last=dt.date(2026, 6, 14))
        make_coupon(store, "soon", owner, last=dt.date(2026, 6, 15))
        make_coupon(store, "May", owner, first=dt.date(2026, 6, 16), commission=0)
        make_coupon(make_store(), "THEIRS")

        found = rows_on(read(client.get(URL)))

        assert found == [
            ["lamps", "nicole.hill", "Lamp", "10 %", "15 %", "Ended 14 Jun 2026", "0", "L$0", "L$0"],
            ["May", "nicole.hill", "Whole store", "0 %", "15 %", "From 16 Jun 2026", "0", "L$0", "L$0"],
            ["NICOLE", "nicole.hill", "Whole store", "10 %", "5 %", "Today", "2", "L$15", "L$2"],
            ["off", "nicole.hill", "Whole store", "10 %", "15 %", "Switched off", "0", "L$0", "L$0"],
            ["soon", "nicole.hill", "Whole store", "10 %", "15 %", "Today until 15 Jun 2026", "0", "L$0", "L$0"],
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("asked", "codes"),
        [
            ({"sort": "-code"}, ["C", "B", "a"]),
            ({"sort": "-uses"}, ["B", "a", "C"]),
            ({"sort": "-earned"}, ["a", "B", "C"]),
            ({"active": "no"}, ["C"]),
            ({"active": "yes", "sort": "code"}, ["a", "B"]),
            ({"q": "A"}, ["a"]),
        ],
    )
    def test_is_sorted_and_narrowed(self, store, client, asked, codes):
        uses(make_coupon(store, "a"), 900)
        uses(make_coupon(store, "B"), 100, 100)
        make_coupon(store, "C", active=False)

        page = read(client.get(URL, asked))

        assert [row[0] for row in rows_on(page)] == codes

    def test_is_paged_by_its_key(self, store, client):
        owner = make_customer(store)
        for number in range(51):
            make_coupon(store, f"C{number:03}", owner)

        first = read(client.get(URL))
        second = read(client.get(first.one("a", rel="next")["href"]))

        assert [row[0] for row in rows_on(second)] == ["C050"]

    def test_who_may_not_set_discounts_sees_no_button(self, store, client):
        clerk = signed_in(store, "clerk")

        assert [link["href"] for link in read(client.get(URL)).all("a", href=ADD)] == [ADD, ADD]
        assert read(clerk.get(URL)).all("a", href=ADD) == []

    def test_the_loyalty_page_leads_there(self, store, client):
        page = read(client.get("/stores/moon/loyalty/"))

        assert page.one("a", href=URL).text == "Coupons of bloggers"

    def test_costs_the_same_with_many_rows(self, store, client, django_assert_num_queries):
        for number in range(9):
            make_coupon(store, f"C{number:03}", product=make_product(store))

        with django_assert_num_queries(7):
            client.get(URL)


class TestAdding:
    def test_one_is_added(self, store, client):
        owner, lamp = make_customer(store, "nicole.hill"), make_product(store, "Lamp")

        response = send(
            client,
            ADD,
            htmx=True,
            code=" Nicole-7 ",
            owner="Nicole Hill",
            product="lamp",
            commission="10 %",
            share="5",
            first="2026-06-01",
            last="2026-06-30",
        )

        coupon = Coupon.objects.get()
        assert response.status_code == 204
        assert "Nicole-7 was added." in response["HX-Trigger"]
        assert (coupon.code, coupon.owner, coupon.product) == ("Nicole-7", owner, lamp)
        assert (coupon.commission, coupon.share, coupon.active) == (10, 5, True)
        assert (coupon.first, coupon.last) == (dt.date(2026, 6, 1), dt.date(2026, 6, 30))

    def test_an_owner_is_named_by_uuid_too_and_the_rest_may_be_blank(self, store, client):
        key = "4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01"
        owner = make_customer(store, uuid=key)

        send(client, ADD, code="ABC", owner=key, active=None)

        coupon = Coupon.objects.get()
        assert (coupon.owner, coupon.product, coupon.active) == (owner, None, False)
        assert (coupon.commission, coupon.share, coupon.first, coupon.last) == (0, 0, None, None)

    @pytest.mark.parametrize(
        ("field", "typed", "error"),
        [
            ("code", "", "This field is required."),
            ("code", "AB", "Enter 3 to 40 letters a to z, digits, dots, hyphens or underscores."),
            ("code", "x" * 41, "Enter 3 to 40 letters a to z, digits, dots, hyphens or underscores."),
            ("code", "two words", "Enter 3 to 40 letters a to z, digits, dots, hyphens or underscores."),
            ("code", "straße", "Enter 3 to 40 letters a to z, digits, dots, hyphens or underscores."),
            ("code", "taken", "There is a coupon of that code."),
            ("owner", "", "This field is required."),
            ("owner", "bert.fox", "There is no customer of that name."),
            ("owner", "their.friend", "There is no customer of that name."),
            ("product", "Sun", "There is no product of that name."),
            ("product", "Old lamp", "There is no product of that name."),
            ("commission", "101", "Enter a whole number from 0 to 100."),
            ("share", "-1", "Enter a whole number from 0 to 100."),
            ("share", "٥", "Enter a whole number from 0 to 100."),
            ("first", "2026-02-30", "Enter a valid date."),
            ("last", "2026-05-31", "Enter a day that is not before the first."),
        ],
    )  # fmt: skip
    def test_what_cannot_be_taken_is_said_at_its_field(
        self, store, client, unchanged, field, typed, error
    ):
        make_coupon(store, "TAKEN", make_customer(store, "nicole.hill"))
        make_customer(make_store(), "their.friend")
        make_product(store, "Old lamp", deleted_at=dt.datetime.now(dt.UTC))
        good = {"code": "NICOLE", "owner": "nicole.hill", "first": "2026-06-01"}

        with unchanged():
            response = send(client, ADD, **{**good, field: typed})

        form = read(response).one("form", method="post", action=ADD)
        assert (response.status_code, form.error(field)) == (200, error)
        assert form.values()[field] == typed


class TestEditing:
    def test_one_is_edited(self, store, client):
        lamp = make_product(store, "Lamp")
        coupon = make_coupon(store, "NICOLE", commission=10, product=lamp)
        other = make_customer(store, "other.blogger")
        lamp.deleted_at = dt.datetime.now(dt.UTC)
        lamp.save()

        response = send(client, url_of(coupon), owner="other.blogger", commission="12", active=None)

        coupon.refresh_from_db()
        assert (response.status_code, response["Location"]) == (302, URL)
        assert (coupon.owner, coupon.commission, coupon.active) == (other, 12, False)
        assert coupon.product == lamp
        assert set(AuditEntry.objects.get(action="coupon.edit").changes) == {
            "owner",
            "commission",
            "active",
        }

    def test_saving_it_as_it_was_changes_nothing(self, store, client, unchanged):
        lamp = make_product(store, "Lamp")
        coupon = make_coupon(store, product=lamp, first=dt.date(2026, 6, 1))

        with unchanged():
            response = send(client, url_of(coupon), htmx=True)

        assert "Nothing was changed." in response["HX-Trigger"]

    def test_what_changed_meanwhile_is_said_and_saving_again_replaces_it(self, store, client):
        mine, theirs = make_customer(store, "anna.bell"), make_customer(store, "bert.fox")
        coupon = make_coupon(store, "NICOLE", last=dt.date(2026, 6, 30))
        fields = {
            **form_at(client, url_of(coupon)).values(),
            "owner": mine.username,
            "product": make_product(store, "Lamp").name,
            "last": "",
            "share": "7",
        }
        rug = make_product(store, "Rug")
        day = dt.date(2026, 7, 1)
        Coupon.objects.filter(pk=coupon.pk).update(owner=theirs, product=rug, last=day, share=9)

        first = client.post(url_of(coupon), fields)
        form = read(first).one("form", method="post", action=url_of(coupon))
        coupon.refresh_from_db()
        between = coupon.owner
        second = client.post(url_of(coupon), form.values())

        coupon.refresh_from_db()
        assert (first.status_code, second.status_code, between) == (409, 302, theirs)
        assert [form.error(name).split(",")[0] for name in ("owner", "product", "last", "share")] == [
            "Now bert.fox", "Now Rug", "Now 1 Jul 2026", "Now 9 %",
        ]  # fmt: skip
        assert (coupon.owner, coupon.product.name, coupon.last) == (mine, "Lamp", None)

    def test_a_code_that_is_taken_is_said_at_its_field(self, store, client, unchanged):
        coupon = make_coupon(store, "MINE")
        make_coupon(store, "THEIRS")

        with unchanged():
            response = send(client, url_of(coupon), code="theirs")

        form = read(response).one("form", method="post", action=url_of(coupon))
        assert form.error("code") == "There is a coupon of that code."

    def test_who_may_not_set_discounts_reads_it(self, store, unchanged):
        owner = make_customer(store, "nicole.hill")
        coupon = make_coupon(store, "NICOLE", owner, last=dt.date(2026, 6, 30))
        clerk = signed_in(store, "clerk")

        page = read(clerk.get(url_of(coupon)))
        with unchanged():
            refused = clerk.post(url_of(coupon), {"code": "MINE"})

        facts = dict(
            zip(
                [term.text for term in page.all("dt")],
                [value.text for value in page.all("dd")],
                strict=True,
            )
        )
        assert page.all("form", method="post", action=url_of(coupon)) == []
        assert (facts["Owner"], facts["Product"]) == ("nicole.hill", "Whole store")
        assert (facts["Customer's share %"], facts["From"]) == ("15 %", "none")
        assert (facts["Until"], facts["Active"]) == ("30 Jun 2026", "yes")
        assert refused.status_code == 403


class TestUses:
    def test_what_was_sold_under_it(self, store, client):
        coupon = make_coupon(store, "NICOLE", commission=10)
        anna, lamp = make_customer(store, "anna.bell"), make_product(store, "Lamp")
        sold = buy(anna, lamp, money=70, credit=0, on=dt.date(2026, 6, 14))
        coupons.use(coupon=coupon, purchase=sold, share=10)
        uses(coupon, 50)

        page = read(client.get(url_of(coupon)))

        assert [value.text for value in page.one("dl", class_="figures").all("dd")] == [
            "2", "L$12", "L$11",
        ]  # fmt: skip
        assert rows_on(page)[1] == ["yesterday", "Lamp", "anna.bell", "L$70", "L$7", "L$10"]
        assert page.all("a", href=f"/stores/moon/loyalty/purchases/{sold.pk}/") != []
        assert page.all("a", href=anna.get_absolute_url()) != []
        assert page.all("a", href=coupon.owner.get_absolute_url()) != []

    def test_the_latest_are_shown_and_all_are_counted(self, store, client):
        coupon = make_coupon(store)
        uses(coupon, *range(1, 23))

        page = read(client.get(url_of(coupon)))

        assert len(rows_on(page)) == 20
        assert rows_on(page)[0][3] == "L$22"
        assert "The 20 latest of 22" in page.text

    def test_costs_the_same_with_many(self, store, client, django_assert_num_queries):
        coupon = make_coupon(store, product=make_product(store))
        uses(coupon, *range(1, 9))

        with django_assert_num_queries(5):
            client.get(url_of(coupon))


def test_of_another_store_there_is_none(store, client, unchanged):
    foreign = make_coupon(make_store())

    with unchanged():
        answers = [client.get(url_of(foreign)), client.post(url_of(foreign), {"code": "MINE"})]

    assert [answer.status_code for answer in answers] == [404, 404]
