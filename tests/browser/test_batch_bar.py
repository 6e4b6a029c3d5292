"""The bar of the batch at work, in a real browser: it follows one from page to page and ends with undo."""

import pytest
from playwright.sync_api import Page, expect

from stores import batches
from stores.models import Batch, State
from tests.browser.test_batches import ask, held
from tests.browser.test_screens import faults
from tests.browser.visits import sign_in
from tests.changes import chunks_of, credit_change, ended
from tests.factories import make_customer, make_member, make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    """Ten customers."""
    store = make_store("moon", name="Moon Shop")
    for number in range(10):
        make_customer(store, f"resident{number}", credit=number * 10)
    return store


@pytest.fixture
def customers_page(owner: Page) -> Page:
    owner.goto("/stores/moon/customers/")
    return owner


@pytest.fixture(autouse=True)
def small(monkeypatch) -> None:
    """Ten customers are more than are done at once."""
    chunks_of(monkeypatch, 4)


def started(page: Page) -> Batch:
    """A change of every customer that a person has applied in the dialog."""
    batch = previewed(page)
    page.get_by_role("button", name="Update 10 customers").click()
    expect(page.locator("#dialog")).to_contain_text("0 of 10 customers, 0 %")
    return batch


def previewed(page: Page) -> Batch:
    page.get_by_role("link", name="Bulk credit").click()
    ask(page, "1")
    expect(page.locator("#dialog progress")).to_be_visible()
    return ended(Batch.objects.get())


def test_help_stands_below_it(customers_page):
    page = customers_page
    started(page)
    page.keyboard.press("Escape")
    expect(page.locator("#batch-bar")).to_be_visible()

    bar = page.locator("#batch-bar").bounding_box()
    link = page.locator(".help-link").bounding_box()

    assert bar
    assert link
    assert link["y"] >= bar["y"] + bar["height"]


def test_it_takes_over_from_the_dialog_and_ends_with_undo(customers_page, store):
    page = customers_page
    batch = started(page)
    page.keyboard.press("Escape")

    bar = page.locator("#batch-bar")
    expect(bar).to_contain_text("Credit +L$1")
    batches.run(batch.pk, seconds=0)
    expect(bar).to_contain_text("40 %")
    page.goto("/stores/moon/products/")
    bar.get_by_role("link").focus()
    batches.run(batch.pk, seconds=0)
    expect(bar).to_contain_text("80 %")
    expect(bar.get_by_role("link")).to_be_focused()
    ended(batch)

    toast = page.locator(".toast-item")
    expect(toast).to_contain_text("Credit +L$1: 10 customers.")
    expect(bar).to_have_count(0)
    assert held(store)[:3] == [1, 11, 21]
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#dialog")).to_contain_text("Undo: Credit +L$1")
    ended(Batch.objects.get(undoes=batch))
    expect(page.locator("#dialog")).to_contain_text("Given back: 10")
    assert held(store)[:3] == [0, 10, 20]
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".toast-item")).to_have_count(0)


def test_it_comes_when_the_dialog_is_closed_before_its_content_has_settled(customers_page, store):
    page = customers_page
    previewed(page)
    page.evaluate(
        """document.addEventListener("htmx:afterSwap", ({ target }) => {
          if (target.querySelector("[data-bar]")) target.closest("dialog")?.close();
        })"""
    )
    page.get_by_role("button", name="Update 10 customers").click()

    expect(page.locator("#batch-bar")).to_contain_text("Credit +L$1")


def test_what_ended_between_two_pages_is_told_of_once(customers_page, store):
    page = customers_page
    batch = started(page)
    page.goto("about:blank")
    ended(batch)

    page.goto("/stores/moon/products/")
    expect(page.locator(".toast-item")).to_contain_text("Credit +L$1: 10 customers.")
    page.goto("/stores/moon/customers/")
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator(".toast-item")).to_have_count(0)


def test_it_fits_every_screen(visitor, live_server, store):
    owner = make_member(store).user
    batch = ended(credit_change(store=store, by=owner, credit=1))
    batches.apply(batch=batch, by=owner)
    batch.refresh_from_db()
    assert batch.state == State.QUEUED
    sign_in(visitor, live_server, store)
    visitor.goto("/stores/moon/customers/")

    expect(visitor.locator("#batch-bar")).to_contain_text("0 %")
    assert faults(visitor) == []
