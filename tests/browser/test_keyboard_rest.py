"""What is done now and then, by keyboard alone, in a real browser: archive, prices, coupons, shelves, books, joining."""

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from loyalty.models import Coupon
from products.models import Category, VendorGroup
from stores import members
from stores.models import Member
from tests.factories import (
    PASSWORD,
    make_category,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_user,
    make_vendor,
)
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    make_product(
        store, "Paper Lamp", price=100, discount=10, category=make_category(store, "Lamps")
    )
    make_vendor(store, "Night Market", discount=5)
    make_customer(store, "anna.bell")
    make_customer(store, "bert.low")
    return store


def begin(page: Page, keyboard: Keyboard, path: str, deed: str, *, field: str) -> None:
    """Open the dialog of a deed from the top of a page; its first field has the focus."""
    page.goto(f"/stores/moon/{path}")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow(deed, within=6)
    expect(page.locator("#dialog").get_by_label(field)).to_be_focused()


def test_a_customer_is_archived_and_listed_again(owner, keyboard: Keyboard):
    page = owner
    page.goto("/stores/moon/customers/?q=anna")
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog-title")).to_have_text("anna.bell")
    keyboard.follow("Archive", within=8)
    keyboard.push("Archive", within=4)
    expect(page.locator("#toasts")).to_contain_text("anna.bell was archived.")
    expect(page.locator("main")).to_contain_text("No customers found")
    assert Customer.objects.get(username="anna.bell").archived_at is not None

    page.goto("/stores/moon/customers/archived/")
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog-title")).to_have_text("anna.bell")
    keyboard.follow("List again", within=8)
    keyboard.push("List again", within=4)
    expect(page.locator("#toasts")).to_contain_text("anna.bell")
    assert Customer.objects.get(username="anna.bell").archived_at is None


def test_a_name_is_corrected(owner, keyboard):
    page = owner
    page.goto("/stores/moon/customers/?q=anna")
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog-title")).to_have_text("anna.bell")
    keyboard.follow("Correct the name", within=8)
    expect(page.locator("#dialog").get_by_label("Username")).to_be_focused()
    keyboard.type("anna.belle")
    keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("anna.belle")
    assert Customer.objects.filter(username="anna.belle").exists()


def test_a_price_is_asked_for(owner, keyboard):
    page = owner
    page.goto("/stores/moon/loyalty/quote/")
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("Product", "Paper Lamp", within=3)
    keyboard.fill("Vendor", "Night Market", within=8)
    keyboard.press("Enter")

    expect(page.locator(".staircase")).to_contain_text("L$86")


def test_a_coupon_is_added_and_found_again(owner, keyboard):
    page, dialog = owner, owner.locator("#dialog")
    begin(owner, keyboard, "loyalty/coupons/", "Add coupon", field="Code")
    keyboard.type("NICOLE")
    keyboard.press("Enter")
    expect(dialog.get_by_label("Owner", exact=False).first).to_be_focused()
    keyboard.type("anna.bell")
    keyboard.fill("Owner's commission", "10", within=3)
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("NICOLE")
    keyboard.press("Escape")
    assert Coupon.objects.get().commission == 10

    page.goto("/stores/moon/loyalty/coupons/")
    keyboard.press("j", "Enter")
    expect(dialog.get_by_label("Code")).to_be_focused()
    keyboard.tick("Active", within=25)
    keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("tbody tr")).to_be_focused()
    assert Coupon.objects.get().active is False


def test_a_category_and_a_group_are_added(owner, keyboard):
    page = owner
    begin(owner, keyboard, "products/categories/", "Add category", field="Name")
    keyboard.type("Chairs")
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Chairs")
    assert Category.objects.filter(name="Chairs").exists()

    begin(owner, keyboard, "vendors/groups/", "Add vendor group", field="Name")
    keyboard.type("Streets")
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Streets")
    assert VendorGroup.objects.get().name == "Streets"


def test_a_category_sets_the_discount_of_its_products(owner, keyboard):
    page = owner
    page.goto("/stores/moon/products/categories/")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Lamps", within=12)
    expect(page.locator("#dialog-title")).to_have_text("Lamps")
    keyboard.follow("Set discount", within=8, back=True)
    expect(page.get_by_label("Discount %")).to_be_focused()
    keyboard.type("15")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Update 1 product")).to_be_visible()
    keyboard.push("Update 1 product", within=8)

    expect(page.locator("#toasts")).to_contain_text("1 product")
    expect(page.get_by_role("link", name="Lamps")).to_be_focused()


def test_the_books_are_looked_at_and_checked(owner, keyboard):
    page = owner
    page.goto("/stores/moon/books/")
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("At the end of", "01012026", within=3)
    keyboard.push("Show", within=6)
    expect(page.get_by_role("columnheader", name="Credit, 1 Jan 2026", exact=True)).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Check now", within=20)

    expect(page.locator("main")).to_contain_text("Drift 0")


def test_the_invited_join_and_change_their_password(page, keyboard, store):
    user = make_user("mika")
    invitation = members.invite(store=store, role="clerk", by=make_member(store).user)
    page.goto(f"/invitations/{members.token(invitation)}/")
    keyboard.follow("Sign in", within=4)
    keyboard.fill("Username or e-mail", "mika", within=4)
    keyboard.fill("Password", PASSWORD, within=2)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Join Moon Shop")).to_be_visible()
    keyboard.push("Join", within=4)
    expect(page.locator(".toast-item")).to_contain_text("Welcome to Moon Shop.")
    assert Member.objects.get(user=user).role == "clerk"

    keyboard.to(page.locator(".user summary"), within=18)
    keyboard.press("Enter")
    keyboard.follow("Change password", within=8)
    expect(page.get_by_role("heading", name="Change password")).to_be_visible()
    keyboard.fill("Current Password", PASSWORD, within=4)
    keyboard.fill("New Password", "many lamps, one moon", within=2)
    keyboard.fill("New Password (again)", "many lamps, one moon", within=2)
    keyboard.press("Enter")
    expect(page.locator(".toast-item")).to_be_visible()
    user.refresh_from_db()
    assert user.check_password("many lamps, one moon")
