"""What an owner does on the Customers page, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Balance, CreditEntry, Customer
from tests.browser.visits import sign_in
from tests.factories import balances, make_member

pytestmark = pytest.mark.django_db(transaction=True)


def names(page: Page) -> list[str]:
    return page.locator("tbody td.name").all_inner_texts()


def first_name(page: Page):
    return page.locator("tbody tr").first.locator("td.name .cut")


def test_signing_in_leads_to_the_list(page, store):
    user = make_member(store).user

    page.goto("/")
    page.get_by_label("Username or e-mail").fill(user.username)
    page.get_by_label("Password").fill("only for the tests")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(re.compile(r"/stores/moon/customers/$"))
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def test_sorting_happens_in_place_and_stands_in_the_address(customers_page):
    page = customers_page
    page.evaluate("window.stayed = true")
    expect(first_name(page)).to_have_text("resident29")

    page.get_by_role("link", name="Credit", exact=True).click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Credit")
    page.get_by_role("link", name="Credit", exact=True).click()

    expect(first_name(page)).to_have_text("resident00")
    expect(page).to_have_url(re.compile(r"sort=credit"))
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(first_name(page)).to_have_text("resident29")


def test_search_finds_while_typing_and_keeps_the_focus(customers_page):
    page = customers_page

    page.keyboard.press("/")
    page.keyboard.type("resident1")

    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_url(re.compile(r"q=resident1"))
    page.keyboard.press("Escape")
    expect(page.locator("tbody tr")).to_have_count(25)


def test_a_filter_is_a_sentence_that_can_be_taken_off(customers_page):
    page = customers_page

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Spent more than").fill("L$270")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Spent more than L$270").click()
    expect(page.locator("tbody tr")).to_have_count(25)


def test_pages_follow_each_other(customers_page):
    page = customers_page

    page.get_by_role("link", name="Next").click()

    expect(first_name(page)).to_have_text("resident04")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_role("link", name="Previous").click()
    expect(first_name(page)).to_have_text("resident29")


def test_a_row_opens_the_profile_and_escape_returns(customers_page):
    page = customers_page

    page.locator("tbody tr").first.locator("td.num").first.click()

    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="resident29")).to_be_visible()
    expect(dialog.get_by_text("Paper Lamp").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_editing_saves_and_the_list_follows(customers_page, store):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    dialog = page.locator("#dialog")

    dialog.get_by_label("Discount %").fill("15")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("resident29 was saved.")
    expect(page.locator("tbody tr").first).to_contain_text("15 %")
    assert Customer.objects.get(username="resident29").discount == 15


def test_the_reason_shows_when_a_balance_changes_and_is_asked_for(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    dialog = page.locator("#dialog")
    reason = dialog.get_by_label("Reason for the credit change")
    expect(reason).to_be_hidden()

    dialog.get_by_label("Credit*", exact=True).fill("1,000")
    expect(reason).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Choose why the credit changes.").first).to_be_visible()
    reason.select_option("goodwill")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    expect(page.locator("tbody tr").first).to_contain_text("L$1,000")
    entry = CreditEntry.objects.filter(balance=Balance.CREDIT).latest("pk")
    assert (entry.delta, entry.after, entry.reason) == (971, 1000, "goodwill")


def test_bad_input_is_answered_at_the_field_and_kept(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    dialog = page.locator("#dialog")

    dialog.get_by_label("Discount %").fill("101")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_text("Enter a whole number from 0 to 100.")).to_be_visible()
    expect(dialog.get_by_label("Discount %")).to_have_value("101")
    assert Customer.objects.get(username="resident29").discount == 0


def test_unsaved_changes_are_asked_about(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Note").fill("likes lamps")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep editing").click()
    expect(dialog.get_by_label("Note")).to_have_value("likes lamps")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard changes").click()

    expect(dialog).to_be_hidden()
    assert Customer.objects.get(username="resident29").note == ""


def test_a_product_is_removed_and_given_back(customers_page):
    page = customers_page
    page.locator("tbody tr").first.locator("td.num").first.click()
    dialog = page.locator("#dialog")

    dialog.get_by_role("button", name="Remove Paper Lamp").click()
    expect(page.locator("#toasts")).to_contain_text("Paper Lamp was removed from resident29.")
    assert Customer.objects.get(username="resident29").owns == 0
    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#toasts")).to_contain_text("resident29 owns Paper Lamp again.")
    assert Customer.objects.get(username="resident29").owns == 1


def test_a_customer_is_added(customers_page, store):
    page = customers_page

    page.get_by_role("link", name="Add customer").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Username").fill("Jane Doe")
    dialog.get_by_label("Credit", exact=True).fill("50")
    dialog.get_by_role("button", name="Add customer").click()

    expect(page.locator("#toasts")).to_contain_text("jane.doe was added.")
    expect(page.locator("#count")).to_contain_text("31")
    assert balances(Customer.objects.get(username="jane.doe")) == (50, 0)


def test_the_list_is_walked_by_keyboard(customers_page):
    page = customers_page

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.locator("#dialog").get_by_role("heading", name="resident28")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(browser: Browser, live_server, store, width, scheme):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    sign_in(page, live_server, store)
    key = Customer.objects.get(username="resident29").pk

    for path in (
        "",
        "?q=nobody",
        "?page=99",
        "add/",
        f"{key}/",
        f"{key}/credit/",
        f"{key}/purchases/",
    ):
        page.goto(f"/stores/{store.slug}/customers/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (path, wide <= 0) == (path, True)
    context.close()


def test_everything_works_without_javascript(browser: Browser, live_server, store):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, store)

    page.goto(f"/stores/{store.slug}/customers/")
    page.get_by_role("link", name="Credit", exact=True).click()
    expect(first_name(page)).to_have_text("resident29")
    first_name(page).click()
    page.get_by_label("Discount %").fill("7")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("resident29 was saved.")).to_be_visible()
    page.get_by_role("button", name="Remove Paper Lamp").click()
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("resident29 owns Paper Lamp again.")).to_be_visible()
    customer = Customer.objects.get(username="resident29")
    assert (customer.discount, customer.owns) == (7, 1)
    context.close()
