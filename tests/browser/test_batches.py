"""What an owner does with many rows at once, in a real browser: preview, apply, watch, undo; files in and out."""

import re

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from products.models import Product
from stores import batches
from stores.batches import deeds
from stores.models import Batch, State
from tests.factories import balances, buy, make_category, make_customer, make_product, make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    """Ten customers; the higher the number, the more was spent."""
    store = make_store("moon", name="Moon Shop")
    for number in range(10):
        buy(make_customer(store, f"resident{number}", credit=number * 10), money=number * 100)
    return store


@pytest.fixture
def customers_page(owner: Page) -> Page:
    owner.goto("/stores/moon/customers/")
    return owner


def held(store) -> list[int]:
    rows = Customer.objects.filter(store=store).order_by("pk")
    return [balances(customer)[0] for customer in rows]


def ask(page: Page, amount: str) -> None:
    """Fill the dialog of bulk credit and look at the preview."""
    page.get_by_label("Credits change", exact=True).fill(amount)
    page.get_by_label("Reason").select_option("goodwill")
    page.get_by_role("button", name="Preview").click()


def test_what_the_list_shows_is_previewed_applied_and_undone(customers_page, store):
    page = customers_page
    page.goto("/stores/moon/customers/?spent_more=700")
    page.get_by_role("link", name="Bulk credit").click()
    expect(page.get_by_label("What the list shows now (2)")).to_be_checked()
    ask(page, "-85")

    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("1 customer holds less than is taken, L$5 Credit in all")
    expect(dialog).to_contain_text("Spent more than L$700")
    expect(dialog).to_contain_text("L$90 → L$5")
    assert held(store)[8:] == [80, 90]
    page.get_by_role("button", name="Update 2 customers").click()

    toast = page.locator(".toast-item")
    expect(toast).to_contain_text("Credit −L$85: 2 customers; in part: 1.")
    expect(dialog).to_be_hidden()
    assert held(store)[8:] == [0, 5]
    toast.get_by_role("button", name="Undo").click()

    expect(page.locator(".toast-item")).to_contain_text("Undo: Credit −L$85: 2 customers.")
    assert held(store)[8:] == [80, 90]


def test_ticked_rows_are_those_that_are_changed(customers_page, store):
    page = customers_page
    page.get_by_label("Tick resident3").check()
    page.get_by_label("Tick resident5").check()
    expect(page.locator("#ticks")).to_contain_text("2 ticked")
    page.locator("#ticks").get_by_role("button", name="Change credit").click()
    expect(page.get_by_label("Ticked (2)")).to_be_checked()
    ask(page, "7")
    page.get_by_role("button", name="Update 2 customers").click()

    expect(page.locator(".toast-item")).to_contain_text("2 customers")
    assert held(store) == [0, 10, 20, 37, 40, 57, 60, 70, 80, 90]


def test_a_ticked_page_becomes_all_of_them(customers_page, store):
    for number in range(10, 40):
        make_customer(store, f"resident{number}")
    page = customers_page
    page.goto("/stores/moon/customers/?per_page=25")
    page.get_by_label("Tick this page").check()
    expect(page.locator("#ticks")).to_contain_text("25 ticked")
    page.get_by_role("button", name="Select all 40").click()
    page.locator("#ticks").get_by_role("button", name="Change credit").click()

    expect(page.get_by_label("Every customer (40)")).to_be_checked()
    expect(page.locator("#dialog")).to_contain_text(
        "With no filter set, this update touches every customer in your store (40)."
    )


def test_nothing_to_change_is_refused_kindly(customers_page, store):
    page = customers_page
    page.get_by_role("link", name="Bulk credit").click()
    ask(page, "0")

    expect(page.locator("#dialog")).to_contain_text("Nothing would change")
    assert not Batch.objects.exists()


def test_a_reload_finds_the_bar_of_progress_and_then_the_result(customers_page, store, monkeypatch):
    monkeypatch.setattr(deeds, "CHUNK", 5)
    page = customers_page
    page.get_by_role("link", name="Bulk credit").click()
    ask(page, "1")
    dialog = page.locator("#dialog")
    expect(dialog.locator("progress")).to_be_visible()
    page.reload()
    expect(dialog.locator("progress")).to_be_visible()

    batch = Batch.objects.get()
    batches.run(batch.pk, seconds=60)
    page.get_by_role("button", name="Update 10 customers").click()
    expect(dialog).to_contain_text("0 of 10 customers, 0 %")
    page.reload()
    expect(dialog).to_contain_text("0 of 10 customers, 0 %")
    batches.run(batch.pk, seconds=60)

    expect(dialog).to_contain_text("Done: 10")
    assert Batch.objects.get().state == State.DONE
    assert held(store)[:3] == [1, 11, 21]
    page.goto("/stores/moon/batches/")
    page.get_by_role("link", name="Undo", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(dialog.locator("progress")).to_be_visible()
    batches.run(Batch.objects.get(undoes=batch).pk, seconds=60)
    expect(dialog).to_contain_text("Given back: 10")
    assert held(store)[:3] == [0, 10, 20]


def test_going_back_and_reloading_applies_nothing_again(customers_page, store):
    page = customers_page
    page.get_by_role("link", name="Bulk credit").click()
    ask(page, "1")
    expect(page.get_by_role("button", name="Update 10 customers")).to_be_visible()
    page.goto(Batch.objects.get().get_absolute_url())
    page.get_by_role("button", name="Update 10 customers").click()
    expect(page.locator(".toast-item")).to_contain_text("Credit +L$1: 10 customers.")

    for step in (page.reload, page.go_back, page.go_forward, page.reload):
        step()
        expect(page.locator("main")).to_contain_text("Done: 10")
        expect(page.get_by_role("button", name="Update 10 customers")).to_have_count(0)

    assert held(store)[:3] == [1, 11, 21]
    assert Batch.objects.count() == 1


def test_a_category_gets_a_discount_and_gives_it_back(customers_page, store):
    shelf = make_category(store, "Lamps")
    make_product(store, "Paper Lamp", category=shelf, discount=30)
    make_product(store, "Moon Lamp", category=shelf)
    page = customers_page
    page.goto("/stores/moon/products/categories/")
    page.get_by_role("link", name="Lamps").click()
    page.get_by_role("link", name="Set discount").click()
    page.get_by_label("Discount %").fill("15")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#dialog")).to_contain_text(
        "1 product has another discount now, which is replaced."
    )
    page.get_by_role("button", name="Update 2 products").click()
    toast = page.locator(".toast-item")
    expect(toast).to_contain_text("2 products")
    assert discounts(store) == {"Paper Lamp": 15, "Moon Lamp": 15}
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast-item")).to_contain_text("Undo: Discount 15 %")
    assert discounts(store) == {"Paper Lamp": 30, "Moon Lamp": 0}


def discounts(store) -> dict[str, int]:
    return dict(Product.objects.filter(store=store).values_list("name", "discount"))


def test_a_file_with_errors_is_mended_previewed_run_and_undone(customers_page, store, tmp_path):
    page = customers_page
    sheet = tmp_path / "people.csv"
    sheet.write_text(
        "Username,Customer Credit,Discount\nresident1,500,5\nnew.person,20,\nresident2,abc,\n"
    )
    page.get_by_role("link", name="Import").click()
    page.get_by_label("CSV file").set_input_files(sheet)
    page.get_by_role("button", name="Look at the columns").click()
    expect(page.get_by_text("“Customer Credit” is read as the username")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Two columns are read as Username")).to_be_visible()
    page.get_by_label("Customer Credit").select_option(label="Credit")
    page.get_by_role("button", name="Preview").click()

    main = page.locator("main")
    expect(main).to_contain_text("L$10 → L$520")
    page.get_by_role("link", name=re.compile("Refused: 1")).click()
    expect(main).to_contain_text("“Customer Credit”, “abc”: is not a number")
    page.get_by_role("button", name="Import 2 customers").click()
    expect(page.locator(".toast-item")).to_contain_text("1 new, 1 changed")
    assert held(store)[1] == 500
    page.get_by_role("button", name="Undo this change").click()

    expect(page.locator(".toast-item")).to_contain_text("Undo: Customers from people.csv")
    assert held(store)[1] == 10
    assert Customer.objects.get(username="new.person").archived_at is not None
