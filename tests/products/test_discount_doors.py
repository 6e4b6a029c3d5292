"""Bulk discounts: who sees them, who may set them, and what looking at them costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores import batches
from stores.models import Batch
from tests.changes import applied, discount_change
from tests.doors.pages import header_faults, read
from tests.factories import make_category, make_member, make_product, make_store
from tests.forms import (
    deeds_on,
    press,
    signed_in,
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


def category_page(shelf) -> str:
    return f"{PRODUCTS}categories/{shelf.pk}/discount/"


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("manager", 200), ("clerk", 403), ("viewer", 403)]
)
def test_who_may_open_and_send_it(store, shelf, goods, role, status):
    client = signed_in(store, role)
    pages = [PAGE, category_page(shelf)]

    opened = [client.get(page) for page in pages]
    sent = [client.post(page, {"discount": "5", "audience": "everything"}) for page in pages]

    assert [answer.status_code for answer in opened] == [status] * 2
    assert [answer.status_code for answer in sent] == [302 if status == 200 else status] * 2
    assert Batch.objects.count() == (2 if status == 200 else 0)
    assert [header_faults(answer) for answer in opened] == [[], []]


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_not_set_discounts_sees_and_does_nothing(store, goods, manager, unchanged, role):
    client = signed_in(store, role)
    preview = discount_change(*goods, by=manager, percent=40)
    done = applied(discount_change(*goods, by=manager, percent=40))

    with unchanged():
        refused = {
            (batch.pk, deed): press(client, batch, deed).status_code
            for batch in (preview, done)
            for deed in ("apply", "undo", "repetition", "cancel", "resume")
        }
        shown = [client.get(batch.get_absolute_url()) for batch in (preview, done)]

    assert refused == dict.fromkeys(refused, 403)
    assert [deeds_on(read(answer)) for answer in shown] == [{}, {}]


def test_a_stranger_finds_nothing(shelf, goods, manager, unchanged):
    client = signed_in(make_store("elsewhere"), "owner")
    batch = discount_change(*goods, by=manager, percent=40)
    theirs = f"/stores/elsewhere/products/categories/{shelf.pk}/discount/"

    with unchanged():
        answers = [client.get(page) for page in (PAGE, category_page(shelf), theirs)]
        answers += [client.post(page, {"discount": "5"}) for page in (PAGE, theirs)]
        answers += [press(client, batch, "apply"), client.get(batch.get_absolute_url())]

    assert {answer.status_code for answer in answers} == {404}


def test_looking_changes_nothing_and_costs_the_same_however_many(
    client, store, shelf, manager, unchanged
):
    counts = []

    for total in (3, 40):
        goods = [make_product(store, f"{total} {n}", category=shelf) for n in range(total)]
        preview = discount_change(*goods, by=manager, percent=40)
        done = batches.apply(batch=discount_change(*goods, by=manager, percent=4), by=manager)
        ticks = "&".join(f"tick={product.pk}" for product in goods)
        counts.append([])
        for page in (
            PAGE,
            f"{PAGE}?{ticks}&q=3",
            category_page(shelf),
            preview.get_absolute_url(),
            done.get_absolute_url(),
        ):
            with unchanged(), CaptureQueriesContext(connection) as captured:
                response = client.get(page)
            assert response.status_code == 200
            counts[-1].append(len(captured))

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 7
