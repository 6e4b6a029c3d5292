"""Dialogs of the catalogue: what they take, what they refuse at which field, and what they offer to whom."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from products import catalogue
from products.models import Category, Product, Vendor, VendorGroup
from stores.models import AuditEntry
from tests.doors.pages import Node, body, header_faults, read
from tests.factories import (
    buy,
    make_category,
    make_customer,
    make_member,
    make_plain_store,
    make_product,
    make_store,
    make_vendor,
    make_vendor_group,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/stores/lamps/products/"
CATEGORIES = f"{PRODUCTS}categories/"
VENDORS = "/stores/lamps/vendors/"
GROUPS = f"{VENDORS}groups/"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def store():
    return make_store("lamps")


def signed_in(store, role: str = "manager") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def client(store):
    return signed_in(store)


def form_at(client, url: str) -> Node:
    return read(client.get(url)).one("form", method="post", action=url)


def send(client, url: str, *, htmx: bool = False, **typed):
    fields = {**form_at(client, url).values(), **typed}
    data = {name: value for name, value in fields.items() if value is not None}
    return client.post(url, data, headers=DIALOG if htmx else {})


def png() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(written, "PNG")
    return SimpleUploadedFile("evil.svg.php", written.getvalue())


def test_a_product_is_added(client, store):
    shelf = make_category(store)

    response = send(
        client,
        f"{PRODUCTS}add/",
        name="  Big   lamp ",
        category=str(shelf.pk),
        price="L$1,250",
        discount="15 %",
        discount_from="2026-06-01",
        discount_until="2026-06-30",
        copy="on",
    )

    lamp = Product.objects.get()
    assert (response.status_code, response["Location"]) == (302, PRODUCTS)
    assert (lamp.store, lamp.name, lamp.category, lamp.price) == (store, "Big lamp", shelf, 1250)
    assert (lamp.discount, lamp.copy, lamp.blocks_credit) == (15, True, False)
    assert (lamp.discount_from, lamp.discount_until) == (dt.date(2026, 6, 1), dt.date(2026, 6, 30))


def test_prices_are_in_the_currency_of_the_store():
    client = signed_in(make_plain_store("lamps"))

    send(client, f"{PRODUCTS}add/", name="Lamp", price="12.50")

    lamp = Product.objects.get()
    assert lamp.price == 1250
    assert form_at(client, f"{PRODUCTS}{lamp.pk}/").values()["price"] == "12.50"


REFUSED = [
    ("name", ""),
    ("name", "   "),
    ("name", "x" * 201),
    ("price", ""),
    ("price", "-1"),
    ("price", "٣"),
    ("price", "1.5"),
    ("price", "1000000000001"),
    ("price", "9223372036854775808"),
    ("discount", "101"),
    ("discount", "-1"),
    ("discount", "5.5"),
    ("discount", "٥"),
    ("discount_from", "yesterday"),
    ("discount_from", "2026-02-30"),
    ("discount_until", "2026-05-31"),
    ("category", "9223372036854775808"),
    ("category", "x"),
]


def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_changes(client, store, unchanged):
    lamp = make_product(store, "Lamp")
    foreign = make_category(make_store())
    answers = {}
    cases = [*REFUSED, ("category", str(foreign.pk))]

    for url in (f"{PRODUCTS}add/", f"{PRODUCTS}{lamp.pk}/"):
        fields = {**form_at(client, url).values(), "name": "New", "price": "5"}
        fields["discount_from"] = "2026-06-01"
        for name, typed in cases:
            with unchanged():
                response = client.post(url, {**fields, name: typed})
            form = read(response).one("form", method="post", action=url)
            kept = name == "category" or form.values()[name] == typed
            answers[url, name, typed] = (response.status_code, bool(form.error(name)), kept)

    assert answers == dict.fromkeys(answers, (200, True, True))


def test_a_name_that_is_there_leads_to_it(client, store, unchanged):
    lamp = make_product(store, "Lamp")
    catalogue.put_away(row=lamp, by=None)

    with unchanged():
        response = send(client, f"{PRODUCTS}add/", name="Lamp", price="5")

    form = read(response).one("form", method="post", action=f"{PRODUCTS}add/")
    assert form.error("name") == "There is one of that name: Lamp, deleted."
    assert form.all("a", href=f"{PRODUCTS}{lamp.pk}/") != []


def test_a_product_is_edited_in_the_dialog(client, store):
    lamp = make_product(store, "Lamp", price=5, copy=True)

    response = send(client, f"{PRODUCTS}{lamp.pk}/", htmx=True, price="7", copy=None)

    lamp.refresh_from_db()
    assert response.status_code == 204
    assert "Lamp was saved." in response["HX-Trigger"]
    assert (lamp.price, lamp.copy) == (7, False)
    assert AuditEntry.objects.get().changes == {"price": [5, 7], "copy": [True, False]}


def test_what_changed_meanwhile_is_said_and_saving_again_replaces_it(client, store):
    shelf, other = make_category(store, "Shelf"), make_category(store, "Other")
    lamp = make_product(store, "Lamp", price=5)
    url = f"{PRODUCTS}{lamp.pk}/"
    fields = {**form_at(client, url).values(), "price": "7", "category": str(shelf.pk)}
    Product.objects.filter(pk=lamp.pk).update(price=6, category=other)

    first = client.post(url, fields)
    form = read(first).one("form", method="post", action=url)
    lamp.refresh_from_db()
    between = (lamp.price, lamp.category)
    second = client.post(url, form.values())

    lamp.refresh_from_db()
    assert (first.status_code, second.status_code) == (409, 302)
    assert form.error("price").startswith("Now L$6, changed meanwhile.")
    assert form.error("category").startswith("Now Other, changed meanwhile.")
    assert between == (6, other)
    assert (lamp.price, lamp.category) == (7, shelf)


def test_a_form_of_another_row_is_refused(client, store, unchanged):
    lamp, chair = make_product(store, "Lamp"), make_product(store, "Chair")
    opened = form_at(client, f"{PRODUCTS}{chair.pk}/").values()["opened"]

    with unchanged():
        response = send(client, f"{PRODUCTS}{lamp.pk}/", opened=opened, price="7")

    assert "The form is damaged; close it and open it again." in read(response).text


def test_a_picture_is_made_small_shown_replaced_and_removed(
    client, store, media, django_capture_on_commit_callbacks
):
    lamp = make_product(store, "Lamp")
    url = f"{PRODUCTS}{lamp.pk}/"

    with django_capture_on_commit_callbacks(execute=True):
        send(client, url, picture=png())
    lamp.refresh_from_db()
    (shown,) = read(client.get(PRODUCTS)).one("td", class_="name").all("img")
    picture = client.get(shown["src"])
    stored = Image.open(io.BytesIO(body(picture)))
    strange = client.get(shown["src"].replace(f"/{lamp.pk}/", f"/{make_product(store).pk}/"))
    with django_capture_on_commit_callbacks(execute=True):
        send(client, url, clear_picture="on")

    lamp.refresh_from_db()
    assert (stored.format, stored.size) == ("WEBP", (256, 256))
    assert header_faults(picture, picture=True) == []
    assert strange.status_code == 404
    assert (lamp.image.name, list(media.rglob("*.webp"))) == ("", [])
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["product.image"] * 2


def test_what_is_no_picture_is_refused(client, store, unchanged):
    lamp = make_product(store, "Lamp")

    with unchanged():
        file = SimpleUploadedFile("a.png", b"no picture")
        response = send(client, f"{PRODUCTS}{lamp.pk}/", picture=file)

    assert read(response).error("picture") == "Send a PNG, JPEG or WebP picture."


def test_a_product_is_deleted_and_restored(client, store):
    lamp = make_product(store, "Lamp")
    url = f"{PRODUCTS}{lamp.pk}/"
    buy(make_customer(store), lamp)

    deleted = client.post(f"{url}deletion/", headers=DIALOG)
    page = read(client.get(url))
    client.post(f"{url}restoration/")

    assert f"{url}restoration/" in deleted["HX-Trigger"]
    assert "Deleted on" in page.one("p", class_="alert").text
    assert [link.text for link in page.one("p", class_="profile-links").all("a")] == [
        "Buyers",
        "Restore",
    ]
    lamp.refresh_from_db()
    assert lamp.deleted_at is None


def test_categories_vendors_and_groups_are_added_and_edited(client, store):
    send(client, f"{CATEGORIES}add/", name="Shelf")
    send(client, f"{GROUPS}add/", name="Street", discount="5")
    street = VendorGroup.objects.get()
    send(client, f"{VENDORS}add/", name="Stall", group=str(street.pk), group_discount="10")
    shelf, stall = Category.objects.get(), Vendor.objects.get()
    added = (shelf.name, street.discount, stall.group, stall.discount, stall.group_discount)

    send(client, f"{CATEGORIES}{shelf.pk}/", name="Board")
    send(client, f"{GROUPS}{street.pk}/", discount="6")
    send(client, f"{VENDORS}{stall.pk}/", discount="7", group="")

    assert added == ("Shelf", 5, street, 0, 10)
    assert Category.objects.get().name == "Board"
    assert VendorGroup.objects.get().discount == 6
    assert Vendor.objects.values_list("discount", "group").get() == (7, None)


def test_deleting_says_what_keeps_it(client, store):
    shelf, street = make_category(store, "Shelf"), make_vendor_group(store, "Street")
    lamp = make_product(store, category=shelf)
    stall = make_vendor(store, "Stall", group=street)
    buy(make_customer(store), lamp, vendor=stall)
    urls = [
        f"{CATEGORIES}{shelf.pk}/deletion/",
        f"{GROUPS}{street.pk}/deletion/",
        f"{VENDORS}{stall.pk}/deletion/",
    ]

    answers = [client.post(url) for url in urls]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    said = [read(answer).one("main").one("div", class_="sheet-body").text for answer in answers]
    assert [words.partition(":")[0].partition(",")[0] for words in said] == [
        "Shelf is not empty",
        "Street is not empty",
        "Stall sold something",
    ]
    assert all("Nothing was deleted." in words for words in said)


def test_what_is_empty_is_deleted(client, store):
    shelf, street = make_category(store), make_vendor_group(store)
    stall = make_vendor(store)

    for url in (f"{CATEGORIES}{shelf.pk}/", f"{GROUPS}{street.pk}/", f"{VENDORS}{stall.pk}/"):
        assert client.post(f"{url}deletion/").status_code == 302

    assert [model.objects.count() for model in (Category, VendorGroup, Vendor)] == [0, 0, 0]


def test_a_vendor_is_retired_and_revived(client, store):
    stall = make_vendor(store, "Stall")
    url = f"{VENDORS}{stall.pk}/"

    client.post(f"{url}retirement/")
    retired = [
        link.text for link in read(client.get(url)).one("p", class_="profile-links").all("a")
    ]
    client.post(f"{url}revival/")

    assert retired == ["Purchases", "Revive", "Delete"]
    assert Vendor.objects.get().retired_at is None


@pytest.mark.parametrize("role", ["clerk", "viewer"])
def test_who_may_not_edit_sees_the_facts(store, role, unchanged):
    client = signed_in(store, role)
    lamp = make_product(
        store, "Lamp", price=5, discount=10, discount_from=dt.date(2026, 6, 1), category=None
    )
    url = f"{PRODUCTS}{lamp.pk}/"

    with unchanged():
        page = read(client.get(url))
        statuses = [client.post(url, {}).status_code, client.get(f"{url}deletion/").status_code]

    facts = [node.text for node in page.one("dl", class_="figures").all("div")]
    assert facts == [
        "Category none",
        "Price L$5",
        "Discount % 10 %",
        "From 1 Jun 2026",
        "Until none",
        "May be copied no",
        "Blocks credit no",
    ]
    assert (page.all("form", action=url), statuses) == ([], [403, 403])


def test_looking_changes_nothing(client, store, unchanged):
    rows = [
        (PRODUCTS, make_product(store)),
        (CATEGORIES, make_category(store)),
        (VENDORS, make_vendor(store)),
        (GROUPS, make_vendor_group(store)),
    ]

    with unchanged():
        statuses = {
            client.get(url).status_code
            for base, row in rows
            for url in (base, f"{base}add/", f"{base}{row.pk}/", f"{base}{row.pk}/deletion/")
        }

    assert statuses == {200}
