"""Products and vendors in the Django admin: a row stays in its store, a price in its currency."""

import pytest

from products.models import Category, Product, Vendor, VendorGroup
from tests.admin_pages import (
    add_url,
    autocomplete_url,
    errors,
    list_url,
    opened,
    page_url,
    save,
    signed_in,
)
from tests.factories import (
    make_category,
    make_plain_store,
    make_product,
    make_store,
    make_vendor,
    make_vendor_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db):
    return signed_in()


@pytest.fixture
def store(db):
    return make_plain_store("bakery")


def test_a_product_is_added_to_a_store_and_then_described(client, store):
    assert "price" not in opened(client, add_url(Product))
    response = save(client, add_url(Product), store=store.pk, name="Bread", _continue="1")
    bread = Product.objects.get()
    assert response["Location"] == page_url(bread)
    shelf = make_category(store)
    assert errors(save(client, page_url(bread), price="$1,234.50", category=shelf.pk)) == ""
    bread.refresh_from_db()
    assert (bread.price, bread.category) == (123450, shelf)
    assert opened(client, page_url(bread))["price"] == "1234.50"
    assert "$1,234.50" in client.get(list_url(Product)).content.decode()


@pytest.mark.parametrize("price", ["", "-1", "1.234", "x", "9" * 30])
def test_a_price_that_is_none_is_refused(client, store, price, unchanged):
    bread = make_product(store)
    with unchanged():
        assert errors(save(client, page_url(bread), price=price))


@pytest.mark.parametrize("discount", ["-1", "101", "9" * 30, "x"])
def test_a_discount_out_of_range_is_refused(client, store, discount, unchanged):
    for row in (make_product(store), make_vendor(store), make_vendor_group(store)):
        with unchanged():
            assert errors(save(client, page_url(row), discount=discount))


def test_a_row_of_another_store_is_refused(client, store, unchanged):
    other = make_store()
    cases = (
        (make_product(store), "category", make_category(other)),
        (make_vendor(store), "group", make_vendor_group(other)),
    )
    for row, field, foreign in cases:
        with unchanged():
            assert "valid choice" in errors(save(client, page_url(row), **{field: foreign.pk}))


def test_a_row_stays_in_its_store(client, store, unchanged):
    for row in (make_product(store), make_vendor(store), make_category(store)):
        assert "store" not in opened(client, page_url(row))
        other = make_store()
        with unchanged():
            assert errors(save(client, page_url(row), store=other.pk)) == ""


def test_two_of_one_name_are_refused_kindly(client, store, unchanged):
    for make in (make_product, make_category, make_vendor, make_vendor_group):
        make(store, "one")
        row = make(store, "two")
        make(make_store(), "three")
        with unchanged():
            assert "already exists" in errors(save(client, page_url(row), name="one"))
            again = save(client, add_url(type(row)), store=store.pk, name="two")
            assert "already exists" in errors(again)
        assert errors(save(client, page_url(row), name="three")) == ""


def test_a_field_without_a_store_is_an_error(client, unchanged):
    with unchanged():
        assert "required" in errors(save(client, add_url(Product), name="Bread"))
        assert "required" in errors(save(client, add_url(Vendor), name="Corner"))


def test_a_shelf_is_deleted_only_while_it_is_empty(client, store):
    shelf, group = make_category(store), make_vendor_group(store)
    product = make_product(store, category=shelf)
    vendor = make_vendor(store, group=group)
    for row in (shelf, group):
        assert client.post(page_url(row, "delete"), {"post": "yes"}).status_code == 403
    product.delete()
    vendor.delete()
    for row in (shelf, group):
        assert client.post(page_url(row, "delete"), {"post": "yes"}).status_code == 302
    assert not Category.objects.exists()
    assert not VendorGroup.objects.exists()


def test_choices_are_those_of_the_store(client, store):
    mine = make_category(store, "Cakes")
    make_category(make_store(), "Cakes and more")
    address = autocomplete_url(Product, "category")
    page = client.get(page_url(make_product(store, category=mine))).content.decode()
    assert f'data-ajax--url="/admin/autocomplete/?store={store.pk}"' in page
    for term, found in (("", ["Cakes"]), ("ake", ["Cakes"]), ("more", [])):
        answer = client.get(f"{address}&store={store.pk}&term={term}").json()
        assert [choice["text"] for choice in answer["results"]] == found
    answer = client.get(f"{address}&term=Cakes").json()
    assert [choice["text"] for choice in answer["results"]] == ["Cakes"]
