"""A list by keyboard alone, in a real browser: search, sort, filter, page, tick, change in bulk, keep as a view."""

import re

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from stores.models import SavedView
from tests.browser.test_customers import names
from tests.factories import balances
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(customers_page: Page) -> Page:
    return customers_page


def credits_of(store) -> dict[str, int]:
    rows = Customer.objects.filter(store=store)
    return {customer.username: balances(customer)[0] for customer in rows}


def test_a_search_leads_to_its_rows(owner, keyboard: Keyboard):
    keyboard.press("/")
    keyboard.type("resident1")
    expect(owner.locator("tbody tr")).to_have_count(10)
    keyboard.press("ArrowDown", "ArrowDown", "k", "j", "Enter")
    expect(owner.locator("#dialog-title")).to_have_text("resident18")
    keyboard.press("Escape")

    expect(owner.locator("tbody tr", has_text="resident18")).to_be_focused()


def test_a_column_sorts_and_keeps_the_focus(owner, keyboard):
    keyboard.press("/")
    keyboard.follow("Credit", within=20)
    expect(owner.locator("th[aria-sort=descending]")).to_contain_text("Credit")
    expect(owner.get_by_role("link", name="Credit", exact=True)).to_be_focused()
    keyboard.press("Enter")

    expect(owner.locator("th[aria-sort=ascending]")).to_contain_text("Credit")
    expect(owner.get_by_role("link", name="Credit", exact=True)).to_be_focused()


def test_a_hint_is_read_and_put_away(owner, keyboard):
    hint = owner.locator("th .hint").first
    keyboard.press("/")
    keyboard.to(hint, within=12)
    expect(owner.locator("#tip")).to_be_visible()
    keyboard.press("Escape")

    expect(owner.locator("#tip")).to_be_hidden()
    expect(hint).to_be_focused()


def test_a_filter_is_set_and_taken_off(owner, keyboard):
    panel = owner.locator(".filters")
    keyboard.press("/")
    keyboard.to(panel.locator("summary"), within=1)
    keyboard.press("Enter")
    keyboard.fill("Spent more than", "270", within=12)
    keyboard.push("Apply", within=50)
    expect(owner.locator("tbody tr")).to_have_count(2)
    expect(panel).not_to_have_attribute("open", "")
    expect(panel.locator("summary")).to_be_focused()
    keyboard.follow("Spent more than L$270 Remove", within=2)
    expect(owner.locator("tbody tr")).to_have_count(25)

    expect(owner.locator("#results")).to_be_focused()
    keyboard.to(panel.locator("summary"), within=2, back=True)


def test_enter_in_a_filter_applies_it_and_escape_puts_the_panel_away(owner, keyboard):
    panel = owner.locator(".filters")
    keyboard.press("/")
    keyboard.to(panel.locator("summary"), within=1)
    keyboard.press("Enter")
    keyboard.fill("Spent more than", "270", within=12)
    keyboard.press("Enter")
    expect(owner.locator("tbody tr")).to_have_count(2)
    expect(panel.locator("summary")).to_be_focused()
    keyboard.press("Enter", "Tab", "Escape")

    expect(panel).not_to_have_attribute("open", "")
    expect(panel.locator("summary")).to_be_focused()


def test_a_panel_that_is_left_covers_nothing(owner, keyboard):
    keyboard.press("/")
    keyboard.to(owner.locator(".filters summary"), within=1)
    keyboard.press("Enter")
    keyboard.to_role("link", "Columns", within=60)

    expect(owner.locator(".filters")).not_to_have_attribute("open", "")


def test_keys_turn_the_pages(owner, keyboard):
    keyboard.press("]")
    expect(owner.locator("tbody tr")).to_have_count(5)
    keyboard.press("j", "[")
    expect(owner.locator("tbody tr")).to_have_count(25)
    expect(owner.locator("#results")).to_be_focused()
    keyboard.press("j", "]")

    expect(owner.locator("tbody tr")).to_have_count(5)


def test_pages_are_turned(owner, keyboard):
    keyboard.press("/")
    keyboard.to(owner.locator("#page-next"), within=100)
    keyboard.press("Enter")
    expect(owner.locator("tbody tr")).to_have_count(5)
    expect(owner.locator("#results")).to_be_focused()
    keyboard.to(owner.locator("#page-previous"), within=40)
    keyboard.press("Enter")

    expect(owner.locator("tbody tr")).to_have_count(25)


def test_rows_are_ticked_changed_in_bulk_and_given_back(owner, keyboard, store):
    before = credits_of(store)
    keyboard.press("j", "j")
    keyboard.tick("Tick resident28", within=1)
    expect(owner.locator("#ticks")).to_contain_text("1 ticked")
    keyboard.press("j", "j", "j")
    keyboard.to_role("checkbox", "Tick resident25", within=1)
    keyboard.press("Shift+Space")
    expect(owner.locator("#ticks")).to_contain_text("4 ticked")
    keyboard.push("Change credit", within=40, back=True)
    expect(owner.get_by_label("Ticked (4)")).to_be_checked()
    expect(owner.get_by_label("Credits change", exact=True)).to_be_focused()
    keyboard.type("7")
    keyboard.choose("Reason", "Goodwill", within=3)
    keyboard.push("Preview", within=15)
    expect(owner.get_by_role("button", name="Update 4 customers")).to_be_visible()
    keyboard.push("Update 4 customers", within=10)

    expect(owner.locator(".toast-item")).to_contain_text("Credit +L$7: 4 customers.")
    assert sum(credits_of(store).values()) == sum(before.values()) + 28
    keyboard.press("u")
    expect(owner.get_by_role("button", name="Undo")).to_be_focused()
    keyboard.press("Enter")
    expect(owner.locator(".toast-item")).to_contain_text("Undo: Credit +L$7: 4 customers.")
    expect(owner.locator("#results")).to_be_focused()
    assert credits_of(store) == before


def test_a_page_of_ticks_becomes_all_and_none(owner, keyboard):
    keyboard.press("/")
    keyboard.tick("Tick this page", within=8)
    expect(owner.locator("#ticks")).to_contain_text("25 ticked")
    keyboard.push("Select all 30", within=5, back=True)
    expect(owner.locator("#ticks")).to_contain_text("30 ticked")
    keyboard.push("Clear", within=2)

    expect(owner.locator("#ticks")).to_be_hidden()
    expect(owner.locator("#results")).to_be_focused()


def test_a_view_is_kept_changed_and_left(owner, keyboard):
    dialog = owner.locator("#dialog")
    keyboard.press("/")
    keyboard.follow("Credit", within=20)
    expect(owner.locator("th[aria-sort]")).to_contain_text("Credit")
    keyboard.follow("Save view", within=20, back=True)
    expect(dialog.get_by_label("Name")).to_be_focused()
    keyboard.type("By credit")
    keyboard.press("Enter")
    expect(owner.locator("#views [aria-current]")).to_have_text("By credit")
    assert SavedView.objects.get().name == "By credit"

    keyboard.press("/")
    keyboard.follow("Columns", within=3)
    keyboard.tick("Owns", within=15)
    keyboard.to_role("radio", "Comfortable", within=15)
    keyboard.press("ArrowDown")
    expect(owner.get_by_label("Compact")).to_be_checked()
    keyboard.press("Enter")
    expect(owner.get_by_role("columnheader", name="Owns")).to_have_count(0)
    expect(owner.locator("#results")).to_have_class("dense")
    expect(owner.locator("#columns")).to_be_focused()
    keyboard.follow("Discard", within=4)

    expect(owner.get_by_role("columnheader", name="Owns")).to_have_count(1)
    expect(owner).to_have_url(re.compile("view="))
    keyboard.press("/")
    keyboard.follow("All", within=6, back=True)
    expect(owner.locator("#views [aria-current]")).to_have_text("All")
    assert names(owner)[0].endswith("resident29")
