"""Ctrl-K in a real browser: pages and customers by a few letters, with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import faults
from tests.browser.visits import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def opened(page: Page, keys: str = "Control+k"):
    page.keyboard.press(keys)
    dialog = page.locator("#go")
    expect(dialog.get_by_label("Page or customer")).to_be_focused()
    return dialog


def test_a_page_of_the_menu_is_found_while_typing(customers_page):
    page = customers_page
    dialog = opened(page)
    expect(dialog.get_by_role("link", name="Dashboard")).to_be_visible()
    page.keyboard.type("bulk")

    expect(dialog.locator("#go-pages li:visible")).to_have_text(["Bulk changes"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/stores/moon/batches/$"))


def test_a_customer_is_found_by_the_server(customers_page):
    page = customers_page
    page.locator("#q").focus()
    dialog = opened(page, "Meta+k")
    page.keyboard.type("resident1")
    expect(dialog.locator("#go-people a")).to_have_count(8)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("link", name="resident18")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("resident18")


def test_enter_waits_for_the_answer_to_what_was_typed(customers_page):
    page = customers_page
    dialog = opened(page)
    page.keyboard.type("resident1")
    expect(dialog.locator("#go-people a")).to_have_count(8)
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("resident12")


def test_escape_closes_it_and_it_opens_empty_again(customers_page):
    page = customers_page
    page.locator("#q").focus()
    dialog = opened(page)
    page.keyboard.type("nobody at all")
    expect(dialog).to_contain_text("No customer found.")
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(25)
    dialog = opened(page)
    expect(dialog.get_by_label("Page or customer")).to_have_value("")
    expect(dialog.get_by_role("link", name="Dashboard")).to_be_visible()
    expect(dialog.locator("#go-people a")).to_have_count(0)


def test_it_opens_over_a_profile_from_the_menu_and_fits_every_screen(
    visitor,
    live_server,
    store,
):
    sign_in(visitor, live_server, store)
    visitor.goto("/stores/moon/customers/")
    visitor.locator(".user summary").click()
    visitor.get_by_role("button", name="Go to").click()
    dialog = visitor.locator("#go")
    visitor.keyboard.type("resident2")

    expect(dialog.locator("#go-people a")).to_have_count(8)
    assert faults(visitor) == []
    visitor.keyboard.press("Escape")
    visitor.locator("tbody tr").first.locator("td.num").first.click()
    expect(visitor.locator("#dialog-title")).to_have_text("resident29")
    opened(visitor)
    visitor.keyboard.press("Escape")
    expect(visitor.locator("#dialog-title")).to_have_text("resident29")
