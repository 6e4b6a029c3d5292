"""What an owner does with sales, in a real browser: return, send, redeliver, try again."""

import pytest
from playwright.sync_api import expect

from customers.identity import Person
from customers.models import Customer, Purchase
from products.models import Product
from sales import checkout, returns
from sales.checkout import Order
from sales.models import Delivery, Return
from sales.returns import Wish
from tests.browser.visits import one_sale
from tests.factories import figures_of, make_coupon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return one_sale()


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


def test_a_product_is_sent_to_somebody_who_is_no_customer(owner, store):
    owner.goto("/stores/moon/deliveries/")
    owner.get_by_role("link", name="Send a product").click()
    dialog = owner.locator("#dialog")
    dialog.get_by_label("Product").press_sequentially("Paper")
    expect(owner.locator("#product-names option")).to_have_count(1)
    dialog.get_by_label("Product").fill("Paper Lamp")
    dialog.get_by_label("To").fill("Cora Dell")
    dialog.get_by_role("button", name="Send").click()

    expect(owner.locator(".toast-item")).to_contain_text("Paper Lamp is on its way to cora.dell.")
    expect(dialog.get_by_role("heading", name="Paper Lamp")).to_be_visible()
    expect(dialog.get_by_role("row", name="Sent by the store")).to_contain_text("Queued")
    cora = Customer.objects.get(username="cora.dell")
    assert (figures_of(cora)["owns"], figures_of(cora)["spent"]) == (1, 0)
    owner.keyboard.press("Escape")
    first = owner.locator("tbody tr").first
    expect(first).to_contain_text("cora.dell")
    expect(first).to_contain_text("Sent by the store")
    owner.goto("/stores/moon/customers/?q=cora")
    cells = owner.locator("tbody tr").locator("td.num").all_inner_texts()
    assert cells[:3] == ["L$0", "L$0", "1"]


def test_what_failed_is_tried_again_from_the_list(owner):
    Delivery.objects.update(state="failed", note="the box is full")
    owner.goto("/stores/moon/deliveries/?state=failed")
    owner.locator("tbody tr").get_by_role("link", name="Paper Lamp").click()
    dialog = owner.locator("#dialog")
    expect(dialog).to_contain_text("the box is full")
    dialog.get_by_role("button", name="Try again").click()

    expect(dialog.locator(".state")).to_have_text("Queued")
    expect(dialog.get_by_role("button", name="Try again")).to_have_count(0)
    owner.keyboard.press("Escape")
    expect(owner.locator("main")).to_contain_text("No deliveries found")
    assert Delivery.objects.get().state == "queued"


@pytest.mark.parametrize("path", ["purchases", "deliveries", "payments", "loyalty/coupons"])
def test_the_lists_are_walked_by_keyboard(owner, store, path):
    make_coupon(store, "MOON-1")
    returns.take_back(purchase=Purchase.objects.get(), wish=Wish(quantity=1), by=None)
    owner.goto(f"/stores/moon/{path}/")
    expect(owner.locator("tbody tr").first).to_be_visible()

    owner.keyboard.press("j")
    owner.keyboard.press("Enter")
    expect(owner.locator("#dialog").get_by_role("heading").first).to_be_visible()
    owner.keyboard.press("Escape")
    expect(owner.locator("#dialog")).to_be_hidden()
    expect(owner.locator("tbody tr").first).to_be_focused()


def test_a_product_is_delivered_again_to_its_owners_from_a_phone(owner, store):
    lamp = Product.objects.get()
    for number in range(10):
        buyer = Person(f"resident{number}")
        checkout.buy(order=Order(store=store, product=lamp, buyer=buyer))
    Delivery.objects.update(state="delivered")
    owner.set_viewport_size({"width": 390, "height": 844})
    owner.goto("/stores/moon/deliveries/")
    owner.get_by_role("link", name="Bulk redelivery").click()
    dialog = owner.locator("#dialog")
    dialog.get_by_label("Product").fill("Paper Lamp")
    dialog.get_by_role("button", name="Preview").click()
    button = dialog.get_by_role("button", name="Redeliver to 11 customers")
    expect(dialog.get_by_role("row", name="anna.bell")).to_contain_text("Not yet")
    assert button.evaluate("button => button.scrollWidth - button.clientWidth") == 0
    button.click()

    expect(owner.locator(".toast-item")).to_contain_text("Redeliver Paper Lamp: 11 customers.")
    expect(owner.locator("tbody tr").first).to_contain_text("Bulk redelivery")
    states = Delivery.objects.order_by("pk").values_list("kind", "state")
    assert list(states) == [("sale", "delivered")] * 11 + [("bulk", "queued")] * 11
