"""What is seen only by looking: names that fit nothing, menus that rows lie under, charts of a phone."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from customers import purchases
from tests.browser.test_screens import faults
from tests.browser.visits import sign_in
from tests.factories import buy, make_customer, make_product, make_store

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "w" * 64
# What stands uppermost where the middle of an element is.
ON_TOP = """one => {
    const { x, y, width, height } = one.getBoundingClientRect();
    const top = document.elementFromPoint(x + width * 0.9, y + height / 2);
    return one.contains(top) ? "" : top?.outerHTML.slice(0, 120) ?? "nothing";
}"""


def box_of(one):
    box = one.bounding_box()
    assert box
    return box


def middle(box) -> float:
    return box["y"] + box["height"] / 2


@pytest.mark.parametrize("path", ["accounts/login/", "accounts/password/reset/", "help/"])
def test_pages_outside_of_a_store_fit_every_screen(visitor, path):
    visitor.goto(f"/{path}")

    assert faults(visitor) == []


@pytest.mark.parametrize("path", ["", "credit/", "purchases/", "products/"])
def test_the_longest_name_fits_every_screen(visitor, live_server, path):
    shop = make_store("moon")
    customer = make_customer(shop, LONG, credit=10)
    buy(customer, make_product(shop, "W" * 100))
    sign_in(visitor, live_server, shop)
    visitor.goto(f"{customer.get_absolute_url()}{path}")

    assert faults(visitor) == []


@pytest.mark.parametrize("width", [390, 800, 1100, 1440])
def test_filters_open_within_the_window(customers_page, width):
    page = customers_page
    page.set_viewport_size({"width": width, "height": 844})
    page.locator(".filters > summary").click()

    box = box_of(page.locator(".filters .menu-panel"))

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_menus_lie_above_the_rows(customers_page):
    page = customers_page
    page.locator(".user > summary").click()

    buttons = page.locator(".user .menu-panel li :is(a, button)")

    assert buttons.evaluate_all(f"all => all.map({ON_TOP}).filter(Boolean)") == []


@pytest.mark.parametrize("path", ["customers/", "dashboard/", "customers/add/"])
def test_help_covers_nothing(page, live_server, store, path):
    sign_in(page, live_server, store)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/stores/moon/{path}")
        help_box = box_of(page.locator(".help-link"))
        head_box = box_of(page.get_by_role("heading", level=1))

        assert help_box["x"] >= head_box["x"] + head_box["width"]
        assert abs(middle(help_box) - middle(head_box)) < 8
        expect(page.locator(".help-link")).to_be_in_viewport(ratio=1)


def test_a_chart_fits_a_phone_and_names_the_last_month(page, live_server, store):
    sign_in(page, live_server, store)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/stores/moon/dashboard/")
    chart = page.get_by_role("group", name="Money spent")

    labels = chart.locator(".group-label:visible")

    expect(labels.last).to_have_text(f"{store.today():%b %y}")
    boxes = [box_of(label) for label in labels.all()]
    assert all(one["x"] + one["width"] < after["x"] for one, after in pairwise(boxes))
    assert boxes[-1]["x"] + boxes[-1]["width"] <= 390
    assert float(chart.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 11


@pytest.mark.parametrize("path", ["credit/", "purchases/", "products/", "credit/statement/"])
def test_amounts_are_in_sight_on_a_phone(page, live_server, store, path):
    customer = make_customer(store, LONG, credit=40)
    buy(customer, make_product(store, "Lamp in a box with a ribbon", copy=True), money=700)
    sign_in(page, live_server, store)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{customer.get_absolute_url()}{path}")

    amounts = page.locator(".lines td.num:visible")

    expect(amounts.first).to_be_visible()
    edges = [box["x"] + box["width"] for box in map(box_of, amounts.all())]
    assert max(edges) <= 390
    assert page.locator(".lines-frame").first.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_column_that_says_nothing_is_left_out(page, live_server, store):
    customer = make_customer(store, "anna.bell")
    bought = buy(customer, make_product(store, "Paper Cup"))
    sign_in(page, live_server, store)
    page.goto(f"{customer.get_absolute_url()}purchases/")
    expect(page.get_by_role("columnheader", name="State")).to_have_count(0)

    purchases.take_back(purchase=bought, by=None)
    page.reload()

    expect(page.get_by_role("columnheader", name="State")).to_be_visible()
