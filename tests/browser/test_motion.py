"""Nothing moves for those who asked their system for that, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visits import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
# Whatever takes longer than an eye notices, of the elements themselves and of what the style sheet adds to them.
MOVES = """() => [...document.querySelectorAll("*")].flatMap((one) => [null, "::before", "::after", "::backdrop"]
    .map((part) => [one, part, getComputedStyle(one, part)])
    .filter(([, , { animationName, animationDuration, transitionDuration, scrollBehavior }]) =>
        (animationName !== "none" && parseFloat(animationDuration) > 0.001)
        || transitionDuration.split(",").some((duration) => parseFloat(duration) > 0.001)
        || scrollBehavior === "smooth")
    .map(([one, part]) => `${one.outerHTML.slice(0, 60)} ${part ?? ""}`))"""


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_motion_is_reduced_where_it_is_not_wanted(
    browser: Browser, live_server, store, wish, moves
):
    context = browser.new_context(base_url=live_server.url, reduced_motion=wish)
    page = context.new_page()
    sign_in(page, live_server, store)
    page.goto("/stores/moon/customers/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove Paper Lamp").click()
    expect(page.locator(".toast-item")).to_be_visible()

    assert bool(page.evaluate(MOVES)) is moves
    context.close()
