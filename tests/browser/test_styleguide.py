"""The style guide in a real browser: in both themes, at both widths, and what can be tried there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import faults
from tests.browser.visits import sign_in
from tests.factories import make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def with_debug(settings) -> None:
    settings.DEBUG = True


def test_it_fits_every_screen(visitor, live_server):
    sign_in(visitor, live_server, make_store("moon"))
    visitor.goto("/styleguide/")

    expect(visitor.get_by_role("heading", name="Style guide")).to_be_visible()
    assert faults(visitor) == []


def test_its_dialog_and_its_toasts_work(page: Page, live_server):
    sign_in(page, live_server, make_store("moon"))
    page.goto("/styleguide/")
    page.get_by_role("link", name="Open a dialog").first.click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill("anna.bell")
    dialog.get_by_label("Reason").select_option("gift")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("It was undone.")
