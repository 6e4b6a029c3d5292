"""What an owner does with the loyalty discounts, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from loyalty import ladder
from loyalty.tiers import Rung
from tests.browser.visits import sign_in
from tests.factories import buy, make_customer, make_product, make_store, make_tier, make_vendor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    make_tier(store, 1_000, 5)
    make_product(store, "Paper Lamp", price=100, discount=10)
    make_vendor(store, "Night Market", discount=5)
    for number in range(1, 8):
        buy(make_customer(store, f"resident{number:02}"), money=number * 500)
    return store


@pytest.fixture
def editor(page: Page, live_server, store) -> Page:
    sign_in(page, live_server, store)
    page.goto("/stores/moon/customers/")
    page.locator(".actions").get_by_role("link", name="Loyalty discounts").click()
    expect(page.get_by_role("heading", name="Loyalty discounts")).to_be_visible()
    return page


def fill_row(page: Page, number: int, threshold: str, discount: str) -> None:
    page.get_by_label("Threshold").nth(number).fill(threshold)
    page.locator(f"#id_tiers-{number}-discount").fill(discount)


def test_tiers_are_edited_with_errors_then_saved(editor, store):
    editor.get_by_role("button", name="Add New Tier").click()
    expect(editor.get_by_label("Threshold")).to_have_count(2)
    fill_row(editor, 1, "1000", "10")
    editor.get_by_role("button", name="Save Changes").last.click()

    expect(editor.get_by_text("There is a row with this threshold and period")).to_be_visible()
    editor.get_by_label("Period").nth(1).select_option("yearly")
    editor.get_by_role("button", name="Save Changes").last.click()

    expect(editor.locator(".toast-item")).to_contain_text("The loyalty discounts were saved.")
    expect(editor.locator("#dialog")).to_be_hidden()
    assert list(ladder.ladder_of(store).rungs) == [
        Rung(1_000, "global", 5),
        Rung(1_000, "yearly", 10),
    ]


def test_enter_saves_and_removes_no_row(editor, store):
    editor.get_by_label("Threshold").first.fill("2000")
    editor.get_by_label("Threshold").first.press("Enter")

    expect(editor.locator("#dialog")).to_be_hidden()
    assert list(ladder.ladder_of(store).rungs) == [Rung(2_000, "global", 5)]


def test_a_row_is_removed_at_its_edge(editor, store):
    editor.get_by_role("button", name="Remove row 1").click()
    expect(editor.get_by_label("Threshold")).to_have_value("")
    editor.get_by_role("button", name="Save Changes").last.click()

    expect(editor.locator("#dialog")).to_be_hidden()
    assert ladder.ladder_of(store).rungs == ()


def test_what_if_shows_the_effect_and_saves_nothing(editor, store):
    fill_row(editor, 0, "2000", "20")
    editor.get_by_role("button", name="What if").click()

    effects = editor.locator("#effects")
    expect(effects).to_contain_text("What if these were saved")
    expect(effects.locator("tbody tr").first).to_contain_text("No tier")
    assert list(ladder.ladder_of(store).rungs) == [Rung(1_000, "global", 5)]
    fill_row(editor, 0, "2500", "20")
    editor.get_by_role("button", name="Save Changes").last.click()
    expect(editor.locator("#dialog")).to_be_hidden()
    assert list(ladder.ladder_of(store).rungs) == [Rung(2_500, "global", 20)]


def test_the_profile_shows_what_they_get(page, live_server, store):
    sign_in(page, live_server, store)
    page.goto("/stores/moon/customers/")
    page.get_by_role("link", name="resident02").click()

    expect(page.locator("#dialog .arrives[hx-get*=loyalty]")).to_contain_text(
        "5 % back on the money they pay"
    )
    page.locator("#dialog").get_by_title("How this price came about").click()
    expect(page.locator("#dialog")).to_contain_text("No quote was kept for this purchase")


def test_a_price_is_asked_for_and_its_address_sent(page, live_server, store):
    sign_in(page, live_server, store)
    page.goto("/stores/moon/loyalty/quote/")
    page.get_by_label("Product").fill("Paper Lamp")
    page.get_by_label("Vendor").fill("Night Market")
    page.get_by_label("Customer who pays").fill("resident03")
    page.get_by_role("button", name="Show the price").click()

    expect(page.locator(".staircase tbody tr")).to_have_count(6)
    expect(page.locator(".staircase")).to_contain_text("L$86")
    expect(page).to_have_url(re.compile("product=Paper"))


def test_without_scripts_the_editor_works_too(browser, live_server, store):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, store)
    page.goto("/stores/moon/loyalty/")
    page.get_by_role("button", name="Add New Tier").click()
    fill_row(page, 1, "5000", "10")
    page.get_by_role("button", name="Save Changes").last.click()

    expect(page).to_have_url(re.compile(r"/customers/$"))
    assert len(ladder.ladder_of(store).rungs) == 2
    context.close()
