"""Every page of a store at the width of a desk and of a phone, in light and in dark: nothing is wider
than the window, and axe finds nothing.
"""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.visits import sign_in
from tests.doors import pages
from tests.doors.routes import all_routes
from tests.doors.test_walk import address
from tests.doors.world import World
from tests.factories import make_customer, make_store

pytestmark = pytest.mark.django_db(transaction=True)
AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
LOOK = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3).join(" | ")}`
)"""
SALES = ("sales", "accountant", "api_docs")
WIDTHS = (390, 1440)


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open, at each width."""
    found = []
    page.add_script_tag(path=AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{width}: scrolls sideways by {wide}"] if wide > 0 else []
        found += [f"{width}: {fault}" for fault in page.evaluate(LOOK)]
    return found


def addresses(world: World, names: tuple[str, ...]) -> list[str]:
    """The whole pages that an owner of the store may see, of the routes whose names begin so."""
    found = []
    for route in all_routes():
        if route.name.startswith(names) and ("slug" in route.slots or route.name == "api_docs"):
            path = address(route, world.own)
            answer = world.ask("owner", "GET", path)
            is_whole = b"<html" in pages.body(answer) and pages.is_html(answer)
            if answer.status_code == 200 and is_whole:
                found.append(path)
    return found


@pytest.mark.parametrize("names", [SALES, pytest.param(("",), marks=pytest.mark.slow)])
def test_every_page_fits_every_screen(visitor, live_server, names):
    world = World()
    sign_in(visitor, live_server, world.own.store)
    bad = {}
    paths = addresses(world, names)
    for path in paths:
        visitor.goto(path)
        if found := faults(visitor):
            bad[path] = found

    assert len(paths) > 20
    assert bad == {}


def test_what_is_said_of_a_deed_can_be_read(visitor, live_server):
    store = make_store("moon")
    sign_in(visitor, live_server, store)
    anna = make_customer(store, "anna.bell")
    visitor.goto(f"{anna.get_absolute_url()}archive/")
    visitor.get_by_role("button", name="Archive").click()

    expect(visitor.locator(".toast-item a")).to_have_text("Undo")
    assert faults(visitor) == []


@pytest.mark.parametrize("path", ["customers", "purchases", "settings"])
def test_the_menu_of_a_phone_shows_where_one_is(page, live_server, path):
    store = make_store("moon")
    sign_in(page, live_server, store)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/stores/moon/{path}/")

    expect(page.locator(".main-menu [aria-current]")).to_be_in_viewport(ratio=1)
