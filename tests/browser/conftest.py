"""Fixtures of the browser tests: the machine's own Chromium, and a page that tolerates no error."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from stores.models import Store
from tests.browser.visits import sign_in, thirty_customers
from tests.engines import CHROMIUM_OPTIONS, chromium_path
from tests.keyboard import Keyboard

HERE = Path(__file__).parent
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", event =>
    console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI}`))"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on the path: browser tests are left out")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's event loop lives in this thread, which makes Django refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page_errors() -> list[str]:
    """What the page complained of; a test that provokes an error looks at it and clears it."""
    return []


@pytest.fixture
def page(browser: Browser, live_server, page_errors: list[str]) -> Iterator[Page]:
    """A fresh visitor at 1440x900 on the live server; errors on its console fail the test."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            page_errors.append(f"{message.text} ({message.location['url']})")

    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.add_init_script(TELL_VIOLATIONS)
    page = context.new_page()
    page.on("console", on_console)
    page.on("pageerror", lambda error: page_errors.append(str(error)))
    yield page
    context.close()
    assert not page_errors, "the page complained: " + "; ".join(page_errors)


@pytest.fixture
def store() -> Store:
    """The store that is visited, where a module has none of its own."""
    return thirty_customers()


@pytest.fixture
def owner(page: Page, live_server, store: Store) -> Page:
    """The browser of its owner, who is signed in."""
    sign_in(page, live_server, store)
    return page


@pytest.fixture
def customers_page(owner: Page, store: Store) -> Page:
    owner.goto(f"/stores/{store.slug}/customers/?per_page=25")
    return owner


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    """The keys of the page: nothing else is pressed, and no script moves the focus."""
    return Keyboard(page)


@pytest.fixture(params=["light", "dark"])
def visitor(browser: Browser, live_server, request) -> Iterator[Page]:
    """One who looks at pages in light, and one who does so in the dark."""
    # The pages run no script but their own: axe comes past that.
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme=request.param,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    yield context.new_page()
    context.close()
