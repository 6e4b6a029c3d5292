"""The Deliveries page, one delivery, trying again, redelivery by the profile, and sending."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import bans, purchases
from customers.identity import Person
from customers.models import Customer, Purchase
from products.models import Product
from sales import checkout, deliveries, retries
from sales.checkout import Order
from sales.models import Box, Delivery
from stores.models import AuditEntry
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_product, make_store
from tests.forms import DIALOG, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean", "mid_june")]
URL = "/stores/lamps/deliveries/"
CUSTOMERS = "/stores/lamps/customers/"


@pytest.fixture
def client(store):
    return signed_in(store, "clerk")


def sold(lamp, name="anna.bell", **fields) -> Delivery:
    """The delivery of a sale, with fields of it as they are now."""
    order = Order(store=lamp.store, product=lamp, buyer=Person(name))
    made = checkout.buy(order=order).delivery
    Delivery.objects.filter(pk=made.pk).update(**fields)
    return Delivery.objects.get(pk=made.pk)


def again(lamp, name="anna.bell", **fields) -> Delivery:
    customer = Customer.objects.get(username=name)
    made = deliveries.redeliver(customer=customer, product=lamp, by=None)
    Delivery.objects.filter(pk=made.pk).update(**fields)
    return Delivery.objects.get(pk=made.pk)


def found(client, **query) -> list[int]:
    page = client.get(URL, query)
    return [row["pk"] for row in page.context["table"].data] if "table" in page.context else []


def events(answer) -> dict:
    return json.loads(answer["HX-Trigger"])


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


class TestList:
    def test_shows_what_goes_to_whom_and_how_far_it_is(self, client, lamp):
        sold(lamp, state="failed", note="no such box", attempts=8, ended_at=timezone.now())

        page = read(client.get(URL))

        (row,) = page.one("tbody").all("tr")
        assert [cell.text for cell in row.all("td")] == [
            "Lamp",
            "Failed",
            "anna.bell",
            "just now",
            "Sale",
            "1",
            "8",
            "just now",
            "no such box",
        ]
        assert "No delivery box is registered" in page.text

    def test_says_which_box_hands_over(self, client, store, lamp):
        Box.objects.create(store=store, object_key=uuid.uuid4(), name="Main box", url="http://x")

        assert "Handed over by Main box." in read(client.get(URL)).text

    def test_is_narrowed_by_state_kind_product_recipient_and_day(self, client, store, lamp):
        day = dt.timedelta(days=1)
        one = sold(lamp, state="delivered", made_at=timezone.now() - 3 * day)
        two = again(lamp, state="failed")
        three = sold(make_product(store, "Chair"), "bert.cole")

        assert found(client) == [three.pk, two.pk, one.pk]
        assert found(client, sort="at") == [one.pk, two.pk, three.pk]
        assert found(client, state="failed") == [two.pk]
        assert found(client, kind="sale") == [three.pk, one.pk]
        assert found(client, product="Lamp") == [two.pk, one.pk]
        assert found(client, customer="Bert Cole") == [three.pk]
        assert found(client, until="2026-06-12") == [one.pk]
        assert found(client, q="anna") == [two.pk, one.pk]
        assert found(client, q="b", state="queued") == [three.pk]
        assert found(client, since="2026-06-13", customer="anna.bell", kind="again") == [two.pk]

    def test_takes_the_same_few_queries_however_many(self, client, store, lamp):
        queries = [{}, {"state": "queued"}, {"product": "Lamp"}, {"customer": "anna.bell"}]
        queries.append({"state": "queued", "kind": "sale", "customer": "anna.bell"})
        sold(lamp)
        counts = []
        for more in (0, 12):
            for number in range(more):
                sold(lamp, f"customer{number}")
            asked = []
            for query in queries:
                with CaptureQueriesContext(connection) as context:
                    found(client, **query)
                asked.append(len(context))
            counts.append(asked)

        assert counts[0] == counts[1]
        assert max(counts[1]) <= 9

    def test_offers_what_the_member_may_do(self, store, lamp):
        sold(lamp)
        offered = {}
        for role in ("manager", "clerk", "viewer"):
            page = read(signed_in(store, role).get(URL))
            offered[role] = [
                link.text for part in page.all("div", class_="actions") for link in part.all("a")
            ]

        assert offered == {
            "manager": ["Send a product", "Bulk redelivery", "Retry all failed"],
            "clerk": ["Send a product", "Retry all failed"],
            "viewer": [],
        }


class TestOne:
    def test_tells_each_try(self, client, store, lamp):
        one = sold(lamp)
        box = Box.objects.create(
            store=store, object_key=uuid.uuid4(), name="Main box", url="http://x"
        )
        deliveries.take_up(store=store, limit=5)
        one.refresh_from_db()
        deliveries.keep_attempt(one, note="the box said no", box=box, status=500)

        page = read(client.get(f"{URL}{one.pk}/")).one("main")

        (row,) = page.one("tbody").all("tr")
        cells = [cell.text for cell in row.all("td")]
        assert cells == ["1", "15 Jun 2026, 12:00", "Main box", "the box said no"]
        assert "every 5s" in page.one("div", id="delivery")["hx-trigger"]
        assert page.all("form") == []

    def test_one_that_failed_is_tried_again(self, client, lamp):
        one = sold(lamp, state="failed", note="no box", ended_at=timezone.now())
        page = read(client.get(f"{URL}{one.pk}/")).one("main")
        form = page.one("form", method="post")

        answer = client.post(form["action"], form.values(), headers=DIALOG)

        one.refresh_from_db()
        assert answer.status_code == 204
        assert events(answer)["toast"]["text"] == "Lamp for anna.bell is queued again."
        assert "deliveries:changed" in events(answer)
        assert (one.state, one.note, one.ended_at) == ("queued", "", None)

    def test_one_that_did_not_fail_stays(self, client, lamp, unchanged):
        one = sold(lamp)
        with unchanged():
            answer = client.post(f"{URL}{one.pk}/retry/", headers=DIALOG)

        assert "nothing was queued" in events(answer)["toast"]["text"]

    def test_who_is_banned_gets_nothing(self, client, lamp, unchanged):
        one = sold(lamp, state="failed")
        bans.ban(customer=one.recipient, reason="abuse", by=None)
        with unchanged():
            answer = client.post(f"{URL}{one.pk}/retry/", headers=DIALOG)

        toast = events(answer)["toast"]
        assert (toast["level"], toast["text"]) == (
            "error",
            "This is not delivered again: the customer is banned.",
        )

    def test_looking_at_the_question_changes_nothing(self, client, lamp, unchanged):
        one = sold(lamp, state="failed")
        with unchanged():
            assert client.get(f"{URL}{one.pk}/retry/").status_code == 200
            assert client.get(f"{URL}retry/").status_code == 200

    def test_one_of_another_store_is_not_there(self, client):
        other = sold(make_product(make_store("elsewhere")))

        assert client.get(f"{URL}{other.pk}/").status_code == 404
        assert client.post(f"{URL}{other.pk}/retry/").status_code == 404


class TestRetryAll:
    def test_queues_what_has_its_right_and_of_each_product_the_latest(self, store, client, lamp):
        failed = {"state": "failed", "note": "no box"}
        sold(lamp, "anna", **failed)
        first = again(lamp, "anna", **failed)
        second = again(lamp, "anna", **failed)
        sold(lamp, "bert", state="delivered")
        beside = again(lamp, "bert", **failed)
        under_way = again(lamp, "bert")
        banned = sold(lamp, "carl", **failed)
        bans.ban(customer=banned.recipient, reason="abuse", by=None)
        removed = sold(lamp, "dora", **failed)
        purchases.remove_product(customer=removed.recipient, product=lamp, by=None)
        done = sold(lamp, "ella", state="delivered")
        page = read(client.get(f"{URL}retry/")).one("main")

        answer = send(client, f"{URL}retry/", htmx=True)

        assert "2 failed deliveries can be queued again." in page.text
        assert events(answer)["toast"]["text"] == "2 deliveries were queued again."
        now = dict(Delivery.objects.values_list("pk", "state"))
        assert {key: now[key] for key in (first.pk, second.pk, beside.pk, under_way.pk)} == {
            first.pk: "failed",
            second.pk: "queued",
            beside.pk: "failed",
            under_way.pk: "queued",
        }
        assert [now[one.pk] for one in (banned, removed, done)] == ["failed", "failed", "delivered"]
        assert AuditEntry.objects.get(action="delivery.retry_all").changes == {"queued": [0, 2]}

    def test_is_one_statement_however_many(self, store, lamp):
        counts = []
        for more in (2, 10):
            for number in range(more):
                sold(lamp, f"c{more}x{number}", state="failed")
            with CaptureQueriesContext(connection) as context:
                queued = retries.again_all(store=store, by=None)
            assert queued == more
            counts.append(len(context))

        assert counts[0] == counts[1]

    def test_leaves_other_stores_alone(self, client, store, lamp):
        other = sold(make_product(make_store("elsewhere"), copy=True), state="failed")

        assert retries.again_all(store=store, by=None) == 0

        other.refresh_from_db()
        assert other.state == "failed"
        assert not AuditEntry.objects.filter(action="delivery.retry_all").exists()


class TestRedelivery:
    def profile(self, client, customer):
        return read(client.get(f"{CUSTOMERS}{customer.pk}/")).one("main")

    def test_the_profile_offers_it_for_what_may_be_copied(self, store, lamp):
        anna = make_customer(store, "anna.bell")
        for product in (lamp, make_product(store, "Chair"), make_product(store, "Old", copy=True)):
            buy(anna, product)
        Product.objects.filter(name="Old").update(deleted_at=timezone.now())
        offered = {}
        for role in ("clerk", "viewer"):
            page = self.profile(signed_in(store, role), anna)
            buttons = [one.attrs.get("aria-label", "") for one in page.all("button")]
            offered[role] = [one for one in buttons if one.startswith("Redeliver")]

        assert offered == {"clerk": ["Redeliver Lamp"], "viewer": []}

    def test_pressed_twice_queues_one_and_lets_the_states_look_again(self, client, store, lamp):
        anna = make_customer(store, "anna.bell")
        buy(anna, lamp)
        url = f"{CUSTOMERS}{anna.pk}/products/{lamp.pk}/delivery/"

        answers = [client.post(url, headers=DIALOG) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [204, 204]
        assert events(answers[0])["toast"]["text"] == "Lamp for anna.bell: queued."
        assert "deliveries:changed" in events(answers[0])
        assert [one.kind for one in Delivery.objects.all()] == ["again"]

    def test_what_is_not_owned_is_refused_with_words(self, client, store, lamp, unchanged):
        anna = make_customer(store, "anna.bell")
        url = f"{CUSTOMERS}{anna.pk}/products/{lamp.pk}/delivery/"
        with unchanged():
            assert client.get(url).status_code == 200
            answer = client.post(url, headers=DIALOG)

        toast = events(answer)["toast"]
        assert (toast["level"], toast["text"]) == ("error", "anna.bell does not own Lamp.")

    def test_the_profile_loads_the_states_by_one_request(self, client, store, lamp):
        sold(lamp, state="failed", note="no box")
        anna = Customer.objects.get()
        page = self.profile(client, anna)
        (url,) = [
            node["hx-get"]
            for node in page.all("div", class_="arrives")
            if "deliveries" in node["hx-get"]
        ]

        with CaptureQueriesContext(connection) as context:
            piece = read(client.get(url, headers={"HX-Request": "true"}))

        (row,) = piece.one("tbody").all("tr")
        assert [cell.text for cell in row.all("td")] == [
            "Lamp",
            "just now",
            "Sale",
            "Failed no box",
            "Try again",
        ]
        assert len(context) == 5
        assert read(client.get(url)).one("h1").text == "Deliveries to anna.bell"


class TestSending:
    def test_a_resident_who_is_no_customer_gets_a_gift(self, client, lamp):
        answer = send(client, f"{URL}send/", product="lamp", customer="Cora Dell", htmx=True)

        purchase = Purchase.objects.get()
        assert answer.status_code == 204
        assert events(answer)["toast"]["text"] == "Lamp is on its way to cora.dell."
        assert events(answer)["dialog:go"] == {"url": f"/stores/lamps/purchases/{purchase.pk}/"}
        assert (purchase.recipient.username, purchase.price) == ("cora.dell", 0)
        assert (purchase.recipient.owns, purchase.recipient.spent) == (1, 0)
        assert [one.kind for one in Delivery.objects.all()] == ["sent"]

    def test_sent_twice_it_is_given_once(self, client, lamp):
        page = read(client.get(f"{URL}send/")).one("main")
        fields = page.one("form", method="post").values() | {"product": "Lamp", "customer": "cora"}

        for _ in range(2):
            assert client.post(f"{URL}send/", fields).status_code == 302

        assert Purchase.objects.count() == 1

    def test_a_customer_is_named_by_uuid_and_filled_in_from_the_profile(self, client, store, lamp):
        known = uuid.uuid4()
        make_customer(store, "anna.bell", uuid=known)
        url = f"{URL}send/?customer=anna.bell"
        page = read(client.get(url)).one("main")
        assert page.one("form", method="post", action=url).values()["customer"] == "anna.bell"

        send(client, url, product="Lamp", customer=str(known))

        assert Purchase.objects.get().recipient.username == "anna.bell"

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("product", "Boat", "There is no product of that name."),
            ("product", "", "This field is required."),
            ("customer", "", "This field is required."),
            ("customer", "00000000-0000-4000-8000-000000000009", "there is no name to add them by"),
            ("customer", "anna.bell", "anna.bell is banned from this store."),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, client, store, lamp, field, typed, words, unchanged
    ):
        bans.ban(customer=make_customer(store, "anna.bell"), reason="abuse", by=None)
        fields = {"product": "Lamp", "customer": "bert.cole", field: typed}
        with unchanged():
            page = read(send(client, f"{URL}send/", **fields))

        assert words in page.error(field)

    def test_is_the_right_of_clerks(self, store):
        statuses = [
            signed_in(store, role).get(f"{URL}send/").status_code for role in ("clerk", "viewer")
        ]

        assert statuses == [200, 403]
