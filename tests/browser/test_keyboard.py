"""By keyboard alone, in a real browser: sign in, get to any page, to help, to the theme of one's choice, and out."""

import re

import pytest
from playwright.sync_api import Page, expect

from storeadmin.menu import ITEMS
from tests.factories import PASSWORD, make_customer, make_member, make_store
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [str(item["label"]) for item in ITEMS]


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    for number in range(3):
        make_customer(store, f"resident{number}")
    return store


@pytest.fixture
def owner(owner: Page) -> Page:
    owner.goto("/stores/moon/customers/")
    return owner


def test_one_signs_in_and_out(page, keyboard: Keyboard, store):
    user = make_member(store).user
    page.goto("/")
    keyboard.fill("Username or e-mail", user.username, within=3)
    keyboard.fill("Password", "wrong", within=2)
    keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    keyboard.fill("Username or e-mail", user.username, within=5)
    keyboard.fill("Password", PASSWORD, within=2)
    keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    keyboard.to(page.locator(".user summary"), within=18)
    keyboard.press("Enter")
    keyboard.push("Sign out", within=8)
    expect(page.get_by_label("Username or e-mail")).to_be_visible()


def test_the_menu_leads_to_every_page(owner, keyboard):
    for name in PAGES:
        keyboard.follow(name, within=16)
        expect(owner.locator(".main-menu [aria-current]")).to_have_text(name)


def test_the_content_is_reached_past_the_menu(owner, keyboard):
    keyboard.follow("Skip to content", within=1)

    keyboard.to_role("link", "Help", within=1)
    keyboard.press("Enter")
    expect(owner.get_by_role("heading", name="Customers", level=1)).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("All topics", within=2)
    expect(owner.get_by_role("heading", name="Help", level=1)).to_be_visible()


def test_the_keys_are_listed_and_lead_to_help(owner, keyboard):
    keyboard.press("?")
    expect(owner.locator("#keys")).to_contain_text("Go to a page or a customer")
    keyboard.press("Escape")
    expect(owner.locator("#keys")).to_be_hidden()
    keyboard.press("?")
    keyboard.follow("Help", within=2)

    expect(owner.get_by_role("heading", name="Customers", level=1)).to_be_visible()


def test_any_page_is_a_few_letters_away(owner, keyboard):
    for name in PAGES:
        keyboard.press("Control+k")
        expect(owner.get_by_label("Page or customer")).to_be_focused()
        keyboard.type(name)
        keyboard.press("Enter")
        expect(owner.locator(".main-menu [aria-current]")).to_have_text(name)
    keyboard.press("Control+k")
    keyboard.type("resident2")
    expect(owner.locator("#go-people a")).to_contain_text("resident2")
    keyboard.to(owner.locator("#go-people a"), within=1)
    keyboard.press("Enter")

    expect(owner.get_by_role("heading", name="resident2")).to_be_visible()


def test_a_theme_is_chosen_and_the_menu_closed(owner, keyboard):
    menu = owner.locator(".user")
    keyboard.to(menu.locator("summary"), within=18)
    keyboard.press("Enter")
    keyboard.push("Dark", within=2)
    expect(owner.locator("html")).to_have_attribute("data-bs-theme", "dark")
    keyboard.push("Light", within=1, back=True)
    expect(owner.locator("html")).to_have_attribute("data-bs-theme", "light")
    keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    keyboard.press("Enter")
    keyboard.push("Keyboard shortcuts", within=5)
    expect(owner.locator("#keys")).to_be_visible()
    keyboard.press("Escape")
    keyboard.press("Escape")
    keyboard.press("Enter")
    keyboard.to_role("link", "Help", within=15)
    expect(menu).not_to_have_attribute("open", "")


def test_the_store_is_switched(page, keyboard, live_server, store):
    user = make_member(store).user
    make_member(make_store("sun", name="Sun Shop"), user=user)
    page.goto("/")
    keyboard.fill("Username or e-mail", user.username, within=3)
    keyboard.fill("Password", PASSWORD, within=2)
    keyboard.press("Enter")
    expect(page.locator(".switcher")).to_be_visible()
    here = re.search("moon|sun", page.url)
    assert here
    there = {"moon": "Sun Shop", "sun": "Moon Shop"}[here.group()]
    keyboard.to(page.locator(".switcher summary"), within=2)
    keyboard.press("Enter")
    keyboard.follow(there, within=2)

    expect(page.locator(".switcher summary")).to_contain_text(there)
