"""What is set up once, by keyboard alone, in a real browser: tiers, products, vendors and their keys, members, settings."""

import pytest
from playwright.sync_api import Page, expect

from loyalty import ladder
from loyalty.tiers import Rung
from products.models import Product, Vendor
from sales.models import VendorKey
from stores.models import Invitation, Member, Role, Store
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_tier,
    make_user,
    make_vendor,
)
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    make_tier(store, 1_000, 5)
    make_product(store, "Moon Lamp", price=100)
    make_product(store, "Paper Lamp", price=100)
    make_vendor(store, "Night Market")
    make_member(store, Role.VIEWER, make_user("mika"))
    for number in range(1, 4):
        buy(make_customer(store, f"resident{number}"), money=number * 500)
    return store


@pytest.fixture
def tiers(owner: Page, keyboard: Keyboard) -> Page:
    """The tiers in a dialog over the list."""
    owner.goto("/stores/moon/customers/")
    keyboard.press("/")
    keyboard.follow("Loyalty discounts", within=10, back=True)
    expect(owner.locator("#dialog-title")).to_have_text("Loyalty discounts")
    return owner


def test_tiers_are_changed_and_an_error_is_mended(tiers, keyboard, store):
    page = tiers
    keyboard.push("Add New Tier", within=10)
    expect(page.get_by_label("Threshold")).to_have_count(2)
    expect(page.get_by_label("Threshold").nth(1)).to_be_focused()
    keyboard.type("1000")
    keyboard.fill("Discount", "10", within=2)
    keyboard.push("Save Changes", within=12)
    expect(page.get_by_text("There is a row with this threshold and period")).to_be_visible()
    expect(page.locator("#dialog .is-invalid").first).to_be_focused()
    keyboard.choose("Period", "Yearly", within=6)
    keyboard.push("What if", within=14)
    expect(page.locator("#effects")).to_contain_text("What if these were saved")
    keyboard.push("Save Changes", within=30)

    expect(page.locator("#toasts")).to_contain_text("The loyalty discounts were saved.")
    expect(page.get_by_role("link", name="Loyalty discounts")).to_be_focused()
    assert list(ladder.ladder_of(store).rungs) == [
        Rung(1_000, "global", 5),
        Rung(1_000, "yearly", 10),
    ]


def test_a_tier_is_removed(tiers, keyboard, store):
    page = tiers
    keyboard.push("Remove row 1", within=6)
    expect(page.get_by_label("Threshold")).to_have_value("")
    keyboard.push("Save Changes", within=14)

    expect(page.locator("#dialog")).to_be_hidden()
    assert ladder.ladder_of(store).rungs == ()


def test_a_product_is_added_and_edited(owner, keyboard, store):
    page = owner
    page.goto("/stores/moon/products/")
    keyboard.press("/")
    keyboard.follow("Add product", within=10, back=True)
    expect(page.locator("#dialog").get_by_label("Name")).to_be_focused()
    keyboard.type("Oak Chair")
    keyboard.press("Enter")
    expect(page.locator("#id_price")).to_be_focused()
    keyboard.type("90")
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Oak Chair")
    keyboard.press("/")
    keyboard.type("oak")
    expect(page.locator("tbody tr")).to_have_count(1)
    keyboard.press("ArrowDown", "Enter")
    expect(page.locator("#dialog").get_by_label("Name")).to_be_focused()
    keyboard.fill("Discount %", "10", within=8)
    keyboard.press("Enter")

    expect(page.locator("tbody tr")).to_contain_text("10 %")
    expect(page.locator("tbody tr")).to_be_focused()
    assert Product.objects.get(name="Oak Chair").discount == 10


def test_ticked_products_get_a_discount_and_give_it_back(owner, keyboard, store):
    page = owner
    page.goto("/stores/moon/products/")
    keyboard.press("j", "Tab", "Space", "j", "Tab", "Space", "/")
    expect(page.locator("#ticks")).to_contain_text("2 ticked")
    keyboard.push("Set discount", within=4)
    expect(page.get_by_label("Discount %")).to_be_focused()
    keyboard.type("15")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Update 2 products")).to_be_visible()
    keyboard.push("Update 2 products", within=8)
    expect(page.locator(".toast-item")).to_contain_text("2 products")
    assert list(Product.objects.values_list("discount", flat=True)) == [15, 15]
    keyboard.press("u", "Enter")

    expect(page.locator(".toast-item")).to_contain_text("Undo: Discount 15 %")
    assert list(Product.objects.values_list("discount", flat=True)) == [0, 0]


def test_a_vendor_is_added_and_has_a_key(owner, keyboard, store):
    page, dialog = owner, owner.locator("#dialog")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/stores/moon/vendors/")
    keyboard.press("/")
    keyboard.follow("Add vendor", within=8, back=True)
    expect(page.locator("#dialog").get_by_label("Name")).to_be_focused()
    keyboard.type("Sea Side")
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Sea Side")
    keyboard.press("/")
    keyboard.type("sea")
    expect(page.locator("tbody tr")).to_have_count(1)
    keyboard.press("ArrowDown", "Enter")
    expect(page.locator("#dialog-title")).to_have_text("Sea Side")
    keyboard.follow("Key", within=6, back=True)
    expect(dialog.get_by_role("button", name="Make a key")).to_be_visible()
    keyboard.push("Make a key", within=6)
    expect(dialog.get_by_role("button", name="Copy")).to_be_focused()
    keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Copied")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == dialog.locator("code").first.text_content()
    keyboard.press("Escape")
    expect(page.locator("tbody tr")).to_be_focused()
    assert VendorKey.objects.filter(revoked_at=None).count() == 1

    keyboard.press("Enter")
    expect(page.locator("#dialog-title")).to_have_text("Sea Side")
    keyboard.follow("Key", within=6, back=True)
    expect(dialog.get_by_role("link", name="Revoke without another")).to_be_visible()
    keyboard.follow("Revoke without another", within=6)
    expect(dialog.get_by_role("button", name="Revoke")).to_be_visible()
    keyboard.push("Revoke", within=3)
    expect(page.locator("#toasts")).to_contain_text("revoked")
    assert VendorKey.objects.filter(revoked_at=None).count() == 0
    assert Vendor.objects.count() == 2


def test_one_is_invited_and_a_role_changed(owner, keyboard, store):
    page, dialog = owner, owner.locator("#dialog")
    page.goto("/stores/moon/members/")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Invite", within=3)
    expect(page.get_by_label("Role")).to_be_focused()
    page.keyboard.type("Clerk")
    keyboard.fill("For whom", "Mika, for the weekends", within=2)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Open invitations")).to_be_visible()
    assert Invitation.objects.get().role == Role.CLERK
    keyboard.press("Escape")

    keyboard.follow("mika", within=6)
    expect(page.locator("#dialog-title")).to_contain_text("mika")
    keyboard.choose("Role", "Manager", within=3)
    keyboard.push("Save", within=4)
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="mika")).to_be_focused()
    assert Member.objects.get(user__username="mika").role == Role.MANAGER
    keyboard.push("Copy link", within=4)
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    keyboard.follow("Revoke", within=1)
    keyboard.push("Revoke", within=3)

    expect(page.get_by_role("heading", name="Open invitations")).to_have_count(0)
    expect(page.locator("#results")).to_be_focused()


def test_settings_are_saved(owner, keyboard, store):
    page = owner
    page.goto("/stores/moon/settings/")
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("Name", "Sun Shop", within=3)
    keyboard.press("Enter")
    expect(page.locator(".toast-item")).to_be_visible()
    assert Store.objects.get().name == "Sun Shop"
    keyboard.follow("Skip to content", within=1)
    keyboard.fill("Purchase bonus %", "101", within=20)
    keyboard.press("Enter")
    expect(page.locator(".is-invalid")).to_be_focused()
    keyboard.type("5")
    keyboard.press("Enter")

    expect(page.locator(".is-invalid")).to_have_count(0)
    expect(page.get_by_label("Purchase bonus %")).to_have_value("5")
