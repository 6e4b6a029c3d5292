"""What an owner downloads, in a real browser."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import buy, make_customer, make_store, set_window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    for number in range(1, 8):
        buy(make_customer(store, f"resident{number:02}"), money=number * 500)
    set_window(store, store.today())
    return store


def downloaded(page: Page) -> list[str]:
    with page.expect_download() as download:
        page.locator("#export-button").click()
    return Path(download.value.path()).read_text("utf-8-sig").splitlines()


def test_what_the_list_shows_is_downloaded(owner):
    owner.goto("/stores/moon/customers/?spent_more=2500&sort=spent")
    owner.get_by_role("link", name="Export", exact=True).click()
    expect(owner.get_by_role("button", name="Download 2 customers")).to_be_visible()
    for box in owner.locator("#export input[name=column]").all():
        box.set_checked(box.get_attribute("value") in ("username", "spent"))

    assert downloaded(owner) == ["Username,Spent", "resident06,3000", "resident07,3500"]
    expect(owner.locator("#dialog")).to_be_visible()


def test_ticked_rows_alone_are_downloaded(owner):
    owner.goto("/stores/moon/customers/")
    owner.get_by_label("Tick resident03").check()
    owner.get_by_role("link", name="Export", exact=True).click()
    expect(owner.get_by_role("button", name="Download 1 customer")).to_be_visible()

    assert [line.split(",")[0] for line in downloaded(owner)] == ["Username", "resident03"]


def test_other_days_are_counted_while_they_are_chosen(owner, store):
    owner.goto("/stores/moon/exports/")
    owner.get_by_role("link", name="Export Purchases").click()
    button = owner.locator("#export-button")
    expect(button).to_have_text("Download 7 purchases")
    tomorrow = store.today() + dt.timedelta(days=1)

    owner.get_by_label("From").fill(str(tomorrow))
    expect(button).to_have_text("Download 0 purchases")
    assert len(downloaded(owner)) == 1
    owner.get_by_label("To", exact=True).fill(str(store.today()))
    expect(button).to_be_disabled()
    expect(owner.get_by_text("Enter a day that is not before the first.")).to_be_visible()
    owner.get_by_role("link", name="This month").click()
    expect(button).to_have_text("Download 7 purchases")


def test_a_sheet_without_columns_is_refused_at_the_field(owner):
    owner.goto("/stores/moon/exports/")
    owner.get_by_role("link", name="Export Products").click()
    expect(owner.get_by_role("heading", name="Export products")).to_be_visible()
    for box in owner.locator("#export input[name=column]").all():
        box.uncheck()
    owner.locator("#export-button").click()

    expect(owner.get_by_text("Tick at least one column.")).to_be_visible()
