"""The pictures of `docs/`, taken of a demo store of their own: `make screenshots`.

The demo is dated from today, so each run shows its own day; all else is the same in every run.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.engines import CHROMIUM_OPTIONS, ROOT, chromium_path

IMAGES = ROOT / "docs" / "images"
WINDOW = {"width": 1200, "height": 800}
COLOURS = 96
STORE = "/stores/moonlit-atelier/"
SHEET = """\
Username,UUID,E-mail,Gift Card Credits,News Subscriber
Aria Novak,0f0e6c1a-52f4-4f0c-9a51-3b8f5a1d2c01,aria@example.org,250,yes
Tobias Lindqvist,1b7d9a44-8a0e-4d43-b3f5-6c1e7f2a9d02,,0,no
marisol.vega,,marisol@example.org,1200,yes
Henrik Aalto,2c9e0b55-9b1f-4e54-84a6-7d2f803bae03,,lots,no
"""


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, str, str]]:
    """A server with a demo store, in a database of its own: its address, and the owner's login."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": "only-for-the-screenshots",
        "HTTPS": "off",
        "DEBUG": "off",
        "LOG_LEVEL": "ERROR",
        "RESIDENT_PAGES": "",
    }
    command = "manage.py serve --demo --bind=127.0.0.1:0 --workers=1".split()
    server = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        said = ""
        for line in server.stdout:
            said += line
            if started := re.search(r"Owner +(\S+) +(\S+)\n.*storeadmin is on (\S+)/ ", said, re.S):
                break
        else:
            raise SystemExit(f"The server did not start. {said}")
        username, password, address = started.groups()
        yield address, username, password
    finally:
        server.terminate()
        server.wait()


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/stores/**")


def dialog(page: Page) -> Locator:
    return page.locator("#dialog")


def customers(page: Page) -> None:
    page.goto(f"{STORE}customers/")


def profile(page: Page) -> None:
    customers(page)
    page.locator("#results td.name a").first.click()
    dialog(page).get_by_role("heading", name="What they get, and why").wait_for()


def credit(page: Page) -> None:
    page.goto(f"{STORE}customers/?sort=-credit")
    page.locator("#results td.name a").first.click()
    dialog(page).get_by_role("link", name="Credit entries").click()
    dialog(page).get_by_role("link", name="Statement").wait_for()


def bulk_credit(page: Page) -> None:
    page.goto(f"{STORE}customers/?spent_more=10000")
    page.get_by_role("link", name="Bulk credit").click()
    dialog(page).get_by_label("Credits change", exact=True).fill("50")
    dialog(page).get_by_label("Reason").select_option("goodwill")


def loyalty(page: Page) -> None:
    page.goto(f"{STORE}loyalty/")


def price(page: Page) -> None:
    purchase(page)
    dialog(page).get_by_role("link", name="How this price came about").click()
    dialog(page).locator(".staircase").wait_for()


def purchases(page: Page) -> None:
    page.goto(f"{STORE}purchases/")


def purchase(page: Page) -> None:
    """The latest one of whoever spent most: they get a refund."""
    customers(page)
    name = page.locator("#results td.name a").first.inner_text().splitlines()[-1]
    page.goto(f"{STORE}purchases/?gift=no&returned=no&customer={name}")
    page.locator("#results td.name a").first.click()
    dialog(page).get_by_role("link", name="How this price came about").wait_for()


def dashboard(page: Page) -> None:
    page.goto(f"{STORE}dashboard/")
    page.get_by_role("heading", name="Best customers").wait_for()


def taking_back(page: Page) -> None:
    purchase(page)
    dialog(page).get_by_role("link", name="Return", exact=True).click()
    dialog(page).locator("#return-preview").wait_for()


def import_columns(page: Page) -> None:
    page.goto(f"{STORE}customers/import/")
    sheet = {"name": "customers.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.get_by_label("CSV file").set_input_files(files=[sheet])
    page.get_by_role("button", name="Look at the columns").click()
    page.get_by_text("Is read as").wait_for()


def import_preview(page: Page) -> None:
    import_columns(page)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("list", name="Rows").wait_for()


def members(page: Page) -> None:
    page.goto(f"{STORE}members/invitations/add/")
    page.get_by_label("Role").select_option("clerk")
    page.get_by_label("For whom").fill("Mika, for the weekends")
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("heading", name="Open invitations").wait_for()
    page.reload()


SHOTS: dict[str, Callable[[Page], None]] = {
    "customers": customers,
    "profile": profile,
    "credit": credit,
    "bulk-credit": bulk_credit,
    "loyalty": loyalty,
    "price": price,
    "dashboard": dashboard,
    "purchases": purchases,
    "return": taking_back,
    "import-columns": import_columns,
    "import-preview": import_preview,
    "members": members,
}


def take(page: Page, name: str) -> int:
    """Take one picture and keep it small; its size in bytes."""
    SHOTS[name](page)
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    shot = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    few = shot.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    return (IMAGES / f"{name}.png").stat().st_size


def main() -> None:
    chromium = chromium_path()
    if chromium is None:
        raise SystemExit("There is no Chromium on the path.")
    IMAGES.mkdir(exist_ok=True)
    (ROOT / "var").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="screenshots-") as folder,
        demo(Path(folder)) as (address, *login),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        page = browser.new_page(
            base_url=address, viewport=WINDOW, color_scheme="light", reduced_motion="reduce"
        )
        sign_in(page, *login)
        for name in SHOTS:
            print(f"docs/images/{name}.png: {take(page, name):,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
