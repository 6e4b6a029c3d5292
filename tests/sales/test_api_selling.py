"""Quotes and purchases over the API."""

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone

from customers import bans
from customers import credit as ledger
from customers.models import Customer, Purchase
from loyalty import coupons
from loyalty.models import StoredQuote
from products.models import Product
from sales.models import Answer, Delivery, Payout
from tests import factories
from tests.sales.vendors import ANNA, BEN, Stall, checked, outcome, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def store():
    return factories.make_store()


@pytest.fixture
def lamp(store):
    return factories.make_product(store, "Lamp", price=100, discount=10, copy=True)


@pytest.fixture
def stall(store):
    return Stall(store, "Stall", discount=5)


class TestQuotes:
    def test_a_stranger_is_told_the_price_and_becomes_nobody(self, store, lamp, stall):
        response = stall.quote("Lamp")

        stored = StoredQuote.objects.get()
        assert response.status_code == 200
        assert response.json() == {
            "id": str(stored.pk),
            "valid_until": int(stored.valid_until.timestamp()),
            "list_price": 100,
            "price": 86,
            "money": 86,
            "credit": 0,
            "restricted": 0,
            "refund": 0,
            "refund_as_credit": False,
            "coupon_share": 0,
            "bonus": 0,
            "why": ["Product discount, 10 %: L$10 off", "Vendor discount, 5 %: L$4 off"],
        }
        assert str(stored.asked_by) == ANNA["uuid"]
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("by", ["key", "name"])
    def test_a_product_by_key_or_name(self, lamp, stall, by):
        assert stall.quote(lamp.pk if by == "key" else "Lamp").json()["price"] == 86

    def test_who_is_known_by_name_alone_is_meant(self, store, lamp, stall):
        known = factories.make_customer(store, "Anna Lane", discount=5, credit=30)

        said = stall.quote("Lamp", use_credit=True).json()

        assert (said["credit"], said["money"], said["refund"]) == (30, 56, 2)
        assert StoredQuote.objects.get().payer == known
        known.refresh_from_db()
        assert known.uuid is None

    def test_a_gift_to_a_stranger_is_paid_by_credit_only(self, store, lamp, stall):
        factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"], credit=5, restricted=50)

        said = stall.quote("Lamp", recipient=BEN, use_credit=True).json()

        assert (said["credit"], said["restricted"]) == (5, 0)
        assert str(StoredQuote.objects.get().asked_for) == BEN["uuid"]

    def test_a_coupon_and_why_it_does_not_count(self, store, lamp, stall):
        blogger = factories.make_customer(store, "blog.writer")
        coupons.add(store=store, by=None, code="WRITER", owner=blogger, share=5, active=False)

        said = stall.quote("Lamp", coupon="writer").json()

        assert said["coupon_share"] == 0
        assert said["why"][-1] == "Coupon WRITER: it is switched off"

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"product": "Chair"}, (404, "unknown_product")),
            ({"product": 10**18 - 1}, (404, "unknown_product")),
            ({"product": "Lamp", "coupon": "NONE"}, (404, "unknown_coupon")),
            ({"product": "Lamp", "quantity": 1000}, (200, "")),
            ({"product": "Gold", "quantity": 1000}, (409, "over_limit")),
            ({"product": "Gone"}, (409, "not_sold")),
            ({"product": "Lamp", "buyer": {**BEN, "name": "!"}}, (409, "identity_conflict")),
            (
                {"product": "Lamp", "buyer": {**BEN, "name": "known.one"}},
                (409, "identity_conflict"),
            ),
            (
                {"product": "Lamp", "buyer": {**ANNA, "name": "known.one"}},
                (409, "identity_conflict"),
            ),
            ({"product": "Lamp", "buyer": somebody(66)}, (403, "banned")),
            ({"product": "Lamp", "recipient": somebody(66)}, (403, "banned")),
        ],
    )
    def test_what_is_refused(self, store, lamp, stall, asked, expected):
        factories.make_product(store, "Gold", price=10**10)
        factories.make_product(store, "Gone", deleted_at=timezone.now())
        factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"])
        factories.make_customer(store, "known.one", uuid=uuid.uuid4())
        bad = factories.make_customer(store, "bad.one", uuid=uuid.UUID(int=66))
        bans.ban(customer=bad, reason="abuse", by=None)
        asked = {"buyer": ANNA, **asked}
        if asked["buyer"] == somebody(66) or asked.get("recipient"):
            who = {**somebody(66), "name": "bad.one"}
            asked["recipient" if asked.get("recipient") else "buyer"] = who

        response = stall.post("quotes", asked)

        assert (response.status_code, response.json().get("code", "")) == expected
        assert StoredQuote.objects.count() == (expected[0] == 200)

    def test_lines_that_do_not_fit_are_left_out(self, store, stall):
        street = factories.make_vendor_group(store, "ж" * 120, discount=9)
        stall.vendor.group = street
        stall.vendor.save()
        factories.make_product(store, "Lamp", discount=10)
        owner = factories.make_customer(store)
        coupons.add(store=store, by=None, code="Ж" * 40, owner=owner, share=5)

        said = stall.quote("Lamp", coupon="ж" * 40)

        assert said.json()["coupon_share"] == 4
        assert len(said.json()["why"]) == 3


class TestPurchases:
    def test_a_quote_is_bought_at_its_price(self, store, lamp, stall):
        quote = stall.quote("Lamp").json()
        Product.objects.update(price=500)

        response = stall.buy(86, quote=quote["id"], transaction="t-1", member=True)

        purchase = Purchase.objects.get()
        assert response.status_code == 200
        assert response.json() == {
            "purchase": purchase.pk,
            "price": 86,
            "money": 86,
            "credit": 0,
            "restricted": 0,
            "refund": 0,
            "refund_as_credit": False,
            "coupon_share": 0,
            "bonus": 0,
            "payout": None,
            "delivery": Delivery.objects.get().pk,
        }
        assert (purchase.vendor, purchase.receipt, purchase.group_member) == (
            stall.vendor,
            "t-1",
            True,
        )
        assert Answer.objects.get(purchase=purchase).status == 200

    def test_without_a_quote_it_is_the_price_of_this_moment(self, store, lamp, stall):
        factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"], discount=5)

        said = stall.buy(172, product="Lamp", quantity=2).json()

        payout = Payout.objects.get()
        assert (said["price"], said["refund"], said["payout"]) == (172, 8, payout.pk)
        assert (payout.kind, payout.amount) == ("refund", 8)

    def test_a_gift(self, store, lamp, stall):
        quote = stall.quote("Lamp", recipient=BEN).json()

        assert stall.buy(86, quote=quote["id"], recipient=BEN).status_code == 200

        owns = dict(Customer.objects.values_list("username", "owns"))
        assert owns == {"anna.lane": 0, "ben.moss": 1}

    def test_a_wrong_amount_is_owed_back_and_nothing_else_remains(self, store, lamp, stall):
        response = stall.buy(100, product="Lamp")

        owed = Payout.objects.get()
        assert response.status_code == 409
        assert response.json() == {
            "code": "wrong_amount",
            "detail": "It costs L$86, not L$100.",
            "give_back": 100,
            "payout": owed.pk,
        }
        assert (owed.kind, owed.amount, owed.name, str(owed.uuid), owed.payee) == (
            "give_back",
            100,
            "anna.lane",
            ANNA["uuid"],
            None,
        )
        assert not (
            Customer.objects.exists() or Purchase.objects.exists() or Delivery.objects.exists()
        )

    def test_nothing_paid_is_nothing_owed(self, lamp, stall):
        response = stall.buy(0, product="Lamp")

        assert set(response.json()) == {"code", "detail"}
        assert not Payout.objects.exists()

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({"product": "Chair"}, (404, "unknown_product")),
            ({"product": "Lamp", "coupon": "NONE"}, (404, "unknown_coupon")),
            ({"quote": str(uuid.UUID(int=5))}, (404, "unknown_quote")),
            ({"product": "Lamp", "buyer": {**BEN, "name": "!"}}, (409, "identity_conflict")),
        ],
    )
    def test_whatever_was_paid_for_nothing_is_owed_back(self, lamp, stall, more, expected):
        response = stall.buy(77, **more)

        assert outcome(response) == expected
        assert response.json()["give_back"] == 77
        assert Payout.objects.get().amount == 77

    def test_a_quote_is_good_once_for_one_person_at_one_vendor_for_a_while(
        self, store, lamp, stall, time_machine
    ):
        quote, other = (stall.quote("Lamp").json()["id"] for _ in range(2))
        elsewhere = Stall(store)

        assert outcome(stall.buy(86, BEN, quote=quote)) == (409, "quote_mismatch")
        assert outcome(stall.buy(86, recipient=BEN, quote=quote)) == (409, "quote_mismatch")
        assert outcome(elsewhere.buy(86, quote=quote)) == (409, "quote_mismatch")
        assert stall.buy(86, quote=quote).status_code == 200
        assert outcome(stall.buy(86, quote=quote)) == (409, "quote_used")
        time_machine.move_to(timezone.now() + dt.timedelta(minutes=15, seconds=1))
        assert outcome(stall.buy(86, quote=other)) == (409, "quote_stale")
        assert sum(Payout.objects.values_list("amount", flat=True)) == 5 * 86
        assert Purchase.objects.count() == 1

    def test_the_credit_of_a_quote_that_was_spent_meanwhile(self, store, lamp, stall):
        anna = factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"], credit=50)
        quote = stall.quote("Lamp", use_credit=True).json()
        ledger.take(customer=anna, balance="credit", amount=1, by=None)

        assert outcome(stall.buy(36, quote=quote["id"])) == (409, "quote_stale")

    def test_nobody_buys_by_a_quote_of_another_store(self, lamp, stall):
        foreign = Stall(factories.make_store())
        factories.make_product(foreign.vendor.store, "Lamp")
        quote = foreign.quote("Lamp").json()

        assert outcome(stall.buy(100, quote=quote["id"])) == (404, "unknown_quote")
        assert outcome(foreign.buy(86, product=lamp.pk)) == (404, "unknown_product")

    @pytest.mark.parametrize(
        "more",
        [
            {"product": "Lamp", "quote": str(uuid.UUID(int=5))},
            {"quote": str(uuid.UUID(int=5)), "quantity": 2},
            {"quote": str(uuid.UUID(int=5)), "coupon": "A"},
            {},
        ],
    )
    def test_a_quote_or_a_product_not_both(self, lamp, stall, more, unchanged):
        with unchanged():
            assert outcome(stall.buy(86, **more)) == (400, "invalid")


UNREADABLE = [
    {"paid": True},
    {"paid": "86"},
    {"paid": 86.0},
    {"paid": -1},
    {"paid": 2**63},
    {"paid": 10**12 + 1},
    {"paid": None},
    {"quantity": 0},
    {"quantity": 1001},
    {"member": 1},
    {"use_credit": "yes"},
    {"product": 0},
    {"product": 10**18},
    {"product": True},
    {"product": ""},
    {"product": "a\x00"},
    {"product": "a\nb"},
    {"product": "\ud800"},
    {"product": ["Lamp"]},
    {"unknown": 1},
    {"buyer": None},
    {"buyer": {"name": "anna.lane"}},
    {"buyer": {**ANNA, "uuid": str(uuid.UUID(int=0))}},
    {"buyer": {**ANNA, "uuid": "anna"}},
    {"buyer": {**ANNA, "uuid": 7}},
    {"buyer": {**ANNA, "name": "a" * 65}},
    {"buyer": {**ANNA, "more": 1}},
    {"recipient": {}},
    {"transaction": "t" * 65},
    {"key": "short"},
    {"key": "a" * 81},
    {"key": "not allowed"},
    {"key": "newline:1\n"},
    {"key": 12345678},
]


def test_what_cannot_be_read_is_refused_and_forgotten(lamp, stall, unchanged):
    asked = {"product": "Lamp", "buyer": ANNA, "paid": 86}
    with unchanged():
        said = [outcome(stall.post("purchases", {**asked, **change})) for change in UNREADABLE]
    read = [change for change, one in zip(UNREADABLE, said, strict=True) if one != (400, "invalid")]
    assert read == []


BODIES = [
    "",
    "{",
    "[]",
    "null",
    '"a"',
    "7",
    "NaN",
    '{"paid": Infinity}',
    '{"paid": 1, "paid": 1}',
    "[" * 4000,
    '{"a":' * 700,
    b"\xff\xfe{\x00}\x00",
    b'{"key": "\xff"}',
    b"\xef\xbb\xbf{}",
    '{"%s": 1}' % ("x" * 3000),
    '{"\\ud800": 1}',
]


def test_a_body_that_is_no_json_object(stall, unchanged):
    with unchanged():
        said = [outcome(stall.post("quotes", body)) for body in BODIES]
    assert said == [(400, "invalid")] * len(BODIES)


@pytest.mark.parametrize("size", [4097, 6_000_000])
def test_a_body_that_is_too_large(stall, size):
    assert outcome(stall.post("quotes", " " * size)) == (413, "too_large")


TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/jsonp",
    "x" * 300,
]


def test_another_type_of_content(lamp, stall, unchanged):
    body = json.dumps({"key": "a" * 8, "product": "Lamp", "buyer": ANNA})
    with unchanged():
        for kind in TYPES:
            response = stall.client.post(
                "/api/v1/quotes", body, content_type=kind, headers=stall.bearer
            )
            checked(response)
            assert outcome(response) in [(415, "unsupported_type"), (400, "invalid")]


def test_how_many_statements_a_sale_takes(lamp, stall, django_assert_max_num_queries):
    """PostgreSQL takes its locks by some of them."""
    stall.buy(86, product="Lamp")

    with django_assert_max_num_queries(14):
        quote = stall.quote("Lamp").json()["id"]
    with django_assert_max_num_queries(30):
        assert stall.buy(86, quote=quote).status_code == 200
