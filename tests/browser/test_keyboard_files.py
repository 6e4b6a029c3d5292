"""Files in and out by keyboard alone, in a real browser: customers and sales are imported, and a list is exported."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, Purchase
from tests.factories import balances, buy, make_customer, make_product, make_store, set_window
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = "Username,Customer Credit,Discount\nresident1,500,5\nnew.person,20,\nresident2,abc,\n"
SALES = "Buyer,Day,Item,Paid\nresident1,2026-01-05,Paper lamp,500\nbert,2026-01-07,Oak chair,90\n"


@pytest.fixture
def store():
    store = make_store("moon", name="Moon Shop")
    make_product(store, "Paper Lamp", price=250)
    for number in range(1, 4):
        buy(make_customer(store, f"resident{number}", credit=10), money=number * 500)
    set_window(store, store.today())
    return store


@pytest.fixture
def owner(owner: Page) -> Page:
    owner.goto("/stores/moon/customers/")
    return owner


def choose_file(page: Page, keyboard: Keyboard, path: Path) -> None:
    """The window in which files are chosen is the browser's own, and opens by a key."""
    keyboard.to(page.get_by_label("CSV file"), within=12)
    with page.expect_file_chooser() as chooser:
        keyboard.press("Enter")
    chooser.value.set_files(path)


def test_customers_are_imported_and_given_back(owner, keyboard: Keyboard, tmp_path, store):
    page, main = owner, owner.locator("main")
    (sheet := tmp_path / "people.csv").write_text(PEOPLE)
    keyboard.press("/")
    keyboard.follow("Import", within=10, back=True)
    expect(page.get_by_label("CSV file")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    choose_file(page, keyboard, sheet)
    keyboard.push("Look at the columns", within=12)
    expect(page.get_by_text("“Customer Credit” is read as the username")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Preview", within=15)
    expect(page.get_by_text("Two columns are read as Username")).to_be_visible()
    expect(page.locator(".form-errors")).to_be_focused()
    keyboard.choose("Customer Credit", "Credit", within=4)
    keyboard.push("Preview", within=12)

    expect(main).to_contain_text("L$10 → L$520")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Refused: 1", within=8)
    expect(main).to_contain_text("“Customer Credit”, “abc”: is not a number")
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Import 2 customers", within=12)
    expect(page.locator(".toast-item")).to_contain_text("1 new, 1 changed")
    assert balances(Customer.objects.get(username="resident1")) == (500, 0)
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Undo this change", within=12)

    expect(page.locator(".toast-item")).to_contain_text("Undo: Customers from people.csv")
    assert balances(Customer.objects.get(username="resident1")) == (10, 0)


def test_sales_are_imported_and_given_back(owner, keyboard, tmp_path, store):
    page, main = owner, owner.locator("main")
    before = Purchase.objects.count()
    (sheet := tmp_path / "sales.csv").write_text(SALES)
    page.goto("/stores/moon/customers/import/")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Import sales", within=8)
    expect(page.get_by_role("heading", name="Import sales")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    choose_file(page, keyboard, sheet)
    keyboard.push("Look at the columns", within=12)
    expect(page.get_by_label("Paid")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.choose("Day", "Date", within=10)
    keyboard.choose("Paid", "Amount", within=5)
    keyboard.push("Next", within=5)

    expect(page.get_by_role("heading", name="Products of sales.csv")).to_be_visible()
    keyboard.follow("Skip to content", within=1)
    keyboard.choose("Oak chair", "Create it", within=12)
    keyboard.push("Preview", within=8)
    expect(main).to_contain_text("1 matched, 1 to be created")
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Import 2 sales", within=15)
    expect(page.locator(".toast-item")).to_contain_text("2 sales added, L$590 in all")
    assert Purchase.objects.count() == before + 2
    keyboard.follow("Skip to content", within=1)
    keyboard.push("Undo this change", within=15)

    expect(page.locator(".toast-item")).to_contain_text("Undo: Sales from sales.csv")
    assert Purchase.objects.count() == before


def test_chosen_columns_of_a_list_are_downloaded(owner, keyboard):
    keyboard.press("/")
    keyboard.follow("Export", within=10, back=True)
    expect(owner.get_by_role("button", name="Download 3 customers")).to_be_visible()
    wanted = ("Username", "Spent")
    boxes = owner.locator("#export input[name=column]")
    labels = [box.evaluate("box => box.labels[0].textContent.trim()") for box in boxes.all()]
    for label in labels:
        keyboard.to_role("checkbox", label, within=3)
        if owner.locator("input:focus").is_checked() != (label in wanted):
            keyboard.press("Space")
    with owner.expect_download() as download:
        keyboard.push("Download 3 customers", within=3)

    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "Username,Spent"
    assert len(lines) == 4
    keyboard.press("Escape")
    expect(owner.get_by_role("link", name="Export", exact=True)).to_be_focused()


def test_days_of_an_export_are_counted_while_they_are_chosen(owner, keyboard, store):
    owner.goto("/stores/moon/exports/")
    keyboard.follow("Skip to content", within=1)
    keyboard.follow("Export Purchases", within=8)
    expect(owner.locator("#export-button")).to_have_text("Download 3 purchases")
    keyboard.fill("From", "01012100", within=8)
    keyboard.to(owner.get_by_label("To", exact=True), within=3)
    expect(owner.locator("#export-button")).to_have_text("Download 0 purchases")
    keyboard.follow("This month", within=8, back=True)

    expect(owner.locator("#export-button")).to_have_text("Download 3 purchases")
