"""A sales file brought in by an owner, in a real browser: columns, products, preview, run, undo."""

import re

import pytest
from playwright.sync_api import Page, expect

from customers.models import Purchase
from products.models import Product
from stores import batches
from stores.batches import deeds
from stores.models import Batch
from tests.browser.visits import sign_in
from tests.factories import figures_of, make_customer, make_product, make_store

pytestmark = pytest.mark.django_db(transaction=True)
SHEET = (
    "Buyer,Day,Item,Qty,Paid\n"
    "Anna Resident,2026-01-05,Paper lamp,2,500\n"
    "anna,2026-01-06,Lamp (paper),1,250\n"
    "bert,2026-01-07,Oak chair,1,90\n"
    "bert,2026-01-08,Oak chair,-1,-90\n"
    "carla,2026-01-09,Mystery box,1,abc\n"
    "carla,2026-01-10,Mystery box,1,10\n"
)


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    make_product(store, "Paper Lamp", price=250)
    make_product(store, "Oak Chair XL", price=90)
    return store


@pytest.fixture
def anna(store):
    return make_customer(store, "anna")


@pytest.fixture
def import_page(page: Page, live_server, store, tmp_path) -> Page:
    sign_in(page, live_server, store)
    page.goto("/stores/moon/customers/")
    page.get_by_role("link", name="Import").first.click()
    page.get_by_role("link", name="Import sales").click()
    sheet = tmp_path / "sales.csv"
    sheet.write_text(SHEET)
    page.get_by_label("CSV file").set_input_files(sheet)
    page.get_by_role("button", name="Look at the columns").click()
    return page


def match_columns(page: Page) -> None:
    expect(page.get_by_text("“Day”, “Paid”")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("There is no column for Date")).to_be_visible()
    page.get_by_label("Day").select_option(label="Date")
    page.get_by_label("Paid").select_option(label="Amount")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Products of sales.csv")).to_be_visible()


def test_a_file_is_matched_previewed_run_and_undone(import_page, store, anna):
    page, main = import_page, import_page.locator("main")
    match_columns(page)

    expect(page.get_by_label("Lamp (paper)", exact=True)).to_have_value(
        str(Product.objects.get(name="Paper Lamp").pk)
    )
    page.get_by_label("Oak chair", exact=True).select_option(label="Create it")
    page.get_by_role("button", name="Preview").click()
    expect(main).to_contain_text("1 product of the file is not matched yet")
    page.get_by_role("button", name="Leave out the rest").click()

    expect(main).to_contain_text("2 matched, 1 to be created, 1 left out")
    page.get_by_role("link", name=re.compile("Refused: 1")).click()
    expect(main).to_contain_text("“Paid”, “abc”: is not a number")
    page.get_by_role("button", name="Import 4 sales").click()

    expect(page.locator(".toast-item")).to_contain_text("4 sales added, L$750 in all")
    assert figures_of(anna)["spent"] == 750
    page.get_by_role("button", name="Undo this change").click()

    expect(page.locator(".toast-item")).to_contain_text("Undo: Sales from sales.csv: taken back: 4")
    assert figures_of(anna)["spent"] == 0
    assert not Purchase.objects.exists()
    assert Product.objects.count() == 2


def test_another_product_is_found_while_typing(import_page, store, anna):
    page = import_page
    match_columns(page)

    page.get_by_label("Another product for Mystery box").press_sequentially("oak")
    expect(page.locator("#product-names option")).to_have_count(1)
    page.get_by_label("Another product for Mystery box").fill("Oak Chair XL")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("main")).to_contain_text("4 matched")
    expect(page.locator("main")).to_contain_text("Mystery box → Oak Chair XL")


def test_a_large_file_shows_its_progress_and_then_asks(import_page, store, anna, monkeypatch):
    monkeypatch.setattr(deeds, "CHUNK", 1)
    page, main = import_page, import_page.locator("main")
    page.get_by_label("Day").select_option(label="Date")
    page.get_by_label("Paid").select_option(label="Amount")
    page.get_by_role("button", name="Next").click()
    expect(main.locator("progress")).to_be_visible()

    batches.run(Batch.objects.get().pk, seconds=60)

    expect(main).to_contain_text("3 products are not matched yet")
    page.get_by_role("link", name="Match products").click()
    page.get_by_role("button", name="Create the rest").click()
    expect(main).to_contain_text("Import 5 sales")
