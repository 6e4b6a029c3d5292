"""The dashboard in a real browser: its pieces arrive, a bar says its number and leads to its rows."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import sign_in
from tests.factories import buy, make_customer, make_product, make_store, make_tier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return make_store("moon", name="Moon Shop")


@pytest.fixture
def anna(store):
    anna, lamp = make_customer(store, "anna.bell"), make_product(store, "Paper Lamp")
    buy(anna, lamp, on=store.today(), money=1_200)
    buy(anna, lamp, on=store.today(), money=34)
    buy(anna, lamp, on=store.today() - dt.timedelta(days=40), money=7)
    make_tier(store, threshold=1_000, discount=5)
    return anna


@pytest.fixture
def owner(page: Page, live_server, store, anna) -> Page:
    sign_in(page, live_server, store)
    return page


def test_pieces_arrive_and_a_bar_leads_to_the_rows_of_its_month(owner, store):
    owner.goto("/stores/moon/dashboard/")
    expect(owner.get_by_role("link", name="anna.bell")).to_be_visible()
    expect(owner.get_by_role("link", name="Paper Lamp")).to_be_visible()
    expect(owner.get_by_role("link", name="5 %: 1 customer,")).to_be_visible()

    month = f"{store.today():%b %y}"
    spent = owner.get_by_role("group", name="Money spent")
    expect(spent.locator("g").last.locator("title")).to_have_text(
        f"{month}: L$1,234 in 2 purchases"
    )
    spent.get_by_role("link", name=f"{month}: L$1,234 in 2 purchases").click()

    expect(owner.get_by_role("heading", name="Purchases")).to_be_visible()
    expect(owner.locator("#results tbody tr")).to_have_count(2)
    expect(owner.locator("#results")).to_contain_text("L$1,200")
    expect(owner.locator("#results")).to_contain_text("L$34")


def test_typing_a_day_chooses_the_days(owner, store):
    owner.goto("/stores/moon/dashboard/")
    expect(owner.get_by_label("Period")).to_have_value("30")
    long_ago = store.today() - dt.timedelta(days=41)

    owner.locator("#id_first").fill(str(long_ago))
    expect(owner.get_by_label("Period")).to_have_value("days")
    owner.get_by_role("button", name="Show").click()

    expect(owner.locator(".figures").first).to_contain_text("L$1,241")


def test_a_profile_shows_what_was_spent_by_month(owner, store):
    owner.goto("/stores/moon/customers/")
    owner.get_by_role("link", name="anna.bell").click()

    spent = owner.locator("#dialog").get_by_role("group", name="Money spent")
    expect(spent.get_by_role("link")).to_have_count(2)
