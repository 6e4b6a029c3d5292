"""Every page of the Django admin: it is there, takes hostile input, and asks no more with many rows than with few."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import (
    Ban,
    BookCheck,
    CreditAccount,
    CreditDay,
    CreditEntry,
    CreditRow,
    Customer,
    CustomerCount,
    CustomerLine,
    OldName,
    Portrait,
    Purchase,
    PurchaseDay,
    SearchText,
    YearWindow,
)
from loyalty.models import (
    Coupon,
    CouponUse,
    KeptDiscount,
    KeptRow,
    LoyaltyTier,
    Settings,
    StoredQuote,
)
from products.models import DiscountRow, Product, RateRow, Vendor
from sales.models import (
    Answer,
    Attempt,
    Box,
    Delivery,
    Payout,
    RateWindow,
    RedeliveryRow,
    Return,
    SaleName,
    SalePerson,
    SaleRow,
    VendorKey,
)
from stores.models import AuditEntry, Batch, Invitation, Member, SavedView, Store, Upload, User
from tests.admin_pages import (
    FOREIGN_KEYS,
    MODELS,
    add_url,
    addresses,
    autocomplete_url,
    list_url,
    oldest,
    page_url,
    signed_in,
)
from tests.conftest import OUR_APPS
from tests.factories import (
    make_store,
    make_user,
)
from tests.grown import grow
from tests.turns import in_turn

READ_ONLY = [
    Answer,
    Attempt,
    AuditEntry,
    Ban,
    Batch,
    BookCheck,
    Box,
    Coupon,
    CouponUse,
    CreditAccount,
    CreditDay,
    CreditEntry,
    CreditRow,
    CustomerCount,
    CustomerLine,
    Delivery,
    DiscountRow,
    Invitation,
    KeptDiscount,
    KeptRow,
    LoyaltyTier,
    OldName,
    Payout,
    Portrait,
    Purchase,
    PurchaseDay,
    RateRow,
    RateWindow,
    RedeliveryRow,
    Return,
    SaleName,
    SalePerson,
    SaleRow,
    SavedView,
    SearchText,
    Settings,
    StoredQuote,
    Upload,
    VendorKey,
    YearWindow,
]
NEVER_ADDED = [*READ_ONLY, Customer]
NEVER_DELETED = [*NEVER_ADDED, Store, User, Product, Vendor]
HOSTILE = [
    "%",
    "_",
    "'",
    '"',
    "\\",
    "a'; DROP TABLE x --",
    "-1",
    "9" * 18,
    "9" * 30,
    "0x10",
    "²",
    "٣",
    "İSTANBUL",
    "\u202e",
    "🙂",
    "  ",
    "* OR NEAR(",
    "customer " + "9" * 30,
    "customer ",
    "@",
    "00000000-0000-0000-0000-000000000000",
    "ab",
    "x" * 3000,
]
ADDRESSES = [
    "store=x",
    "store=-1",
    "store=" + "9" * 30,
    "store=",
    "p=999",
    "p=x",
    "o=1.-2.x",
    "o=-1",
    "all=",
    "e=1",
    "id__exact=" + "9" * 30,
    "_popup=1",
    "store__slug=x",
    "customer__note__contains=x",
    f"q={quote(HOSTILE[0])}",
    f"q={quote(HOSTILE[-1])}",
]
BY_LABEL = {"argvalues": MODELS, "ids": lambda model: model._meta.label}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _store(once) -> Store:
    store = make_store("first")
    once(grow, store, 2)
    return store


@pytest.fixture
def store(_store, db) -> Store:
    return Store.objects.get(pk=_store.pk)


@pytest.fixture(scope="module")
def _session(once) -> str:
    return once(signed_in).cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def client(_session, db) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = _session
    return client


def test_every_model_is_registered():
    ours = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
    assert [model for model in ours if model not in admin.site._registry] == []


@pytest.mark.parametrize("model", **BY_LABEL)
def test_every_page_answers_and_counts_nothing_to_the_end(model, store, client):
    with CaptureQueriesContext(connection) as captured:
        for what, address in addresses(model, store, oldest(model)).items():
            assert client.get(address).status_code == 200, what
    asked = [query["sql"] for query in captured]
    assert [sql for sql in asked if "COUNT(" in sql and not re.search(r"LIMIT \d+", sql)] == []
    assert [sql for sql in asked if "DISTINCT" in sql] == []


@pytest.mark.parametrize("model", **BY_LABEL)
def test_every_choice_of_every_filter_answers(model, store, client):
    response = client.get(list_url(model))
    changelist = response.context["cl"]
    choices = [choice for spec in changelist.filter_specs for choice in spec.choices(changelist)]
    for choice in choices:
        address = list_url(model) + choice["query_string"]
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("model", **BY_LABEL)
def test_what_is_typed_never_breaks_a_search(model, store, rf):
    model_admin = admin.site.get_model_admin(model)
    for term in HOSTILE:
        for where in ({}, {"store": store.pk}):
            request = rf.get("/", where)
            found, _ = model_admin.get_search_results(request, model.objects.all(), term)
            assert len(found) <= model.objects.count()


@pytest.mark.parametrize("model", **BY_LABEL)
def test_what_stands_in_an_address_never_breaks_a_list(model, store, client):
    """Each list gets a third of what all lists treat alike, and each of its own filters something."""
    place = MODELS.index(model)
    for query in ADDRESSES[place % 3 :: 3]:
        answer = client.get(f"{list_url(model)}?{query}")
        assert answer.status_code in (200, 302, 400), query
    filters = client.get(list_url(model)).context["cl"].filter_specs
    names = [name for spec in filters for name in spec.expected_parameters()]
    for name, value in in_turn(names, ("x", "9" * 30, "-1", ""), start=place):
        answer = client.get(f"{list_url(model)}?{name}={value}")
        assert answer.status_code in (200, 302), (name, value)


@pytest.mark.parametrize("key", ["0", "9" * 30, "x", "-1", "_27"])
@pytest.mark.parametrize("model", **BY_LABEL)
def test_a_page_that_is_not_there(model, key, client):
    response = client.get(f"{list_url(model)}{key}/change/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/"


@pytest.mark.parametrize(("model", "field"), FOREIGN_KEYS, ids=str)
def test_choices_for_every_key_answer(model, field, store, client):
    for term in ("", "%", "9" * 30):
        query = urlencode({"term": term, "store": store.pk, "page": 1})
        answer = client.get(f"{autocomplete_url(model, field)}&{query}")
        assert answer.status_code == 200, query
        assert answer.json()["results"] if not term else answer.json()["results"] == []


def test_many_rows_ask_no_more_than_few(store, client, monkeypatch):
    """Many are more than stand on a page."""
    for model in MODELS:
        monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", 10)

    def asked() -> dict[str, int]:
        return {
            f"{model._meta.label}: {what}": queries(client, address)
            for model in MODELS
            for what, address in addresses(model, store, oldest(model)).items()
        }

    grow(store, 3)
    ContentType.objects.get_for_models(*MODELS)  # remembered from the first page that asks
    few = asked()
    grow(store, 15)
    assert asked() == few


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize("model", **BY_LABEL)
def test_no_field_lists_every_row(model, store, client):
    """A choice among rows is typed, never a list of all of them; groups and permissions are few."""
    html = client.get(page_url(oldest(model))).content.decode()
    lists = re.findall(r"<select(?![^>]*admin-autocomplete)[^>]*name=\"([\w-]+)\"", html)
    assert {name for name in lists if name not in ("groups", "user_permissions")} <= {
        *(f"members-{place}-role" for place in range(100)),
        "members-2-__prefix__-role",
        "role",
    }


@pytest.mark.parametrize("model", NEVER_ADDED, ids=lambda model: model._meta.label)
def test_rows_of_verbs_are_not_added(model, client):
    assert client.get(add_url(model)).status_code == 403
    assert client.post(add_url(model)).status_code == 403


@pytest.mark.parametrize("model", [m for m in MODELS if m not in NEVER_ADDED], ids=str)
def test_other_rows_can_be_added(model, client):
    assert client.get(add_url(model)).status_code == 200


@pytest.mark.parametrize("model", NEVER_DELETED, ids=lambda model: model._meta.label)
def test_rows_that_others_stand_on_are_not_deleted(model, store, client, unchanged):
    row = oldest(model)
    sweep = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    with unchanged():
        assert client.get(page_url(row, "delete")).status_code == 403
        assert client.post(page_url(row, "delete"), {"post": "yes"}).status_code == 403
        client.post(list_url(model), sweep)
    assert "delete_selected" not in client.get(list_url(model)).content.decode()


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.label)
def test_rows_of_verbs_are_not_changed(model, store, client, unchanged):
    row = oldest(model)
    fields = {field.name: "1" for field in model._meta.fields}
    with unchanged():
        assert client.post(page_url(row), fields).status_code == 403
    assert 'name="_save"' not in client.get(page_url(row)).content.decode()


def test_a_member_of_the_staff_sees_what_they_may(store):
    person = make_user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_customer"))
    client = signed_in(person)
    for model in MODELS:
        seen = 200 if model is Customer else 403
        assert client.get(list_url(model)).status_code == seen, model
        assert client.get(page_url(oldest(model))).status_code == seen, model
    assert client.post(page_url(oldest(Customer)), {"note": "x"}).status_code == 403
    assert client.get(autocomplete_url(Purchase, "payer")).status_code == 200
    assert client.get(autocomplete_url(Purchase, "product")).status_code == 403


def test_an_owner_is_no_staff(store):
    owner = Member.objects.filter(store=store).first().user
    for model in MODELS:
        response = signed_in(owner).get(list_url(model))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
