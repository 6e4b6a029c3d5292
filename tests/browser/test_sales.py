"""What an owner does with sales, in a real browser: return, redeliver, try again."""

import pytest
from playwright.sync_api import Page, expect

from customers.identity import Person
from sales import checkout
from sales.checkout import Order
from sales.models import Delivery, Return
from tests.browser.test_customers import sign_in
from tests.factories import make_product, make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    lamp = make_product(store, "Paper Lamp", price=100, copy=True)
    checkout.buy(order=Order(store=store, product=lamp, buyer=Person("anna.bell"), quantity=3))
    return store


@pytest.fixture
def owner(page: Page, live_server, store) -> Page:
    sign_in(page, live_server, store)
    return page


def test_a_return_shows_what_goes_back_while_typing(owner):
    owner.goto("/stores/moon/purchases/")
    owner.get_by_role("link", name="Paper Lamp").click()
    dialog = owner.locator("#dialog")
    dialog.get_by_role("link", name="Return", exact=True).click()
    preview = owner.locator("#return-preview")
    expect(preview).to_contain_text("L$300 is owed to anna.bell")

    dialog.get_by_label("How many").fill("1")
    expect(preview).to_contain_text("L$100 is owed to anna.bell")
    dialog.get_by_label("Store credit").check()
    expect(preview).to_contain_text("L$100 is given to anna.bell")
    dialog.get_by_role("button", name="Return", exact=True).click()

    expect(owner.locator(".toast-item")).to_contain_text("L$100 store credit was given")
    expect(dialog.get_by_role("heading", name="Returns")).to_be_visible()
    assert Return.objects.get().given == 100


def test_a_redelivery_shows_its_state_where_it_was_pressed(owner):
    Delivery.objects.update(state="failed", note="the box is full")
    owner.goto("/stores/moon/customers/")
    owner.get_by_role("link", name="anna.bell").click()
    states = owner.locator("#customer-deliveries")
    expect(states).to_contain_text("the box is full")

    owner.get_by_role("button", name="Redeliver Paper Lamp").click()
    expect(states.get_by_role("row")).to_have_count(3)
    expect(states).to_contain_text("Redelivery")
    states.get_by_role("button", name="Try Paper Lamp again").click()

    expect(states).not_to_contain_text("Failed")
    assert list(Delivery.objects.values_list("state", flat=True)) == ["queued", "queued"]
