"""A person keeps a list as they want to find it: a view, fewer columns, closer rows."""

import re

import pytest
from playwright.sync_api import Page, expect

from stores.models import Member
from tests.browser.test_screens import faults
from tests.browser.visits import sign_in
from tests.factories import make_view

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/stores/moon/customers/"


def dialog(page: Page):
    return page.locator("#dialog")


def save_view(page: Page, name: str) -> None:
    page.get_by_role("link", name="Save view").click()
    dialog(page).get_by_label("Name").fill(name)
    dialog(page).get_by_role("button", name="Save view").click()
    expect(page.locator("#views [aria-current]")).to_have_text(name)


def test_a_view_is_saved_found_again_and_changed(page, live_server, store):
    sign_in(page, live_server, store)
    page.goto(f"{URL}?spent_more=100&sort=credit")
    page.evaluate("window.stayed = true")

    save_view(page, "Big spenders")
    expect(page.locator(".toast-item")).to_contain_text("“Big spenders” was saved.")
    expect(page).to_have_title("Big spenders · Customers · Moon Shop")
    assert page.evaluate("window.stayed") is True

    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("#count")).to_have_text("30 customers")
    expect(page).to_have_title("Customers · Moon Shop")
    page.reload()
    page.get_by_role("link", name="Big spenders").click()
    expect(page.locator("#count")).to_have_text("19 customers")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Credit")

    page.get_by_role("link", name="Columns").click()
    dialog(page).get_by_label("Owns", exact=True).uncheck()
    dialog(page).get_by_label("Compact").check()
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Owns")).to_have_count(0)
    expect(page.locator("#results")).to_have_class("dense")
    page.get_by_role("link", name="Save changes").click()
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("link", name="Save changes")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("columnheader", name="Owns")).to_have_count(0)

    page.get_by_role("link", name="Edit view").click()
    dialog(page).get_by_label("Name").fill("Rich")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.locator("#views [aria-current]")).to_have_text("Rich")
    page.get_by_role("link", name="Edit view").click()
    dialog(page).get_by_role("link", name="Delete view").click()
    dialog(page).get_by_role("button", name="Delete view").click()
    expect(page.locator("#views a")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{URL}$"))
    expect(page.get_by_role("columnheader", name="Owns")).to_have_count(1)
    expect(page.locator("#results")).to_have_class("dense")


def test_columns_of_ones_own_are_still_chosen_after_a_reload(page, live_server, store):
    sign_in(page, live_server, store)
    page.goto(URL)

    page.get_by_role("link", name="Columns").focus()
    page.keyboard.press("Enter")
    dialog(page).get_by_label("Discount").uncheck()
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Discount")).to_have_count(0)
    expect(page.locator("#columns")).to_be_focused()
    page.reload()

    expect(page.locator("tbody tr")).to_have_count(30)
    expect(page.get_by_role("columnheader", name="Discount")).to_have_count(0)


def test_a_search_within_a_view_offers_to_keep_it(page, live_server, store):
    sign_in(page, live_server, store)
    page.goto(f"{URL}?sort=owns")
    save_view(page, "Owners")

    page.locator("#q").fill("resident1")

    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#views [aria-current]")).to_have_text("Owners")
    page.get_by_role("link", name="Discard").click()
    expect(page.locator("tbody tr")).to_have_count(30)
    expect(page.get_by_role("link", name="Discard")).to_have_count(0)


def test_views_and_their_dialogs_fit_every_screen(visitor, live_server, store):
    sign_in(visitor, live_server, store)
    member = Member.objects.get(store=store)
    for number in range(12):
        make_view(member, f"A view with a name that is long {number}")
    make_view(member, "ليلى حسن", shared=True)
    last = make_view(member, "Last", query="spent_more=100&sort=-spent&columns=customer.spent")
    visitor.goto(f"{URL}?{last.query}&sort=owns&view={last.pk}")
    bad = {"the list": faults(visitor)}

    for name in ("Columns", "Save as new", "Save changes", "Edit view"):
        visitor.get_by_role("link", name=name, exact=True).click()
        expect(dialog(visitor)).to_be_visible()
        bad[name] = faults(visitor)
        visitor.keyboard.press("Escape")
        expect(dialog(visitor)).not_to_be_visible()
    visitor.set_viewport_size({"width": 390, "height": 844})
    visitor.reload()

    assert {what: found for what, found in bad.items() if found} == {}
    expect(visitor.locator(f"#view-{last.pk}")).to_be_in_viewport(ratio=1)
