"""What the Customers page weighs and when it is seen over a slow line, beside the list of customers in
the Django admin: `make weight`. Both show the demo store, from the same server.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.engines import CHROMIUM_OPTIONS, ROOT, chromium_path
from tests.screenshots import STORE, demo, sign_in

PAGES = {"Customers page": f"{STORE}customers/", "Django admin": "/admin/customers/customer/"}
# A phone on a poor network: 1.6 Mbit/s down, 750 kbit/s up, 150 ms for each round trip.
SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
VISITS = 5
WINDOW = {"width": 1440, "height": 900}
FIRST_PAINT = """() => new Promise((seen) => new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) seen(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""
LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


class Visit(NamedTuple):
    """Bytes over the line, requests, and milliseconds until something is seen and all is there."""

    size: int
    requests: int
    paint: float
    loaded: float


def watch(context: BrowserContext, page: Page) -> list[dict[str, Any]]:
    """Put the page on the slow line; what has come over it, as long as it is looked at."""
    came: list[dict[str, Any]] = []
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    line.on("Network.loadingFinished", lambda one: came.append(one))
    return came


def visit(page: Page, path: str, came: list[dict[str, Any]]) -> Visit:
    came.clear()
    page.goto(path, wait_until="networkidle")
    over_the_line = [one["encodedDataLength"] for one in came if one["encodedDataLength"]]
    paint, loaded = page.evaluate(FIRST_PAINT), page.evaluate(LOADED)
    return Visit(int(sum(over_the_line)), len(over_the_line), paint, loaded)


def twice(browser: Browser, address: str, login: StorageState, path: str) -> tuple[Visit, Visit]:
    """A first visit of somebody who is signed in, and the next one."""
    context = browser.new_context(base_url=address, viewport=WINDOW, storage_state=login)
    page = context.new_page()
    came = watch(context, page)
    first, next_one = visit(page, path, came), visit(page, path, came)
    context.close()
    return first, next_one


def signed_in(browser: Browser, address: str, username: str, password: str) -> StorageState:
    context = browser.new_context(base_url=address)
    sign_in(context.new_page(), username, password)
    state = context.storage_state()
    context.close()
    return state


def told(name: str, visits: list[Visit]) -> str:
    size, requests, paint, loaded = map(statistics.median, zip(*visits, strict=True))
    return (
        f"| {name} | {size / 1024:,.1f} KB | {requests:.0f} | {paint:,.0f} ms | {loaded:,.0f} ms |"
    )


def main() -> None:
    chromium = chromium_path()
    if chromium is None:
        raise SystemExit("There is no Chromium on the path.")
    (ROOT / "var").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="weight-") as folder,
        demo(Path(folder)) as (address, *login),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        state = signed_in(browser, address, *login)
        print("| page | over the line | requests | first paint | loaded |")
        print("| --- | --- | --- | --- | --- |")
        for name, path in PAGES.items():
            both = [twice(browser, address, state, path) for _ in range(VISITS)]
            for when, visits in zip(("first visit", "next"), zip(*both, strict=True), strict=True):
                print(told(f"{name}, {when}", list(visits)))
        browser.close()


if __name__ == "__main__":
    main()
