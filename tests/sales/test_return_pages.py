"""Returning a purchase by its page: what is shown before, what is done, and by whom."""

import datetime as dt

import pytest

from customers import credit as ledger
from customers.identity import Person
from customers.models import Customer, Purchase
from loyalty.models import LoyaltyTier, Settings
from sales import checkout
from sales.checkout import Order
from sales.models import Payout, Return
from tests.doors.pages import read
from tests.factories import balances, buy, make_customer, make_product, make_store, set_window
from tests.forms import DIALOG, form_at, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean", "mid_june")]
PIECE = {"HX-Request": "true", "HX-Target": "return-preview"}


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, dt.date(2026, 6, 15))
    return store


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def three(store):
    """Anna bought three lamps of 100 with a refund of 10 % and a bonus of 10 %."""
    Settings.objects.create(store=store, bonus=10)
    LoyaltyTier.objects.create(store=store, threshold=300, discount=20)
    anna = make_customer(store, "anna.bell", discount=10)
    lamp = make_product(store, "Lamp")
    return checkout.buy(
        order=Order(store=store, product=lamp, buyer=Person("anna.bell"), quantity=3)
    ).purchase, anna


def url(purchase) -> str:
    return f"/stores/lamps/purchases/{purchase.pk}/return/"


def said(page) -> dict[str, str]:
    facts = page.one("div", id="return-preview").one("dl")
    values = [value.text for value in facts.all("dd")]
    return dict(zip((term.text for term in facts.all("dt")), values, strict=True))


def test_shows_what_goes_back_before_it_does(client, three, unchanged):
    purchase, _ = three
    with unchanged():
        page = read(client.get(url(purchase)))

    assert said(page) == {
        "Money": "L$300 is owed to anna.bell",
        "Refund": "L$30 was not paid yet, and is cancelled",
        "Bonus": "L$27 of L$27 is taken back",
        "Tier": "20 % (L$300 in all) now, no tier after",
        "Product": "is taken from anna.bell",
    }


def test_another_quantity_shows_another_share(client, three, unchanged):
    purchase, anna = three
    ledger.take(customer=anna, balance="credit", amount=20, by=None)
    typed = {"quantity": "2", "back": "credit"}
    with unchanged():
        answer = client.get(url(purchase), typed, headers=PIECE)
    page = read(answer)

    assert said(page) == {
        "Store credit": "L$180 is given to anna.bell L$200 that was paid, less the refund of L$20.",
        "Bonus": "L$7 of L$18 is taken back",
        "Tier": "20 % (L$300 in all) now, no tier after",
        "Product": "stays with anna.bell",
    }
    assert "L$11 of coupon share and bonus is spent already" in page.text
    assert page.all("form") == []


def test_without_a_script_the_share_is_shown_by_a_button(client, three, unchanged):
    purchase, _ = three
    fields = {**form_at(client, url(purchase)).values(), "quantity": "1", "show": "yes"}
    with unchanged():
        page = read(client.post(url(purchase), fields))

    assert said(page)["Money"].startswith("L$90 is owed")
    assert page.one("form", method="post", action=url(purchase)).values()["quantity"] == "1"


def test_money_is_owed_and_the_product_is_gone(client, three):
    purchase, anna = three

    answer = send(client, url(purchase), quantity="3", note="all broken", htmx=True)

    terms = Return.objects.get()
    assert answer.status_code == 204
    assert "L$300 is owed to anna.bell" in answer["HX-Trigger"]
    assert (terms.given, terms.as_credit, terms.note) == (300, False, "all broken")
    assert Payout.objects.get(kind="return").amount == 300
    anna.refresh_from_db()
    assert (anna.owns, anna.spent) == (0, 0)


def test_store_credit_and_the_product_stays(client, three):
    purchase, anna = three

    answer = send(client, url(purchase), quantity="1", back="credit", removes=None)

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/stores/lamps/purchases/{purchase.pk}/",
    )
    assert balances(anna) == (27 - 9 + 90, 0)
    assert Customer.objects.get(pk=anna.pk).owns == 1


def test_sent_twice_it_is_returned_once(client, three):
    purchase, _ = three
    fields = {**form_at(client, url(purchase)).values(), "quantity": "3"}

    answers = [client.post(url(purchase), fields, headers=DIALOG) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert Purchase.objects.filter(returns=purchase).count() == 1


@pytest.mark.parametrize("typed", ["0", "4", "-1", "1.5", "", "٢", "9" * 20])
def test_a_quantity_that_cannot_be_is_said_beside_the_field(client, three, typed, unchanged):
    purchase, _ = three
    with unchanged():
        page = read(send(client, url(purchase), quantity=typed))

    assert page.error("quantity") == "Enter a whole number from 1 to 3."
    assert "Enter how many to see what goes back." in page.text


def test_more_than_is_left_is_refused_beside_the_field(client, three, unchanged):
    purchase, _ = three
    fields = {**form_at(client, url(purchase)).values(), "quantity": "3"}
    send(client, url(purchase), quantity="1")
    fields["token"] = "11111111-2222-4333-8444-555555555555"
    with unchanged():
        answer = client.post(url(purchase), fields)

    assert answer.status_code == 409
    assert read(answer).error("quantity") == "2 of this purchase can be returned, not 3."


def test_credit_past_the_limit_is_refused_with_words(client, three, unchanged):
    purchase, anna = three
    ledger.grant(customer=anna, balance="credit", amount=10**12 - 27, by=None)
    with unchanged():
        answer = send(client, url(purchase), quantity="3", back="credit")

    assert answer.status_code == 409
    assert "A balance holds at most" in read(answer).text


def test_nothing_is_left_of_a_return_or_of_what_was_returned(client, store, unchanged):
    one = buy(make_customer(store), make_product(store))
    send(client, url(one))
    back = Purchase.objects.get(returns=one)
    with unchanged():
        for purchase in (one, back):
            page = read(client.get(url(purchase)))
            assert "Nothing of this purchase is left to be returned." in page.text
            assert client.post(url(purchase), {"back": "money"}).status_code in (200, 409)


def test_a_purchase_of_no_product_takes_nothing_away(client, store):
    one = buy(make_customer(store, "anna"))

    page = read(client.get(url(one)))

    assert page.all("input", name="removes") == page.all("input", name="quantity") == []
    assert "Product" not in said(page)


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("clerk", 403), ("viewer", 403)])
def test_returning_is_the_right_of_managers(store, three, role, status):
    purchase, _ = three
    assert signed_in(store, role).get(url(purchase)).status_code == status


def test_a_purchase_of_another_store_is_not_there(client):
    other = buy(make_customer(make_store("elsewhere")))
    assert client.get(url(other)).status_code == 404
