"""From one profile to the next without going back to the list, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import faults
from tests.browser.visits import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def heading(page: Page):
    return page.locator("#dialog-title")


def test_links_and_keys_lead_on_and_the_focus_stays_inside(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    expect(heading(page)).to_have_text("resident29")
    expect(page.locator("#beside-before")).to_have_attribute("aria-disabled", "true")

    page.get_by_role("link", name="Next customer").click()
    expect(heading(page)).to_have_text("resident28")
    expect(page.locator("#beside-after")).to_be_focused()
    page.keyboard.press("]")
    expect(heading(page)).to_have_text("resident27")
    page.keyboard.press("[")
    expect(heading(page)).to_have_text("resident28")
    page.locator("#beside-before").click()

    expect(heading(page)).to_have_text("resident29")
    assert page.evaluate("document.querySelector('#dialog').contains(document.activeElement)")
    assert "/customers/" in page.evaluate("location.hash")
    page.reload()
    expect(heading(page)).to_have_text("resident29")
    expect(page.locator("#beside-after")).to_have_attribute("href", re.compile("sort=-spent"))


def test_changes_are_asked_about_and_keys_are_typed_into_fields(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    page.get_by_label("Note").fill("kept")
    page.get_by_label("Note").press("]")
    expect(page.get_by_label("Note")).to_have_value("kept]")

    page.locator("#beside-after").click()
    page.get_by_role("button", name="Keep editing").click()
    expect(heading(page)).to_have_text("resident29")
    expect(page.get_by_label("Note")).to_have_value("kept]")
    page.locator("#beside-after").click()
    page.get_by_role("button", name="Discard changes").click()

    expect(heading(page)).to_have_text("resident28")


def test_the_profile_as_a_page_leads_on_too(visitor, live_server, store):
    sign_in(visitor, live_server, store)
    visitor.goto("/stores/moon/customers/?spent_more=100")
    href = visitor.locator("tbody tr").first.get_attribute("data-href")
    visitor.goto(href)
    visitor.keyboard.press("]")

    expect(visitor.locator("h1")).to_have_text("resident28")
    assert faults(visitor) == []
    visitor.get_by_role("link", name="All customers").click()
    expect(visitor.locator("tbody tr")).to_have_count(19)
