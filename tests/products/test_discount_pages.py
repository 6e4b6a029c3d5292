"""Bulk discount and the discount of a category: the dialog, its preview, its result, and what is refused."""

import csv
import io
import json

import pytest

from products.models import Product
from stores.models import Batch
from tests import forms
from tests.changes import applied, discount_change, undone
from tests.doors.pages import body, read
from tests.factories import make_category, make_member, make_product, make_store
from tests.forms import (
    DIALOG,
    deeds_on,
    facts_on,
    form_at,
    lists_on,
    press,
    rows_on,
    signed_in,
    state_on,
    warnings_on,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/stores/lamps/products/"
PAGE = f"{PRODUCTS}discount/"


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store)


@pytest.fixture
def shelf(store):
    return make_category(store, "Chairs")


@pytest.fixture
def goods(store, shelf):
    """Three products with no discount, another one, and the very one that is set here; two are chairs."""
    return [
        make_product(store, "plain", category=shelf),
        make_product(store, "sale", category=shelf, discount=25),
        make_product(store, "same", discount=10),
    ]


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


def send(client, url=PAGE, **typed):
    return forms.send(client, url, action=url.partition("?")[0], **typed)


def offered(form) -> dict[str, str]:
    return {
        label.text: "chosen" if "checked" in radio else ""
        for radio in form.all("input", name="audience")
        for label in form.all("label", for_=radio["id"])
    }


def discounts(goods) -> list[tuple]:
    keys = [product.pk for product in goods]
    rows = Product.objects.in_bulk(keys)
    return [(rows[key].discount, rows[key].discount_from, rows[key].discount_until) for key in keys]


def category_page(shelf) -> str:
    return f"{PRODUCTS}categories/{shelf.pk}/discount/"


# The dialogs


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", {"Every product (3)": "chosen"}),
        ("?q=sa&sort=price", {"What the list shows now (2)": "chosen", "Every product (3)": ""}),
        ("?discount=lots", {"Every product (3)": ""}),
    ],
)
def test_each_choice_says_how_many(client, goods, query, words):
    form = form_at(client, PAGE + query, action=PAGE)

    assert offered(form) == words


def test_ticked_products_come_first(client, goods):
    plain, sale, _ = goods

    form = form_at(client, f"{PAGE}?tick={plain.pk}&tick={sale.pk}&q=same", action=PAGE)

    assert offered(form) == {
        "Ticked (2)": "chosen",
        "What the list shows now (1)": "",
        "Every product (3)": "",
    }
    values = form.values()
    del values["csrfmiddlewaretoken"]
    assert values == {
        "ticked": f"{plain.pk},{sale.pk}",
        "query": "q=same",
        "discount": "",
        "discount_from": "",
        "discount_until": "",
        "audience": "ticked",
    }


def test_the_list_leads_there_with_what_is_ticked(client, goods):
    page = read(client.get(PRODUCTS))

    button = page.one("form", id="ticks").one("button", formaction=PAGE)
    assert button.text == "Set discount"
    boxes = [(box["value"], box["aria-label"]) for box in page.all("input", name="tick")]
    assert boxes == [(str(product.pk), f"Tick {product.name}") for product in goods]


def test_the_dialog_of_a_category_says_what_it_does(client, shelf, goods):
    part = read(client.get(category_page(shelf), headers=DIALOG))

    assert part.all("html") == []
    assert part.one("h2", id="dialog-title").text == "Discount of Chairs"
    assert "Products that join later do not get it." in part.text
    assert part.one("form", method="post")["hx-post"] == category_page(shelf)


# From the dialog to the result


def test_the_preview_says_what_is_replaced_before_anything_is_set(client, goods):
    response = send(client, discount="10", discount_until="2026-06-30")

    batch = Batch.objects.get()
    assert (response.status_code, response["Location"]) == (302, batch.get_absolute_url())
    page = read(client.get(response["Location"]))
    assert page.one("h1").text == "Discount 10 % until 30 Jun 2026"
    assert facts_on(page) == {
        "Products": "3",
        "Discount": "10 % until 30 Jun 2026",
        "Another discount replaced": "2",
        "Have it already": "0",
    }
    assert warnings_on(page) == [
        "With no filter set, this update touches every product in your store (3).",
        "2 products have another discount now, which is replaced.",
    ]
    assert rows_on(page) == [
        ["plain", "0 %", "10 % until 30 Jun 2026", ""],
        ["sale", "25 %", "10 % until 30 Jun 2026", ""],
        ["same", "10 %", "10 % until 30 Jun 2026", ""],
    ]
    assert deeds_on(page) == {"Update 3 products": "apply"}
    assert [one for one, *_ in discounts(goods)] == [0, 25, 10]


def test_a_preview_lists_and_counts_what_changes(client, store, goods):
    for place in range(14):
        make_product(store, f"t{place:02}", discount=10 if place < 12 else 0)

    response = send(client, discount="10")

    page = read(client.get(response["Location"]))
    assert facts_on(page)["Have it already"] == "13"
    assert deeds_on(page) == {"Update 4 products": "apply"}
    assert [row[0] for row in rows_on(page)] == ["plain", "sale", "t12", "t13"]
    assert page.all("nav", class_="pager") == []


def test_where_all_have_it_already_there_is_nothing_to_apply(client, goods, manager):
    applied(discount_change(*goods, by=manager, percent=10))

    response = send(client, discount="10")

    page = read(client.get(response["Location"]))
    assert deeds_on(page) == {}
    assert [row[2] for row in rows_on(page)] == ["the same"] * 3


def test_it_is_applied_once_and_undone_from_the_toast(client, goods, unchanged):
    send(client, f"{PAGE}?tick={goods[0].pk}&tick={goods[1].pk}", discount="15 %")
    batch = Batch.objects.get()

    first = press(client, batch, "apply", htmx=True)
    set_to = [one for one, *_ in discounts(goods)]
    with unchanged():
        second = press(client, batch, "apply", htmx=True)
    toast = json.loads(first["HX-Trigger"])["toast"]
    back = client.post(toast["undo"]["url"], headers=DIALOG)

    assert (first.status_code, second.status_code, back.status_code) == (204, 204, 204)
    assert first["HX-Trigger"] == second["HX-Trigger"]
    assert toast["text"] == "Discount 15 %: 2 products."
    assert set_to == [15, 15, 10]
    assert [one for one, *_ in discounts(goods)] == [0, 25, 10]


def test_a_category_gets_it_and_no_other_product(client, shelf, goods):
    response = send(client, category_page(shelf), discount="30", discount_from="2026-06-01")

    batch = Batch.objects.get()
    page = read(client.get(response["Location"]))
    press(client, batch, "apply")

    assert page.one("h1").text == "Discount 30 % from 1 Jun 2026, in Chairs"
    assert facts_on(page)["Products"] == "2"
    assert warnings_on(page) == ["1 product has another discount now, which is replaced."]
    assert [one for one, *_ in discounts(goods)] == [30, 30, 10]


def test_zero_clears_what_there_is(client, goods):
    send(client, discount="0", discount_from="2026-06-01", discount_until="2026-06-30")
    batch = Batch.objects.get()

    press(client, batch, "apply")

    assert batch.title == "No discount"
    assert discounts(goods) == [(0, None, None)] * 3


def test_the_result_and_its_files(client, goods, manager):
    batch = discount_change(*goods, by=manager, percent=40)
    Product.objects.filter(pk=goods[0].pk).update(discount=7)
    applied(batch)
    Product.objects.filter(pk=goods[1].pk).update(discount=8)
    undoing = undone(batch)

    page, back = (read(client.get(one.get_absolute_url())) for one in (batch, undoing))

    assert (state_on(page), facts_on(page)["Written"]) == ("Done", "3")
    assert lists_on(page) == {"Done: 3": "", "Changed since the preview: 1": "rows=drifted"}
    assert rows_on(page) == [
        ["plain", "7 %", "40 %", "changed since the preview"],
        ["sale", "25 %", "40 %", ""],
        ["same", "10 %", "40 %", ""],
    ]
    assert facts_on(back) == {"Products": "3", "Written": "2"}
    assert lists_on(back) == {
        "Given back: 2": "",
        "Left: changed since: 1": "rows=left_out",
        "Changed since the preview: 1": "rows=drifted",
    }
    answer = client.get(f"{undoing.get_absolute_url()}rows.csv", {"rows": "left_out"})
    lines = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert lines == [
        [
            "Product",
            "Discount before",
            "From before",
            "Until before",
            "Discount after",
            "From after",
            "Until after",
            "Outcome",
            "Changed since the preview",
        ],
        ["sale", "40", "", "", "25", "", "", "left out", "yes"],
    ]
    assert [one for one, *_ in discounts(goods)] == [7, 8, 10]


# What is refused


BAD = [
    ({"discount": "101"}, "discount", "Enter a whole number from 0 to 100."),
    ({"discount": "-1"}, "discount", "Enter a whole number from 0 to 100."),
    ({"discount": "5.5"}, "discount", "Enter a whole number from 0 to 100."),
    ({"discount": "٥"}, "discount", "Enter a whole number from 0 to 100."),
    ({"discount_from": "yesterday"}, "discount_from", "Enter a valid date."),
    ({"discount_until": "2026-02-30"}, "discount_until", "Enter a valid date."),
    (
        {"discount_from": "2026-06-02", "discount_until": "2026-06-01"},
        "discount_until",
        "Choose a day that is not before the first one.",
    ),
]


@pytest.mark.parametrize("where", ["products", "category"])
@pytest.mark.parametrize(("typed", "field", "said"), BAD)
def test_what_cannot_be_taken_is_said_at_its_field(
    client, shelf, goods, unchanged, where, typed, field, said
):
    url = PAGE if where == "products" else category_page(shelf)
    good = {"discount": "5", "discount_from": "2026-06-01", "discount_until": "2026-06-30"}

    with unchanged():
        response = send(client, url, **{**good, **typed})

    assert response.status_code == 200
    form = read(response).one("form", method="post", action=url)
    assert form.error(field) == said
    kept = form.values()
    assert {name: kept[name] for name in good} == {**good, **typed}


def test_what_cannot_be_read_is_never_every_product(client, goods, unchanged):
    with unchanged():
        refused = [
            send(client, f"{PAGE}?discount=lots", discount="5"),
            send(client, discount="5", ticked="1;2"),
            send(client, discount="5", audience="ticked"),
        ]

    assert [response.status_code for response in refused] == [200] * 3
