"""What was sold, by keyboard alone, in a real browser: purchases, deliveries, payments, long changes, the dashboard."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from customers.models import Purchase
from sales.models import Delivery, Payout, Return
from stores import batches
from stores.models import Batch, State
from tests.browser.visits import one_sale
from tests.changes import chunks_of, ended
from tests.factories import make_customer
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return one_sale()


def inside(page: Page) -> bool:
    """Whether the focus is in the dialog."""
    return page.evaluate("document.querySelector('#dialog').contains(document.activeElement)")


def test_a_purchase_is_delivered_again_and_returned(owner, keyboard: Keyboard):
    page, dialog = owner, owner.locator("#dialog")
    page.goto("/stores/moon/purchases/")
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog-title")).to_contain_text("Paper Lamp")
    keyboard.push("Redeliver", within=20)
    expect(page.locator("#toasts")).to_contain_text("Paper Lamp")
    expect(dialog.get_by_role("button", name="Redeliver")).to_be_focused()
    assert Delivery.objects.count() == 2

    keyboard.follow("Return", within=2)
    expect(dialog.get_by_label("How many")).to_be_focused()
    keyboard.type("1")
    expect(page.locator("#return-preview")).to_contain_text("L$100 is owed to anna.bell")
    keyboard.to_role("radio", "Money", within=3)
    keyboard.press("ArrowDown")
    expect(page.locator("#return-preview")).to_contain_text("L$100 is given to anna.bell")
    keyboard.push("Return", within=6)
    expect(page.locator("#toasts")).to_contain_text("L$100 store credit was given")
    expect(dialog.get_by_role("heading", name="Returns")).to_be_visible()
    assert inside(page)
    keyboard.press("Escape")

    expect(page.locator("#results tr:focus")).to_contain_text("Paper Lamp")
    assert Return.objects.get().given == 100


def test_a_delivery_that_failed_is_tried_again(owner, keyboard):
    page, dialog = owner, owner.locator("#dialog")
    Delivery.objects.update(state="failed", note="the box is full")
    page.goto("/stores/moon/deliveries/")
    keyboard.press("j", "Enter")
    expect(dialog).to_contain_text("the box is full")
    keyboard.push("Try again", within=8)
    expect(dialog.locator(".state")).to_have_text("Queued")
    assert inside(page)
    keyboard.press("Escape")

    expect(page.locator("tbody tr")).to_be_focused()


def test_a_product_is_sent(owner, keyboard):
    page = owner
    page.goto("/stores/moon/deliveries/")
    keyboard.press("/")
    keyboard.follow("Send a product", within=8, back=True)
    expect(page.locator("#dialog").get_by_label("Product")).to_be_focused()
    keyboard.type("Paper Lamp")
    keyboard.fill("To", "Cora Dell", within=2)
    keyboard.push("Send", within=6)

    expect(page.locator("#toasts")).to_contain_text("Paper Lamp is on its way to cora.dell.")
    expect(page.locator("#dialog").get_by_role("heading", name="Paper Lamp")).to_be_visible()
    assert inside(page)


def test_a_payment_is_marked_as_paid(owner, keyboard):
    page = owner
    keyboard_return(page, keyboard)
    page.goto("/stores/moon/payments/")
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog")).to_contain_text("anna.bell")
    keyboard.follow("Mark as paid", within=8)
    expect(page.locator("#dialog").get_by_role("button", name="Mark as paid")).to_be_visible()
    keyboard.push("Mark as paid", within=6)

    expect(page.locator("#toasts")).to_contain_text("paid")
    assert Payout.objects.get().state == "paid"


def keyboard_return(page: Page, keyboard: Keyboard) -> None:
    """Money is owed for one lamp."""
    page.goto(f"/stores/moon/purchases/{Purchase.objects.get().pk}/return/")
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("How many", "1", within=3)
    keyboard.press("Enter")
    expect(page.locator(".toast-item")).to_be_visible()


def test_a_long_change_is_watched_stopped_and_undone(owner, keyboard, store, monkeypatch):
    chunks_of(monkeypatch, 4)
    for number in range(10):
        make_customer(store, f"resident{number}")
    page, dialog = owner, owner.locator("#dialog")
    page.goto("/stores/moon/customers/")
    keyboard.press("/")
    keyboard.follow("Bulk credit", within=8, back=True)
    expect(page.get_by_label("Credits change", exact=True)).to_be_focused()
    keyboard.type("1")
    keyboard.choose("Reason", "Goodwill", within=3)
    keyboard.push("Preview", within=12)
    expect(dialog.locator("progress")).to_be_visible()
    assert inside(page)
    ended(Batch.objects.get())
    expect(dialog.get_by_role("button", name="Update 11 customers")).to_be_visible()
    keyboard.push("Update 11 customers", within=20)
    expect(dialog).to_contain_text("0 of 11 customers, 0 %")

    keyboard.to_role("button", "Stop", within=4)
    batches.run(Batch.objects.get().pk, seconds=0)
    expect(dialog).to_contain_text("4 of 11 customers")
    expect(dialog.get_by_role("button", name="Stop")).to_be_focused()
    keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Undo this change")).to_be_visible()
    assert inside(page)
    assert Batch.objects.get().state == State.CANCELLED
    keyboard.push("Undo this change", within=20)

    expect(page.locator(".toast-item")).to_contain_text("Undo: Credit +L$1: 4 customers.")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Bulk credit")).to_be_focused()


def test_a_change_is_found_again_and_undone(owner, keyboard, store):
    page = owner
    page.goto("/stores/moon/customers/credit/")
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("Credits change", "5", within=3)
    keyboard.choose("Reason", "Goodwill", within=3)
    keyboard.push("Preview", within=12)
    expect(page.get_by_role("button", name="Update 1 customer")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Update 1 customer", within=12)
    expect(page.locator(".toast-item")).to_be_visible()
    page.goto("/stores/moon/batches/")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Undo", within=12)
    expect(page.locator("#dialog").get_by_role("button", name="Undo")).to_be_visible()
    keyboard.push("Undo", within=4)

    expect(page.locator("#toasts, #dialog")).to_contain_text(["Undo: Credit +L$5"])
    assert Batch.objects.filter(undoes__isnull=False, state=State.DONE).count() == 1


def test_the_days_of_the_dashboard_are_chosen_and_a_bar_leads_to_its_rows(owner, keyboard, store):
    page = owner
    page.goto("/stores/moon/dashboard/")
    keyboard.follow("Skip to content", within=1)
    keyboard.choose("Period", "Last 90 days", within=3)
    keyboard.push("Show", within=10)
    expect(page.get_by_label("Period")).to_have_value("90")
    long_ago = store.today() - dt.timedelta(days=41)
    keyboard.follow("Skip to content", within=1)
    keyboard.to(page.locator("#id_first"), within=4)
    page.keyboard.type(f"{long_ago:%m%d%Y}")
    expect(page.get_by_label("Period")).to_have_value("days")
    keyboard.push("Show", within=10)
    expect(page.locator(".figures").first).to_contain_text("L$300")

    keyboard.follow("Skip to content", within=1)
    keyboard.follow(f"{store.today():%b %y}: L$300 in 1 purchase", within=30)
    expect(page.get_by_role("heading", name="Purchases")).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(1)
