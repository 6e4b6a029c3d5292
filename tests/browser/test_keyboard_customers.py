"""A customer by keyboard alone, in a real browser: profile, errors, from one to the next, and their credit."""

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from tests.factories import balances
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(customers_page: Page) -> Page:
    return customers_page


@pytest.fixture
def profile(owner: Page, keyboard: Keyboard) -> Page:
    """The profile of the second row, opened by its link."""
    keyboard.press("j", "j")
    keyboard.follow("resident28", within=2)
    expect(owner.locator("#dialog-title")).to_have_text("resident28")
    return owner


def row_link(page: Page, name: str):
    return page.locator("tbody tr", has_text=name).locator("td.name a")


def test_a_profile_is_mended_saved_and_the_row_has_the_focus_again(profile, keyboard, store):
    page, dialog = profile, profile.locator("#dialog")
    keyboard.fill("Discount %", "101", within=12)
    keyboard.press("Enter")
    expect(dialog.get_by_text("Enter a whole number from 0 to 100.")).to_be_visible()
    expect(dialog.get_by_label("Discount %")).to_be_focused()
    keyboard.type("15")
    keyboard.tick("Group member", within=6)
    keyboard.fill("Note", "likes lamps", within=2)
    keyboard.push("Save", within=5)

    expect(page.locator("#toasts")).to_contain_text("resident28 was saved.")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("15 %")
    expect(row_link(page, "resident28")).to_be_focused()
    assert Customer.objects.get(username="resident28").note == "likes lamps"


def test_several_errors_are_listed_first(profile, keyboard):
    page = profile
    keyboard.fill("Credit*", "lots", within=10)
    keyboard.fill("Discount %", "101", within=4)
    keyboard.press("Enter")
    expect(page.locator("#dialog .form-errors")).to_be_focused()
    keyboard.follow("Discount %: Enter a whole number from 0 to 100.", within=2)

    expect(page.get_by_label("Discount %")).to_be_focused()


def test_what_was_typed_is_asked_about(profile, keyboard):
    page = profile
    keyboard.fill("Note", "likes lamps", within=20)
    keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keep editing")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_label("Note")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("likes lamps")
    keyboard.press("Escape")
    keyboard.push("Discard changes", within=1)

    expect(page.locator("#dialog")).to_be_hidden()
    expect(row_link(page, "resident28")).to_be_focused()


def test_one_goes_on_to_the_next_and_comes_back_to_the_row_of_the_last(profile, keyboard):
    page, title = profile, profile.locator("#dialog-title")
    keyboard.press("]")
    expect(title).to_have_text("resident27")
    keyboard.press("]")
    expect(title).to_have_text("resident26")
    keyboard.press("[")
    expect(title).to_have_text("resident27")
    keyboard.follow("Next customer", within=20)
    expect(title).to_have_text("resident26")
    keyboard.press("Escape")
    expect(row_link(page, "resident26")).to_be_focused()
    keyboard.press("k", "k", "k", "Enter")
    expect(title).to_have_text("resident29")
    keyboard.follow("Next customer", within=20)
    expect(title).to_have_text("resident28")
    keyboard.follow("Previous customer", within=1, back=True)
    expect(title).to_have_text("resident29")
    expect(page.locator("#dialog .sheet-close")).to_be_focused()
    keyboard.press("Escape")
    expect(page.locator("tbody tr").first).to_be_focused()
    keyboard.press("j", "j", "Enter")

    expect(title).to_have_text("resident27")


def test_a_product_is_removed_and_given_back(owner, keyboard):
    page = owner
    keyboard.press("j", "Enter")
    expect(page.locator("#dialog-title")).to_have_text("resident29")
    keyboard.push("Remove Paper Lamp", within=30)
    expect(page.locator("#toasts")).to_contain_text("Paper Lamp was removed from resident29.")
    keyboard.press("u", "Enter")

    expect(page.locator("#toasts")).to_contain_text("resident29 owns Paper Lamp again.")
    assert page.evaluate("document.querySelector('#dialog').contains(document.activeElement)")
    assert Customer.objects.get(username="resident29").owns == 1


def test_a_customer_is_added(owner, keyboard):
    keyboard.press("/")
    keyboard.follow("Add customer", within=10, back=True)
    expect(owner.get_by_label("Username")).to_be_focused()
    keyboard.press("Enter")
    expect(owner.get_by_label("Username")).to_be_focused()
    keyboard.type("Jane Doe")
    keyboard.press("Enter")

    expect(owner.locator("#toasts")).to_contain_text("jane.doe was added.")
    expect(owner.get_by_role("link", name="Add customer")).to_be_focused()
    expect(owner.locator("#count")).to_contain_text("31")


def test_credit_is_added_deducted_and_stated(profile, keyboard, page_errors):
    page, dialog = profile, profile.locator("#dialog")
    keyboard.follow("Credit entries", within=5)
    expect(dialog.locator("#dialog-title")).to_contain_text("redit")
    keyboard.follow("Add credit", within=3)
    expect(dialog.get_by_role("button", name="Add credit")).to_be_visible()
    keyboard.fill("Amount", "12", within=2)
    keyboard.choose("Reason", "Goodwill", within=4)
    keyboard.push("Add credit", within=5)
    expect(dialog).to_contain_text("L$40")

    keyboard.follow("Deduct credit", within=6)
    expect(dialog.get_by_role("button", name="Deduct credit")).to_be_visible()
    keyboard.fill("Amount", "1000", within=2)
    keyboard.choose("Reason", "Goodwill", within=4)
    keyboard.push("Deduct credit", within=3)
    expect(dialog.get_by_text("resident28 holds L$40: L$1,000 cannot be taken.")).to_be_visible()
    expect(dialog.get_by_label("Amount")).to_be_focused()
    page_errors.clear()
    keyboard.type("40")
    keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("L$40 was deducted from resident28.")
    assert balances(Customer.objects.get(username="resident28")) == (0, 0)

    keyboard.follow("Statement", within=6)
    expect(dialog.get_by_label("From")).to_be_visible()
    keyboard.fill("From", "01012026", within=3)
    keyboard.push("Show", within=9)
    expect(dialog).to_contain_text("Closing balance")
    keyboard.press("Escape")

    expect(row_link(page, "resident28")).to_be_focused()


def test_a_movement_is_reversed(profile, keyboard):
    dialog = profile.locator("#dialog")
    keyboard.follow("Credit entries", within=5)
    expect(dialog.get_by_role("link", name="Add credit")).to_be_visible()
    keyboard.follow("Add credit", within=3)
    expect(dialog.get_by_role("button", name="Add credit")).to_be_visible()
    keyboard.fill("Amount", "12", within=2)
    keyboard.choose("Reason", "Goodwill", within=4)
    keyboard.push("Add credit", within=5)
    expect(dialog).to_contain_text("L$40")
    keyboard.follow("Reverse L$12", within=12)
    keyboard.push("Reverse", within=5)

    expect(dialog).to_contain_text("L$28")
    assert balances(Customer.objects.get(username="resident28")) == (28, 0)


def test_a_ban_is_set_and_lifted(profile, keyboard):
    page, dialog = profile, profile.locator("#dialog")
    keyboard.follow("Ban", within=9)
    expect(dialog.get_by_label("Reason")).to_be_focused()
    keyboard.type("Sold copies")
    keyboard.push("Ban", within=9)
    expect(page.locator(".toast-item")).to_contain_text("resident28 was banned.")
    keyboard.press("Enter")
    keyboard.follow("Lift the ban", within=5)
    keyboard.push("Lift the ban", within=3)

    expect(page.locator(".toast-item").last).to_contain_text("The ban of resident28 was lifted.")
