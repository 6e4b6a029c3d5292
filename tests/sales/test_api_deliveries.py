"""Customers, deliveries, boxes, payouts and subscriptions over the API."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from customers import bans, figures, profiles
from customers.models import Customer
from products.models import Product
from sales import payouts
from sales.models import Attempt, Box, Delivery, Payout
from stores.models import AuditEntry
from tests import factories
from tests.sales.vendors import ANNA, BEN, Stall, outcome, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
CAP = f"https://simhost-0123456789abcdef0.agni.secondlife.io:12043/cap/{uuid.UUID(int=7)}"


@pytest.fixture
def store():
    return factories.make_store()


@pytest.fixture
def lamp(store):
    return factories.make_product(store, "Lamp", price=100, copy=True)


@pytest.fixture
def stall(store):
    return Stall(store)


@pytest.fixture
def anna(store):
    return factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"])


@pytest.fixture
def foreign():
    """A stall of another store, in which Anna bought too."""
    other = factories.make_store()
    factories.make_product(other, "Lamp", price=100, copy=True)
    stall = Stall(other, pays_out=True)
    stall.buy(100, product="Lamp")
    stall.buy(1, product="Lamp")
    return stall


class TestCustomers:
    def test_what_they_spent_hold_and_get(self, store, lamp, stall):
        anna = factories.make_customer(
            store, "anna.lane", uuid=ANNA["uuid"], discount=3, credit=40, restricted=5
        )
        factories.make_tier(store, 100, 5)
        factories.make_tier(store, 300, 10, period="yearly")
        factories.buy(anna, lamp, money=150)
        factories.buy(anna, lamp, money=70, at=timezone.now() - dt.timedelta(days=500))

        said = stall.get(f"customers/{ANNA['uuid']}").json()

        assert said == {
            "name": "anna.lane",
            "spent": 220,
            "spent_year": 150,
            "tier": {"label": "L$100 in all", "discount": 5},
            "next": {"label": "L$300 a year", "discount": 10, "threshold": 300, "missing": 150},
            "discount": 5,
            "personal_discount": 3,
            "credit": 40,
            "restricted": 5,
            "member": False,
            "banned": False,
            "as_of": None,
        }

    def test_somebody_without_anything(self, anna, stall):
        bans.ban(customer=anna, reason="abuse", by=None)

        said = stall.get(f"customers/{ANNA['uuid']}").json()

        assert (said["tier"], said["next"], said["discount"], said["banned"]) == (
            None,
            None,
            0,
            True,
        )

    def test_the_year_is_rolled_before(self, store, anna, lamp, stall, time_machine):
        factories.buy(anna, lamp, money=70, at=timezone.now() - dt.timedelta(days=364))
        assert stall.get(f"customers/{ANNA['uuid']}").json()["spent_year"] == 70
        time_machine.move_to(timezone.now() + dt.timedelta(days=1))

        assert stall.get(f"customers/{ANNA['uuid']}").json()["spent_year"] == 0

    def test_a_long_gap_is_said(self, store, anna, lamp, stall, time_machine):
        factories.buy(anna, lamp)
        day = figures.through(store)
        time_machine.move_to(timezone.now() + dt.timedelta(days=9))

        assert stall.get(f"customers/{ANNA['uuid']}").json()["as_of"] == day.isoformat()

    def test_who_is_unknown_or_of_another_store(self, stall, foreign):
        for who in (ANNA, BEN):
            assert outcome(stall.get(f"customers/{who['uuid']}")) == (404, "unknown_customer")


class TestRedeliveries:
    def test_another_copy_is_queued_once(self, lamp, stall):
        stall.buy(100, product="Lamp")

        first, second = (
            stall.post("redeliveries", {"uuid": ANNA["uuid"], "product": "Lamp"}) for _ in range(2)
        )

        assert first.json() == second.json()
        again = Delivery.objects.get(kind="again")
        assert first.json() == {"delivery": again.pk, "state": "queued"}

    @pytest.mark.parametrize(
        ("who", "what", "expected"),
        [
            (BEN, "Lamp", (404, "unknown_customer")),
            (ANNA, "Chair", (404, "unknown_product")),
            (ANNA, "Table", (409, "not_owned")),
            (ANNA, "Picture", (409, "not_copy")),
            (somebody(66), "Lamp", (403, "banned")),
        ],
    )
    def test_what_is_refused(self, store, lamp, stall, who, what, expected):
        factories.make_product(store, "Table", copy=True)
        factories.make_product(store, "Picture")
        for buyer in (ANNA, somebody(66)):
            stall.buy(100, buyer, product="Lamp")
        bans.ban(customer=Customer.objects.get(username="resident66"), reason="abuse", by=None)

        response = stall.post("redeliveries", {"uuid": who["uuid"], "product": what})

        assert outcome(response) == expected
        assert Delivery.objects.count() == 2

    def test_nobody_of_another_store_is_found(self, lamp, stall, foreign):
        asked = {"uuid": ANNA["uuid"], "product": "Lamp"}
        assert outcome(stall.post("redeliveries", asked)) == (404, "unknown_customer")


class TestDeliveries:
    def test_each_is_claimed_once_and_reported(self, lamp, stall):
        made = stall.buy(300, recipient=BEN, product="Lamp", quantity=3).json()["delivery"]

        claimed = stall.get("deliveries").json()["deliveries"]

        assert claimed == [
            {
                "delivery": made,
                "product": "Lamp",
                "recipient": BEN["uuid"],
                "name": BEN["name"],
                "quantity": 3,
            }
        ]
        assert stall.get("deliveries").json() == {"deliveries": []}
        done = stall.post(f"deliveries/{made}", {"state": "delivered", "note": "in hand"})
        assert done.json() == {"delivery": made, "state": "delivered"}
        assert [one.note for one in Attempt.objects.order_by("pk")] == [
            f"claimed by {stall.vendor.name}",
            "in hand",
        ]

    def test_to_ask_for_nothing_is_cheap(self, lamp, stall, django_assert_num_queries):
        with django_assert_num_queries(2):
            assert stall.get("deliveries").json() == {"deliveries": []}

    def test_a_failure_is_reported_and_what_has_ended_has(self, lamp, stall):
        made = stall.buy(100, product="Lamp").json()["delivery"]
        stall.get("deliveries")

        failed = stall.post(f"deliveries/{made}", {"state": "failed", "note": "inventory full"})
        late = stall.post(f"deliveries/{made}", {"state": "delivered"})
        back = stall.post(f"deliveries/{made}", {"state": "failed"})

        assert failed.json()["state"] == "failed"
        assert late.json()["state"] == "delivered"
        assert outcome(back) == (409, "ended")

    def test_no_more_are_claimed_than_fit(self, store, stall):
        for number in range(12):
            product = factories.make_product(store, f"{number}" + "ж" * 150, price=5)
            stall.buy(5, somebody(number + 1), product=product.pk)

        pages = [stall.get("deliveries").json()["deliveries"] for _ in range(4)]

        sizes = [len(page) for page in pages]
        assert 1 < sizes[0] < 12
        assert sum(sizes) == 12
        assert Delivery.objects.filter(state="sent").count() == 12

    def test_the_longest_fits(self, store, stall):
        product = factories.make_product(store, "\N{PILE OF POO}" * 200, price=5)
        stall.buy(5, product=product.pk)

        assert len(stall.get("deliveries").json()["deliveries"]) == 1

    def test_another_store_has_its_own(self, lamp, stall, foreign):
        made = Delivery.objects.get()

        assert stall.get("deliveries").json() == {"deliveries": []}
        report = stall.post(f"deliveries/{made.pk}", {"state": "delivered"})
        assert outcome(report) == (404, "unknown_delivery")
        made.refresh_from_db()
        assert made.state == "queued"

    @pytest.mark.parametrize(
        "report", [{}, {"state": "sent"}, {"state": "failed", "note": "n" * 201}]
    )
    def test_a_report_that_cannot_be_read(self, lamp, stall, report, unchanged):
        made = stall.buy(100, product="Lamp").json()["delivery"]
        with unchanged():
            assert outcome(stall.post(f"deliveries/{made}", report)) == (400, "invalid")


class TestBoxes:
    def box(self, **more):
        return {"object_key": str(uuid.UUID(int=9)), "name": "Box", "url": CAP, **more}

    def test_an_address_takes_the_place_of_the_one_before(self, store, stall):
        first = stall.post("boxes", self.box())
        Box.objects.update(failures=3, gone_at=timezone.now())
        other = CAP.replace("0007", "0008")

        second = stall.post("boxes", self.box(url=other, name="New box"))

        box = Box.objects.get()
        assert first.json() == second.json() == {"box": box.pk}
        assert (box.store, box.url, box.name, box.failures, box.gone_at) == (
            store,
            other,
            "New box",
            0,
            None,
        )
        trail = AuditEntry.objects.get(action="box.register")
        assert "cap" not in str(trail.changes)

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:12046/cap/" + str(uuid.UUID(int=7)),
            "https://evil.example/cap/" + str(uuid.UUID(int=7)),
            CAP.replace("12043", "443"),
            CAP + "/more",
            CAP.replace("://", "://a@"),
            "javascript:alert(1)",
        ],
    )
    def test_another_address_is_refused(self, stall, url):
        assert outcome(stall.post("boxes", self.box(url=url))) == (409, "bad_address")
        assert not Box.objects.exists()

    def test_each_store_has_its_own(self, stall, foreign):
        assert stall.post("boxes", self.box()).json() != foreign.post("boxes", self.box()).json()


class TestPayouts:
    @pytest.fixture
    def bank(self, store):
        return Stall(store, pays_out=True)

    @pytest.fixture
    def owed(self, lamp, stall):
        stall.buy(40, product="Lamp")
        return Payout.objects.get()

    def test_they_are_claimed_and_claimed_again_until_reported(self, owed, bank):
        said = [bank.get("payouts").json() for _ in range(2)]

        assert (
            said[0]
            == said[1]
            == {"payouts": [{"id": owed.pk, "kind": "give_back", **ANNA, "amount": 40}]}
        )
        paid = bank.post(f"payouts/{owed.pk}", {"state": "paid", "transaction": "t-1"})
        assert paid.json() == {"payout": owed.pk, "state": "paid"}
        assert bank.get("payouts").json() == {"payouts": []}
        owed.refresh_from_db()
        assert (owed.state, owed.transaction, owed.vendor) == ("paid", "t-1", bank.vendor)

    def test_one_that_could_not_be_paid(self, owed, bank):
        bank.get("payouts")

        failed = bank.post(f"payouts/{owed.pk}", {"state": "failed", "note": "no such resident"})

        assert failed.json()["state"] == "failed"
        assert outcome(bank.post(f"payouts/{owed.pk}", {"state": "paid", "transaction": "t"})) == (
            409,
            "ended",
        )

    def test_a_key_that_does_not_pay_out_is_not_allowed(self, owed, stall, unchanged):
        with unchanged():
            for _ in range(2):
                assert outcome(stall.get("payouts")) == (403, "not_allowed")
                report = stall.post(f"payouts/{owed.pk}", {"state": "failed"}, key="pay:0001")
                assert outcome(report) == (403, "not_allowed")

    def test_who_did_not_claim_it_did_not_pay_it(self, store, owed, bank, unchanged):
        other = Stall(store, pays_out=True)
        assert other.get("payouts").json()["payouts"]
        assert bank.get("payouts").json() == {"payouts": []}

        report = bank.post(f"payouts/{owed.pk}", {"state": "paid", "transaction": "t-1"})

        assert outcome(report) == (409, "not_yours")

    def test_one_transaction_pays_one(self, owed, stall, bank):
        stall.buy(41, product="Lamp")
        ids = [row["id"] for row in bank.get("payouts").json()["payouts"]]

        said = [bank.post(f"payouts/{key}", {"state": "paid", "transaction": "t-1"}) for key in ids]

        assert said[0].status_code == 200
        assert outcome(said[1]) == (409, "transaction_used")

    def test_another_store_has_its_own(self, bank, foreign):
        key = Payout.objects.get().pk

        assert bank.get("payouts").json() == {"payouts": []}
        report = bank.post(f"payouts/{key}", {"state": "paid", "transaction": "t"})
        assert outcome(report) == (404, "unknown_payout")

    def test_long_names_still_fit(self, store, bank):
        for number in range(12):
            payouts.give_back(
                store=store, name="ж" * 64, uuid=uuid.UUID(int=number + 1), amount=10**12, why=""
            )
        shown = []
        while rows := bank.get("payouts").json()["payouts"]:
            for row in rows:
                bank.post(f"payouts/{row['id']}", {"state": "failed"})
            shown.append(len(rows))
        assert sum(shown) == 12

    @pytest.mark.parametrize(
        "report",
        [
            {"state": "paid"},
            {"state": "paid", "transaction": ""},
            {"state": "paid", "transaction": "t", "note": "n"},
            {"state": "failed", "transaction": "t"},
            {"state": "due"},
        ],
    )
    def test_a_report_that_cannot_be_read(self, owed, bank, report, unchanged):
        bank.get("payouts")
        with unchanged():
            assert outcome(bank.post(f"payouts/{owed.pk}", report)) == (400, "invalid")


class TestSubscriptions:
    def wish(self, stall, who, subscribed):
        return stall.post("subscriptions", {**who, "subscribed": subscribed})

    def consent_of(self, who):
        one = Customer.objects.get(uuid=who["uuid"])
        return one.subscriber, one.subscriber_source

    def test_in_and_out(self, store, stall):
        came = self.wish(stall, ANNA, True)

        assert came.json() == {"uuid": ANNA["uuid"], "subscribed": True}
        assert self.consent_of(ANNA) == (True, "in_world")
        assert Customer.objects.get().subscriber_at is not None
        self.wish(stall, ANNA, False)
        assert self.consent_of(ANNA) == (False, "in_world")
        assert [
            entry.changes["subscriber"]
            for entry in AuditEntry.objects.filter(action="customer.consent").order_by("pk")
        ] == [[False, True], [True, False]]

    def test_an_opt_out_of_who_never_wanted_is_kept_as_one(self, anna, stall):
        self.wish(stall, ANNA, False)

        assert self.consent_of(ANNA) == (False, "in_world")

    def test_who_is_none_and_wants_none_becomes_none(self, stall):
        assert self.wish(stall, ANNA, False).json()["subscribed"] is False
        assert not Customer.objects.exists()

    def test_who_was_archived_comes_back(self, anna, stall):
        profiles.archive(customer=anna, by=None)

        self.wish(stall, ANNA, True)

        anna.refresh_from_db()
        assert (anna.archived_at, anna.subscriber) == (None, True)

    def test_a_name_of_somebody_else(self, store, anna, stall):
        factories.make_customer(store, "ben.moss", uuid=BEN["uuid"])
        for subscribed in (True, False):
            response = self.wish(stall, {**ANNA, "name": "ben.moss"}, subscribed)
            assert outcome(response) == (409, "identity_conflict")
        assert not Customer.objects.filter(subscriber=True).exists()

    def test_pages_hold_everybody_once(self, store, stall, foreign):
        self.wish(foreign, ANNA, True)
        for number in range(1, 40):
            self.wish(stall, somebody(number), True)
        self.wish(stall, somebody(5), False)
        factories.make_customer(store, "no.uuid", subscriber=True)
        profiles.archive(customer=Customer.objects.get(username="resident6"), by=None)

        found, after = [], 0
        while after is not None:
            page = stall.get(f"subscriptions?after={after}").json()
            found += page["subscribers"]
            after = page["after"]

        assert found == [somebody(number) for number in range(1, 40) if number not in (5, 6)]

    def test_nobody(self, stall):
        assert stall.get("subscriptions").json() == {"subscribers": [], "after": None}


def test_a_deleted_product_is_not_delivered_again(lamp, stall):
    stall.buy(100, product="Lamp")
    Product.objects.update(deleted_at=timezone.now())

    response = stall.post("redeliveries", {"uuid": ANNA["uuid"], "product": "Lamp"})

    assert outcome(response) == (409, "not_sold")
