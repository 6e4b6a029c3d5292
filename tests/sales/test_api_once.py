"""One question, one answer: under the same key, beside a twin, after a kill, after a refusal."""

import contextlib
import datetime as dt
import json

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from customers.models import Customer, Purchase
from loyalty.models import StoredQuote
from products.models import Product
from sales import checkout, payouts
from sales.api import idempotency
from sales.models import Answer, Delivery, Payout
from tests import factories
from tests.sales.vendors import ANNA, BEN, Stall, outcome, somebody
from tests.together import meanwhile, together

KEY = "sale:0001"
TWINS = 20


@pytest.fixture
def store():
    return factories.make_store()


@pytest.fixture
def lamp(store):
    return factories.make_product(store, "Lamp", price=100)


@pytest.fixture
def stall(lamp, store):
    return Stall(store)


def told(response):
    return response.status_code, response.content


@pytest.mark.django_db
class TestAgain:
    def test_the_same_question_gets_the_same_bytes(self, stall):
        first, again = (stall.buy(100, product="Lamp", key=KEY) for _ in range(2))

        assert told(again) == told(first)
        assert "Idempotent-Replay" not in first.headers
        assert again.headers["Idempotent-Replay"] == "true"
        assert Purchase.objects.count() == 1

    def test_what_is_the_same_may_be_written_otherwise(self, stall):
        first = stall.buy(100, product="Lamp", key=KEY)
        body = {
            "paid": 100,
            "quantity": 1,
            "recipient": None,
            "buyer": {**ANNA, "uuid": ANNA["uuid"].upper()},
            "product": "Lamp",
        }

        assert told(stall.post("purchases", body, key=KEY)) == told(first)

    def test_the_key_may_stand_in_a_header(self, stall):
        asked = {"product": "Lamp", "buyer": ANNA, "paid": 100}
        first = stall.post("purchases", json.dumps(asked), **{"Idempotency-Key": KEY})

        both = stall.post("purchases", asked, key=KEY, **{"Idempotency-Key": KEY})
        differing = stall.post("purchases", asked, key="sale:0002", **{"Idempotency-Key": KEY})

        assert (first.status_code, told(both)) == (200, told(first))
        assert outcome(differing) == (400, "invalid")
        assert outcome(stall.post("purchases", json.dumps(asked))) == (400, "invalid")

    @pytest.mark.parametrize(
        "other", [{"paid": 99}, {"buyer": BEN}, {"recipient": BEN}, {"transaction": "t"}]
    )
    def test_another_question_under_the_key_is_refused(self, stall, other, unchanged):
        asked = {"product": "Lamp", "buyer": ANNA, "paid": 100}
        stall.post("purchases", asked, key=KEY)
        with unchanged():
            assert outcome(stall.post("purchases", {**asked, **other}, key=KEY)) == (
                409,
                "key_reused",
            )

    def test_so_is_another_vendor_or_another_route(self, store, stall, unchanged):
        other = Stall(store)
        stall.quote("Lamp", key=KEY)
        with unchanged():
            assert outcome(other.quote("Lamp", key=KEY)) == (409, "key_reused")
            assert outcome(stall.buy(100, product="Lamp", key=KEY)) == (409, "key_reused")

    def test_another_store_has_its_own_keys(self, stall):
        other = Stall(factories.make_store())
        factories.make_product(other.vendor.store, "Lamp", price=7)

        assert stall.buy(100, product="Lamp", key=KEY).status_code == 200
        assert other.buy(7, product="Lamp", key=KEY).status_code == 200

    def test_a_refusal_is_kept_although_it_would_be_sold_now(self, stall, unchanged):
        refused = stall.buy(50, product="Lamp", key=KEY)
        Product.objects.update(price=50)

        with unchanged():
            assert told(stall.buy(50, product="Lamp", key=KEY)) == told(refused)

        assert refused.json()["give_back"] == 50
        assert Payout.objects.count() == 1

    def test_what_could_not_be_read_is_not_kept(self, stall):
        assert outcome(stall.buy(True, product="Lamp", key=KEY)) == (400, "invalid")
        assert stall.buy(100, product="Lamp", key=KEY).status_code == 200

    def test_a_quote_is_given_once(self, stall):
        first, again = (stall.quote("Lamp", key=KEY) for _ in range(2))

        assert told(first) == told(again)
        assert StoredQuote.objects.count() == 1


@pytest.mark.django_db
class TestBroken:
    def test_a_busy_database_is_said_in_json_and_not_kept(self, stall, monkeypatch, unchanged):
        def busy(**options):
            raise OperationalError("database is locked")

        with monkeypatch.context() as patch, unchanged():
            patch.setattr(checkout, "buy", busy)
            response = stall.buy(100, product="Lamp", key=KEY)

        assert outcome(response) == (503, "busy")
        assert response.json()["retry_after"] == 5
        assert stall.buy(100, product="Lamp", key=KEY).status_code == 200

    def test_a_mistake_of_ours_too(self, stall, monkeypatch, unchanged, caplog):
        def broken(**options):
            raise LookupError("a mistake")

        with monkeypatch.context() as patch, unchanged():
            patch.setattr(checkout, "buy", broken)
            response = stall.buy(100, product="Lamp", key=KEY)

        assert outcome(response) == (500, "broken")
        assert "a mistake" in caplog.text
        assert "a mistake" not in response.content.decode()
        assert stall.buy(100, product="Lamp", key=KEY).status_code == 200

    def test_killed_before_the_end_nothing_was_done(self, stall, monkeypatch, unchanged):
        """The deed is done, its answer cannot be written: neither is there."""

        def killed(*args, **fields):
            raise OperationalError("the server went away")

        with monkeypatch.context() as patch, unchanged():
            patch.setattr(Answer.objects, "create", killed)
            assert outcome(stall.buy(100, product="Lamp", key=KEY)) == (503, "busy")

    def test_killed_after_the_end_it_is_told_again(self, stall, monkeypatch):
        """Everything is written, and nobody hears of it."""

        def killed(*args, **options):
            raise OperationalError("the server went away")

        with monkeypatch.context() as patch:
            patch.setattr(idempotency.answers, "reply", killed)
            with contextlib.suppress(OperationalError):
                stall.client.post(
                    "/api/v1/purchases",
                    json.dumps({"key": KEY, "product": "Lamp", "buyer": ANNA, "paid": 100}),
                    content_type="application/json",
                    headers=stall.bearer,
                )
        again = stall.buy(100, product="Lamp", key=KEY)

        assert again.json()["purchase"] == Purchase.objects.get().pk
        assert again.headers["Idempotent-Replay"] == "true"

    def test_a_refusal_and_its_payout_stand_or_fall_together(self, stall, monkeypatch, unchanged):
        def broken(**options):
            raise LookupError("a mistake")

        monkeypatch.setattr(payouts, "give_back", broken)
        with unchanged():
            assert outcome(stall.buy(1, product="Lamp", key=KEY)) == (500, "broken")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("books_clean")
class TestTogether:
    def test_twins_get_one_purchase_and_equal_answers(self, stall):
        found = self.ask(stall)

        assert set(found) == {told(stall.buy(100, product="Lamp", key=KEY))}
        assert found[0][0] == 200
        assert (Purchase.objects.count(), Delivery.objects.count()) == (1, 1)

    def test_without_the_lock_the_unique_key_decides(self, stall, monkeypatch):
        monkeypatch.setattr(idempotency, "_hold", lambda question: None)

        found = self.ask(stall)

        assert len(set(found)) == 1
        assert Purchase.objects.count() == 1

    def test_without_either_this_test_would_see_it(self, stall, monkeypatch):
        """What looks first and writes later sells more than once."""
        monkeypatch.setattr(idempotency, "_answer", answered_carelessly)
        monkeypatch.setattr("sales.api.purchases._once_in_store", lambda key: None)

        found = self.ask(stall)

        assert Purchase.objects.count() > 1 or len(set(found)) > 1

    def ask(self, stall):
        """Many equal questions at once."""

        def deed():
            return told(stall.buy(100, product="Lamp", key=KEY))

        found = together(*[deed] * TWINS)
        assert [one for one in found if isinstance(one, Exception)] == []
        return found

    def test_many_refusals_owe_the_money_back_once(self, stall):
        def deed():
            return told(stall.buy(1, product="Lamp", key=KEY))

        found = together(*[deed] * 6)

        assert len(set(found)) == 1
        assert Payout.objects.count() == 1

    def test_a_twin_that_takes_too_long_is_said(self, stall, monkeypatch):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has one writer")
        shorten_patience(monkeypatch)
        twin = []
        original = checkout.buy

        def slow(**options):
            if not twin:
                twin.append(None)
                twin[0] = meanwhile(lambda: stall.buy(100, product="Lamp", key=KEY))()
            return original(**options)

        monkeypatch.setattr(checkout, "buy", slow)

        first = stall.buy(100, product="Lamp", key=KEY)

        assert first.status_code == 200
        assert outcome(twin[0]) == (409, "in_flight")
        assert twin[0].json()["retry_after"] == 5
        assert told(stall.buy(100, product="Lamp", key=KEY)) == told(first)

    def test_many_buyers_with_one_balance(self, store, stall):
        """Each gift is paid from the one balance; it is never overdrawn."""
        factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"], credit=450)
        deeds = [self.buying(stall, number) for number in range(8)]

        found = [one for _ in range(8) for one in together(*deeds)]

        assert {one.status_code for one in found} == {200, 409}
        anna = Customer.objects.get(uuid=ANNA["uuid"])
        assert anna.account.credit == 50
        assert sum(one.status_code == 200 for one in found) == 4

    def buying(self, stall, number):
        def deed():
            return stall.buy(0, product="Lamp", use_credit=True, recipient=somebody(number + 100))

        return deed

    def test_a_quote_is_used_once_by_many(self, store, stall):
        quote = stall.quote("Lamp").json()["id"]

        found = together(*[lambda: stall.buy(100, quote=quote)] * 8)

        codes = sorted(one.json().get("code", "sold") for one in found)
        assert codes == ["quote_used"] * 7 + ["sold"]
        assert Payout.objects.filter(amount=100).count() == 7


def answered_carelessly(question, deed, on_refusal):
    store = question.request.store
    stored = Answer.objects.filter(store=store, key=question.key).first()
    if stored:
        return stored, False
    with transaction.atomic():
        status, body, purchase = idempotency._outcome(deed, on_refusal)
    Answer.objects.bulk_create(
        [
            Answer(
                store=store,
                key=question.key,
                vendor=question.request.vendor,
                fingerprint=question.fingerprint,
                status=status,
                body=body,
                purchase=purchase,
            )
        ],
        ignore_conflicts=True,
    )
    return Answer(fingerprint=question.fingerprint, status=status, body=body), True


def shorten_patience(patch):
    """Who waits for a lock gives up at once."""
    original = idempotency._hold

    def hold(question):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        original(question)

    patch.setattr(idempotency, "_hold", hold)


@pytest.mark.django_db
def test_old_answers_are_swept_but_those_of_purchases(stall, time_machine):
    stall.quote("Lamp")
    bought = stall.buy(100, product="Lamp", key=KEY)
    time_machine.move_to(timezone.now() + dt.timedelta(days=91))
    stall.quote("Lamp")

    assert idempotency.sweep(before=timezone.now() - idempotency.KEPT) == 1
    assert Answer.objects.count() == 2
    assert told(stall.buy(100, product="Lamp", key=KEY)) == told(bought)
