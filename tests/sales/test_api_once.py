"""One question, one answer: under the same key, beside a twin, after a kill, after a refusal."""

import contextlib
import datetime as dt
import json

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from customers import credit as ledger
from customers.models import Customer, Purchase
from loyalty.models import StoredQuote
from products.models import Product
from sales import checkout, payouts
from sales.api import idempotency
from sales.models import Answer, Delivery, Payout
from tests import factories
from tests.factories import set_window
from tests.naive import ReadThenWrite, rows_are_locked
from tests.sales.vendors import ANNA, BEN, Stall, outcome, somebody
from tests.together import meanwhile, meeting, together

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

    def test_without_either_this_test_would_see_it(self, store, stall, monkeypatch):
        """What looks first and writes later sells more than once."""
        known(store)
        monkeypatch.setattr(idempotency, "_answer", Careless(TWINS))
        monkeypatch.setattr("sales.api.purchases._once_in_store", lambda key: None)

        self.ask(stall)

        assert Purchase.objects.count() == TWINS

    def ask(self, stall):
        """Many equal questions at once."""

        def deed():
            return told(stall.buy(100, product="Lamp", key=KEY))

        found = together(*[deed] * TWINS)
        assert [one for one in found if isinstance(one, Exception)] == []
        return found

    def test_many_refusals_owe_the_money_back_once(self, stall):
        found = self.ask_for_too_little(stall)

        assert len(set(found)) == 1
        assert Payout.objects.count() == 1

    def test_refusals_that_are_only_looked_up_are_caught(self, store, stall, monkeypatch):
        known(store)
        monkeypatch.setattr(idempotency, "_answer", Careless(6))

        self.ask_for_too_little(stall)

        assert Payout.objects.count() == 6

    def ask_for_too_little(self, stall):
        return together(*[lambda: told(stall.buy(1, product="Lamp", key=KEY))] * 6)

    @rows_are_locked
    def test_a_twin_that_takes_too_long_is_said(self, stall, monkeypatch):
        shorten_patience(monkeypatch)

        twin, first = self.ask_in_the_middle(stall, monkeypatch)

        assert outcome(twin) == (409, "in_flight")
        assert twin.json()["retry_after"] == 5
        assert first.status_code == 200
        assert told(stall.buy(100, product="Lamp", key=KEY)) == told(first)

    @rows_are_locked
    def test_a_twin_that_waits_for_nobody_is_caught(self, stall, monkeypatch):
        monkeypatch.setattr(idempotency, "_hold", lambda question: None)

        twin, first = self.ask_in_the_middle(stall, monkeypatch)

        assert told(twin) == told(first)
        assert twin.status_code == 200

    def ask_in_the_middle(self, stall, patch):
        """What a twin is told who asks while the first is answered, and the first."""
        twin = []
        original = checkout.buy

        def slow(**options):
            if not twin:
                twin.append(None)
                twin[0] = meanwhile(lambda: stall.buy(100, product="Lamp", key=KEY))()
            return original(**options)

        patch.setattr(checkout, "buy", slow)
        first = stall.buy(100, product="Lamp", key=KEY)
        return twin[0], first

    def test_many_buyers_with_one_balance(self, store, stall):
        """Each gift is paid from the one balance; it is never overdrawn."""
        known(store, credit=450)

        assert give_with_one_balance(stall, times=8) == (4, 50)

    def test_a_quote_is_used_once_by_many(self, stall):
        assert self.buy_under_one_quote(stall) == ["quote_used"] * 7 + ["sold"]
        assert Payout.objects.filter(amount=100).count() == 7

    def test_a_quote_that_is_only_looked_at_is_caught(self, store, stall, monkeypatch):
        known(store)
        monkeypatch.setattr(checkout, "_sell_under", lambda stored, purchase: None)

        assert self.buy_under_one_quote(stall) == ["sold"] * 8

    def buy_under_one_quote(self, stall):
        """What 8 are told who name it at once."""
        quote = stall.quote("Lamp").json()["id"]

        found = together(*[lambda: stall.buy(100, quote=quote)] * 8)

        return sorted(one.json().get("code", "sold") for one in found)


def give_with_one_balance(stall, *, times):
    """How many gifts of 8 givers at once were sold, and what is left of the balance."""

    def giving(number):
        return lambda: stall.buy(
            0, product="Lamp", use_credit=True, recipient=somebody(number + 100)
        )

    found = [one for _ in range(times) for one in together(*map(giving, range(8)))]

    assert {one.status_code for one in found} <= {200, 409}
    anna = Customer.objects.get(uuid=ANNA["uuid"])
    return sum(one.status_code == 200 for one in found), anna.account.credit


@rows_are_locked
@pytest.mark.django_db(transaction=True)
def test_gifts_by_what_was_read_before_are_caught(store, stall, monkeypatch):
    """All are paid from the same 100. Who is new would hold the counter of customers."""
    known(store, credit=150)
    for number in range(8):
        other = somebody(number + 100)
        factories.make_customer(store, other["name"], uuid=other["uuid"])
    set_window(store, store.today())
    monkeypatch.setattr(ledger, "lock_account", lambda customer: None)
    monkeypatch.setattr(ledger, "_once", ReadThenWrite(8))

    assert give_with_one_balance(stall, times=1)[0] == 8


def known(store, *, credit=0):
    """Anna is a customer already."""
    return factories.make_customer(store, "anna.lane", uuid=ANNA["uuid"], credit=credit)


class Careless:
    """The answer as a naive program gives it: look first, and write later; so many have looked
    before the first of them goes on.
    """

    def __init__(self, parties):
        self.meet = meeting(parties)

    def __call__(self, question, deed, on_refusal):
        store = question.request.store
        stored = Answer.objects.filter(store=store, key=question.key).first()
        self.meet()
        if stored:
            return stored, False
        with transaction.atomic():
            status, body, purchase = idempotency._outcome(deed, on_refusal)
        answer = Answer(
            store=store,
            key=question.key,
            vendor=question.request.vendor,
            fingerprint=question.fingerprint,
            status=status,
            body=body,
            purchase=purchase,
        )
        Answer.objects.bulk_create([answer], ignore_conflicts=True)
        return answer, True


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
