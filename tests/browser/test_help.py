"""The way to help, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import sign_in
from tests.factories import make_store, set_window

pytestmark = pytest.mark.django_db(transaction=True)
OVERLAPS = """() => {
    const help = document.querySelector(".help-link").getBoundingClientRect();
    const words = (box) => box.right > help.left && box.left < help.right
        && box.bottom > help.top && box.top < help.bottom;
    return [...document.querySelectorAll("main a, main button, main input")]
        .filter((one) => !one.matches(".help-link") && words(one.getBoundingClientRect()))
        .map((one) => one.textContent.trim());
}"""


@pytest.fixture
def owner(page: Page, live_server) -> Page:
    store = make_store("moon", name="Moon Shop")
    set_window(store, store.today())
    sign_in(page, live_server, store)
    return page


@pytest.mark.parametrize("width", [390, 820, 1200])
def test_help_stands_beside_what_else_a_page_offers(owner, width):
    owner.set_viewport_size({"width": width, "height": 800})

    for path in ("members", "customers", "customers/add", "loyalty", "payments"):
        owner.goto(f"/stores/moon/{path}/")
        assert owner.evaluate(OVERLAPS) == [], path
        box = owner.locator(".help-link").bounding_box()
        assert box and box["x"] > width / 2 and box["x"] + box["width"] <= width, path


def test_help_explains_the_page_that_it_was_asked_on(owner):
    owner.goto("/stores/moon/members/")
    owner.keyboard.press("?")
    owner.locator("#keys").get_by_role("link", name="Help").click()

    expect(owner.get_by_role("heading", name="Staff", level=1)).to_be_visible()
    expect(owner.locator("article img").first).to_have_js_property("complete", True)
    assert owner.locator("article img").first.evaluate("image => image.naturalWidth") == 1200
