"""What happens in-world while an owner looks, in a real browser: a vendor sells by its API alone, a ban stops it."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from customers.models import Ban, Customer, Purchase
from sales import keys
from tests.factories import buy, figures_of, make_customer, make_product, make_store, make_vendor
from tests.sales.vendors import ANNA, Stall, outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("books_clean")]
STORE = "/stores/moon"


@pytest.fixture(autouse=True)
def own_settings(settings):
    """What the command allows to be asked is forgotten after the test."""
    settings.OUTGOING_HOSTS = []


@pytest.fixture
def store():
    return make_store("moon", name="Moon Shop")


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp", price=100, copy=True)


def shown(page: Page, *columns: str) -> list[list[str]]:
    """The cells of the list under these heads."""
    heads = [head.strip() for head in page.locator("thead th").all_inner_texts()]
    places = [heads.index(column) for column in columns]
    rows = page.locator("tbody tr").all()
    return [[words(row.locator("td").nth(place)) for place in places] for row in rows]


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def words(cell) -> str:
    cut = cell.locator(".cut")
    return (cut if cut.count() else cell).inner_text().strip()


def test_what_a_vendor_sold_is_on_every_page(owner, live_server, store, lamp, tmp_path):
    figures = ("Customer", "Spent", "Spent -1Y", "Owns", "Credit")
    buy(make_customer(store, "anna.bell"), money=40)
    stall = make_vendor(store, "Stall", discount=10)
    _, secret = keys.issue(vendor=stall, by=None, pays_out=True)
    owner.goto(f"{STORE}/customers/")
    assert shown(owner, *figures) == [["anna.bell", "L$40", "L$40", "0", "L$0"]]
    told = io.StringIO()

    call_command(
        "fake_vendor",
        url=live_server.url,
        key=secret,
        memory=tmp_path / "memory.json",
        seed=2,
        sales=3,
        product=["Lamp"],
        stdout=told,
    )

    assert [line.strip() for line in told.getvalue().splitlines()] == [
        "#1 wren.hollow: Lamp paid 90 (list price 100), a gift to ember.marsh",
        "Lamp to ember.marsh: delivered",
        "#2 amber.vale: Lamp paid 100 - refused, wrong_amount, 100 owed back",
        "paid 100 to amber.vale (give_back): done",
        "#3 amber.vale: Lamp paid 90 (list price 100)",
        "another copy for amber.vale: queued",
        "Lamp to amber.vale: delivered",
        "Lamp to amber.vale: delivered",
    ]
    owner.reload()
    assert shown(owner, *figures) == [
        ["amber.vale", "L$90", "L$90", "1", "L$0"],
        ["wren.hollow", "L$90", "L$90", "0", "L$0"],
        ["anna.bell", "L$40", "L$40", "0", "L$0"],
        ["ember.marsh", "L$0", "L$0", "1", "L$0"],
    ]
    go(owner, "Purchases")
    assert shown(owner, "Product", "Kind", "Customer", "Gift to", "Money", "Vendor")[:-1] == [
        ["Lamp", "Sale", "amber.vale", "Self", "L$90", "Stall"],
        ["Lamp", "Gift", "wren.hollow", "ember.marsh", "L$90", "Stall"],
    ]
    go(owner, "Deliveries")
    assert shown(owner, "Product", "Kind", "To", "State") == [
        ["Lamp", "Redelivery", "amber.vale", "Delivered"],
        ["Lamp", "Sale", "amber.vale", "Delivered"],
        ["Lamp", "Sale", "ember.marsh", "Delivered"],
    ]
    go(owner, "Payments")
    assert shown(owner, "To", "What for", "Amount", "State") == [
        ["amber.vale", "Wrong payment", "L$100", "Paid"]
    ]


def test_a_ban_is_seen_and_stops_a_sale_until_it_is_lifted(owner, store, lamp):
    stall = Stall(store, "Stall")
    assert stall.buy(100, product="Lamp").status_code == 200
    anna = Customer.objects.get(username=ANNA["name"])
    make_customer(store, "ben.moss")
    tomorrow = store.today() + dt.timedelta(days=1)
    owner.goto(f"{STORE}/customers/")
    owner.get_by_role("link", name=anna.username).click()
    dialog = owner.locator("#dialog")
    dialog.get_by_role("link", name="Ban", exact=True).click()
    dialog.get_by_label("Reason").fill("Sold copies")
    dialog.get_by_label("Until").fill(str(tomorrow))
    dialog.get_by_role("button", name="Ban", exact=True).click()

    expect(owner.locator(".toast-item")).to_contain_text("anna.lane was banned.")
    ban = Ban.objects.get()
    assert ban.reason == "Sold copies"
    assert ban.until == dt.datetime.combine(tomorrow, dt.time(), store.zone)
    owner.goto(f"{STORE}/customers/")
    row = owner.locator("tbody tr").filter(has_text="anna.lane")
    expect(row.locator(".badge-bad")).to_have_text("Banned")
    owner.get_by_text("Filters", exact=True).click()
    owner.get_by_label("Banned", exact=True).select_option(label="Yes")
    owner.get_by_role("button", name="Apply").click()
    expect(owner.locator("tbody tr")).to_have_count(1)
    expect(owner.locator("tbody tr")).to_contain_text("anna.lane")

    assert outcome(stall.buy(100, product="Lamp")) == (403, "banned")
    assert Purchase.objects.count() == 1

    row.locator("a").click()
    expect(dialog).to_contain_text("Banned: Sold copies")
    dialog.get_by_role("link", name="Lift the ban").click()
    dialog.get_by_role("button", name="Lift the ban").click()
    expect(owner.locator(".toast-item")).to_contain_text("The ban of anna.lane was lifted.")
    expect(owner.locator("main")).to_contain_text("No customers found")

    assert stall.buy(100, product="Lamp").status_code == 200
    assert figures_of(anna)["spent"] == 200
