"""Bulk changes of credit: who sees them, who may do something with them, and what looking at them costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.changes import applied, credit_change
from tests.doors.pages import read
from tests.factories import make_customer, make_member, make_store, set_window
from tests.forms import deeds_on, press, rows_on, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
BATCHES = "/stores/lamps/batches/"
DEEDS = ("apply", "undo", "repetition", "cancel", "resume")


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def people(store):
    return [make_customer(store, f"c{place}", credit=100) for place in range(3)]


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def preview(people, manager):
    return credit_change(*people, by=manager, credit=-30)


@pytest.fixture
def done(people, manager):
    return applied(credit_change(*people, by=manager, credit=5))


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_not_move_credit_sees_and_does_nothing(store, preview, done, unchanged, role):
    client = signed_in(store, role)

    with unchanged():
        refused = {
            (batch, deed): press(client, batch, deed).status_code
            for batch in (preview, done)
            for deed in DEEDS
        }
        files = [client.get(f"{batch.get_absolute_url()}rows.csv") for batch in (preview, done)]
    pages = [read(client.get(batch.get_absolute_url())) for batch in (preview, done)]

    assert refused == dict.fromkeys(refused, 403)
    assert [answer.status_code for answer in files] == [403, 403]
    assert [deeds_on(page) for page in pages] == [{}, {}]
    assert ["Download CSV" in page.text for page in pages] == [False, False]
    assert [row[0] for row in rows_on(pages[1])] == ["c0", "c1", "c2"]
    shown = rows_on(read(client.get(BATCHES)))
    assert [(row[1], row[-1]) for row in shown] == [("Done", ""), ("Waiting for your word", "")]


def test_a_stranger_finds_nothing(preview, done, unchanged):
    client = signed_in(make_store("elsewhere"), "owner")

    with unchanged():
        answers = [press(client, done, deed) for deed in DEEDS]
        answers += [client.get(batch.get_absolute_url()) for batch in (preview, done)]
        answers += [client.get(f"{done.get_absolute_url()}rows.csv"), client.get(BATCHES)]

    assert {answer.status_code for answer in answers} == {404}


def test_a_batch_of_another_store_is_not_found_under_ones_own(store, done):
    other = make_store("elsewhere")
    client = signed_in(other, "owner")

    found = {
        piece: client.get(f"/stores/elsewhere/batches/{done.pk}/{piece}").status_code
        for piece in ("", "rows.csv", "apply/", "undo/", "repetition/", "cancel/", "resume/")
    }

    assert found == dict.fromkeys(found, 404)


def test_looking_changes_nothing(store, preview, done, unchanged):
    client = signed_in(store)

    with unchanged():
        for batch in (preview, done):
            url = batch.get_absolute_url()
            answers = [client.get(f"{url}{deed}/") for deed in DEEDS]
            answers += [client.get(url), client.get(f"{url}?rows=short"), client.get(BATCHES)]
            assert {answer.status_code for answer in answers} == {200}


def test_each_deed_asks_before_it_does(store, preview):
    client = signed_in(store)

    asked = {
        deed: read(client.get(f"{preview.get_absolute_url()}{deed}/")).one("h1").text
        for deed in DEEDS
    }

    assert asked == {
        "apply": "Apply this change?",
        "undo": "Undo this change?",
        "repetition": "Do this change again?",
        "cancel": "Stop this change?",
        "resume": "Go on with this change?",
    }


def test_a_store_without_changes_says_so(store):
    page = read(signed_in(store, "viewer").get(BATCHES))

    assert page.one("div", class_="empty").one("h2").text == "No bulk change yet"


def test_pages_take_the_same_few_queries_however_many(store, manager):
    client = signed_in(store)
    counts = []

    for total in (4, 80):
        crowd = [make_customer(store, f"c{total}x{place}", credit=10) for place in range(total)]
        batch = applied(credit_change(*crowd, by=manager, credit=-20, restricted=1))
        for customer in crowd[: total // 4]:
            applied(credit_change(customer, by=manager, credit=1))
        url = batch.get_absolute_url()
        counts.append({})
        for page in (
            url,
            f"{url}?rows=short",
            f"{url}?per_page=25&page=last",
            f"{url}rows.csv",
            BATCHES,
        ):
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(page)
                assert answer.status_code == 200
                b"".join(answer.streaming_content if answer.streaming else [])
            counts[-1][page.removeprefix(url)] = len(captured)

    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 8
