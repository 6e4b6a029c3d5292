"""Every page and every dialog by Tab, at the width of a desk and zoomed in: each stop can be seen where it is,
whatever a mouse can press is one, and nothing is wider than the window.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from stores import members
from tests.browser.test_screens import SALES, addresses
from tests.browser.visits import sign_in, thirty_customers
from tests.doors import pages
from tests.doors.world import World
from tests.factories import make_member, make_store
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)
ALL = pytest.param(("",), marks=pytest.mark.slow)
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
# A window of 1440 by 900, at 100 % and at 200 %.
ZOOMS = {"whole": ((1440, 900), 1), "zoomed": ((720, 450), 2), "most": ((360, 225), 4)}


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


@pytest.mark.parametrize("names", [SALES, ALL])
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


def is_dialog(world: World, path: str) -> bool:
    """Whether it is shown over another page where a script asks for it."""
    answer = world.ask("owner", "GET", path, headers=DIALOG)
    body = pages.body(answer)
    return answer.status_code == 200 and b"sheet-head" in body and b"<html" not in body


@pytest.mark.parametrize("names", [("customers:profile", "customers:bulk", "loyalty:tiers"), ALL])
def test_every_dialog_is_walked_by_tab(zoomed, live_server, names):
    world = World()
    sign_in(zoomed, live_server, world.own.store)
    bad = {}
    paths = [path for path in addresses(world, names) if is_dialog(world, path)]
    for path in paths:
        # What stands behind the number sign is opened over the page.
        zoomed.goto("about:blank")
        zoomed.goto(f"/stores/{world.own.store.slug}/help/#{path}")
        zoomed.locator("#dialog[open]").wait_for()
        zoomed.wait_for_load_state("networkidle")
        if found := faults(zoomed):
            bad[path] = found

    assert len(paths) > 2
    assert bad == {}


def test_a_long_list_is_walked_by_tab_and_back(zoomed, live_server):
    """Its head and its names stay in sight, over what else there is."""
    sign_in(zoomed, live_server, thirty_customers())
    zoomed.goto("/stores/moon/customers/?per_page=25&sort=spent&spent_more=0")

    assert faults(zoomed) == []
    keyboard = Keyboard(zoomed)
    zoomed.goto("/stores/moon/customers/?per_page=25&sort=spent&spent_more=0&credit_more=0")
    back = [keyboard.step(back=True) for _ in range(80)]
    assert [stop for stop in back if stop and stop.faults] == []


@pytest.mark.parametrize("role", [None, "owner"])
def test_pages_outside_a_store_are_walked_by_tab(zoomed, live_server, role):
    store = make_store("moon")
    invitation = members.invite(store=store, role="clerk", by=make_member(store).user)
    if role:
        sign_in(zoomed, live_server, store)
    bad = {}
    for path in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/change/",
        f"/invitations/{members.token(invitation)}/",
        "/help/",
        "/nowhere/",
    ):
        zoomed.goto(path)
        if found := faults(zoomed):
            bad[path] = found

    assert bad == {}
