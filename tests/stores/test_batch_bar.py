"""The bar of the batch at work: on every page of its store, nothing without one, a toast at the end."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from stores import batches
from stores.models import Batch, State
from tests.changes import chunks_of, credit_change, ended
from tests.doors.pages import Node, read
from tests.factories import make_customer, make_member, make_store

pytestmark = pytest.mark.django_db
PAGES = ("customers/", "batches/", "loyalty/", "settings/")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Chunks of two rows: five customers are more than are done at once."""
    chunks_of(monkeypatch, 2)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def owner(store):
    return make_member(store, "owner").user


@pytest.fixture
def previewed(store, owner) -> Batch:
    people = [make_customer(store, f"c{n}", credit=100) for n in range(5)]
    return ended(credit_change(*people, by=owner, credit=-30))


@pytest.fixture
def running(previewed, owner) -> Batch:
    """Two of five rows are done."""
    batch = batches.apply(batch=previewed, by=owner)
    batches.run(batch.pk, seconds=0)
    return batch


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(owner):
    return signed_in(owner)


def bars(page: Node) -> list[Node]:
    return page.all("div", class_="batch-bar")


def told(client, batch: Batch) -> tuple[bytes, dict]:
    """What is left of the bar, and what the page is told."""
    answer = client.get(f"{batch.get_absolute_url()}bar/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content, json.loads(answer.headers.get("HX-Trigger", "{}"))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_what_is_at_work(client, running, path):
    (bar,) = bars(read(client.get(f"/stores/lamps/{path}")))

    assert bar.text == "Credit \N{MINUS SIGN}L$30 40 %"
    assert bar.one("a")["href"] == running.get_absolute_url()
    progress = bar.one("progress")
    assert (progress["value"], progress["max"]) == ("2", "5")
    assert (bar["hx-get"], bar["hx-trigger"]) == (f"{running.get_absolute_url()}bar/", "every 1s")


def test_its_own_page_tells_enough(client, running):
    page = read(client.get(running.get_absolute_url()))

    assert bars(page) == []
    assert (
        page.one("div", class_="batch-progress")["data-bar"] == f"{running.get_absolute_url()}bar/"
    )


def test_nothing_is_shown_of_what_waits_for_a_word_or_has_ended(client, previewed, owner):
    assert bars(read(client.get("/stores/lamps/customers/"))) == []
    batches.cancel(batch=previewed, by=owner)
    assert bars(read(client.get("/stores/lamps/customers/"))) == []


def test_nothing_is_shown_of_another_store(client, running, owner):
    other = make_store("stars")
    make_member(other, "owner", owner)

    assert bars(read(client.get("/stores/stars/customers/"))) == []
    assert len(bars(read(client.get("/stores/lamps/customers/")))) == 1


def test_what_runs_comes_before_what_waits(client, running, owner, store):
    batch = ended(credit_change(*customers_of(store), by=owner, credit=1))
    batches.apply(batch=batch, by=owner)
    batch.refresh_from_db()
    assert batch.state == State.QUEUED

    (bar,) = bars(read(client.get("/stores/lamps/customers/")))
    assert bar.one("a")["href"] == running.get_absolute_url()


def customers_of(store):
    return Customer.objects.filter(store=store).order_by("pk")


def test_the_bar_goes_on_by_itself_and_ends_with_a_toast(client, running):
    content, said = told(client, running)
    assert (b"40 %" in content, said) == (True, {})

    batches.run(running.pk, seconds=60)
    content, said = told(client, running)
    assert content == b""
    undo = {"url": f"{running.get_absolute_url()}undo/", "label": "Undo"}
    text = "Credit \N{MINUS SIGN}L$30: 5 customers."
    assert said == {
        "toast": {"text": text, "level": "success", "undo": undo},
        "results:refresh": {},
    }


def test_who_may_not_undo_is_offered_none(running, store):
    batches.run(running.pk, seconds=60)

    _, said = told(signed_in(make_member(store, "viewer").user), running)
    assert said["toast"]["undo"] is None


def test_what_is_undone_is_not_undone_again(client, running, owner):
    batches.run(running.pk, seconds=60)
    batches.undo(batch=running, by=owner)

    _, said = told(client, running)
    assert said["toast"]["undo"] is None


def test_what_was_stopped_or_failed_says_so(client, running, owner):
    batches.cancel(batch=running, by=owner)
    _, said = told(client, running)
    assert said["toast"]["text"] == "Stopped. Credit \N{MINUS SIGN}L$30: 2 customers."

    Batch.objects.update(state=State.FAILED, failure="The disk is full.")
    _, said = told(client, running)
    assert said["toast"]["text"] == "Credit \N{MINUS SIGN}L$30: The disk is full."
    assert said["toast"]["level"] == "error"


def test_a_preview_has_no_bar_and_says_nothing(client, previewed):
    assert told(client, previewed) == (b"", {})


def test_it_costs_no_query_while_nothing_is_at_work_and_one_then(client, previewed, owner):
    page = "/stores/lamps/loyalty/"
    client.get(page)
    with CaptureQueriesContext(connection) as idle:
        client.get(page)
    batches.apply(batch=previewed, by=owner)
    with CaptureQueriesContext(connection) as busy:
        client.get(page)

    asked = [query["sql"] for query in idle if "stores_batch" in query["sql"]]
    assert len(asked) == 1
    assert '"stores_member"' in asked[0]
    assert len(busy) - len(idle) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are read on SQLite here")
def test_it_is_found_by_an_index(store):
    assert (
        "USING INDEX batch_by_state (store_id=? AND state=?)"
        in batches.at_work(store=store).explain()
    )
