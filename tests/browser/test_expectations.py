"""What people expect of a list without being told, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from stores.models import Store
from tests.browser.visits import sign_in
from tests.factories import make_tier

pytestmark = pytest.mark.django_db(transaction=True)
# What is pressed and lower or narrower than a thumb; what stands within words is no button.
SMALL = """() => [...document.querySelectorAll("a, button, summary, label:has(input), select, [type=search]")]
    .filter(one => !one.closest(".visually-hidden, .skip, td.name, p:not(:has(> a:only-child)), svg"))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, { width, height }]) => width && (height < 43.5 || width < 24))
    .map(([one, { height }]) => `${one.outerHTML.slice(0, 80)}: ${height}`)"""


def box_of(page: Page, number: int):
    return page.get_by_label(f"Tick resident{number:02}")


def test_shift_ticks_all_rows_between(customers_page):
    page = customers_page
    bar = page.locator("#ticks")
    box_of(page, 27).check()
    cell = page.locator("tr", has_text="resident23").locator("td.tick")

    cell.click(modifiers=["Shift"], position={"x": 4, "y": 4})

    expect(bar).to_contain_text("5 ticked")
    assert page.evaluate("String(getSelection())") == ""
    box_of(page, 25).click(modifiers=["Shift"])
    expect(bar).to_contain_text("2 ticked")
    box_of(page, 20).check()
    expect(bar).to_contain_text("3 ticked")


def test_escape_clears_the_search(customers_page):
    page = customers_page
    page.keyboard.press("/")
    page.keyboard.type("resident07")
    expect(page.locator("tbody td.name")).to_have_count(1)

    page.keyboard.press("Escape")

    expect(page.locator("#count")).to_contain_text("of 30 customers")
    expect(page.locator("#q")).to_be_focused()
    assert "q=" not in page.url


def test_a_mistake_of_ours_names_its_number_and_keeps_the_list(
    customers_page, page_errors, monkeypatch
):
    page = customers_page

    def broken(store):
        raise LookupError("a mistake")

    monkeypatch.setattr(Store, "today", broken)
    with page.expect_response("**/customers/?*sort=*") as answer:
        page.locator("th").get_by_role("link", name="Owns").click()

    number = answer.value.headers["x-mistake"]
    expect(page.locator(".toast-item.error")).to_contain_text(f"name this number: {number}.")
    expect(page.locator("tbody tr")).to_have_count(25)
    assert len(page_errors) >= 1
    page_errors.clear()


@pytest.mark.parametrize(
    "path", ["customers/?q=resident&spent_more=5", "dashboard/", "loyalty/", "settings/"]
)
def test_a_thumb_hits_what_it_is_meant_to(page, live_server, store, path):
    make_tier(store, 100, 5)
    sign_in(page, live_server, store)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/stores/moon/{path}")
    page.wait_for_load_state("networkidle")

    assert page.evaluate(SMALL) == []


def test_on_a_phone_the_list_is_not_pushed_down_by_deeds(customers_page):
    page = customers_page
    page.set_viewport_size({"width": 390, "height": 844})
    archived = page.get_by_role("link", name="Archived")

    row = page.locator("tbody tr").first.bounding_box()

    assert row and row["y"] < 844 / 2
    archived.focus()
    expect(archived).to_be_in_viewport(ratio=1)


def test_help_keeps_the_menu_of_the_store(customers_page):
    page = customers_page
    page.locator(".help-link").click()
    expect(page.get_by_role("heading", name="Customers", level=1)).to_be_visible()
    page.locator(".main-menu").get_by_role("link", name="Purchases").click()

    page.wait_for_url("**/stores/moon/purchases/")
