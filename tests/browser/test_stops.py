"""Every page by Tab, at the width of a desk and zoomed in: each stop can be seen where it is, whatever a mouse can
press is one, and nothing is wider than the window.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_customers import sign_in
from tests.browser.test_screens import SALES, addresses
from tests.doors.world import World
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)
# A window of 1440 by 900, at 100 % and at 200 %.
ZOOMS = {"whole": ((1440, 900), 1), "zoomed": ((720, 450), 2)}


@pytest.fixture(params=ZOOMS)
def zoomed(browser: Browser, live_server, request) -> Iterator[Page]:
    (width, height), factor = ZOOMS[request.param]
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": height},
        device_scale_factor=factor,
    )
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open, for one who goes through it by Tab."""
    keyboard = Keyboard(page)
    found = [f"{stop.name}: {fault}" for stop in keyboard.walk() for fault in stop.faults]
    found += [f"no Tab leads to {one}" for one in keyboard.missed()]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"scrolls sideways by {wide}"] if wide > 0 else [])


@pytest.mark.parametrize("names", [SALES, pytest.param(("",), marks=pytest.mark.slow)])
def test_every_page_is_walked_by_tab(zoomed, live_server, names):
    world = World()
    sign_in(zoomed, live_server, world.own.store)
    bad = {}
    paths = addresses(world, names)
    for path in paths:
        zoomed.goto(path)
        zoomed.wait_for_load_state("networkidle")
        if found := faults(zoomed):
            bad[path] = found

    assert len(paths) > 20
    assert bad == {}
