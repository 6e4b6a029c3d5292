"""Deliveries are posted to boxes over real HTTP: whatever a box does, states are right and nobody is stuck."""

import dataclasses
import datetime as dt
import json
import time
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import bans, purchases
from customers.identity import Person
from sales import boxes, checkout, deliveries, posting
from sales.checkout import Order
from sales.models import Attempt, Box, Delivery
from storeadmin import upkeep
from stores.outgoing import BOX
from tests.factories import make_product, make_store
from tests.fake_http import FakeServer, says

pytestmark = pytest.mark.django_db
CAP = "/cap/0a1b2c3d-0000-4000-8000-00000000cafe"
ANNA = Person("anna.bell", uuid.UUID(int=1))


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Nobody waits for more than a moment."""
    quick = dataclasses.replace(BOX, connect_seconds=0.3, seconds=0.3)
    monkeypatch.setattr(posting, "BOX", quick)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def lamp(store):
    return make_product(store, "Lámp", copy=True)


def sold(lamp, person=ANNA, **fields) -> Delivery:
    return checkout.buy(
        order=Order(store=lamp.store, product=lamp, buyer=person, **fields)
    ).delivery


def box_at(server, store, settings, name="Main box") -> Box:
    settings.OUTGOING_HOSTS = [*settings.OUTGOING_HOSTS, f"127.0.0.1:{server.port}"]
    url = f"http://127.0.0.1:{server.port}{CAP}"
    return boxes.register(store=store, object_key=uuid.uuid4(), name=name, url=url)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def tries() -> list[tuple[int, int | None, str]]:
    return list(Attempt.objects.order_by("pk").values_list("number", "status", "note"))


def test_a_box_is_told_what_to_hand_over_and_has_it_until_it_reports(store, lamp, settings):
    made = sold(lamp, quantity=2)
    with FakeServer(says(200)) as server:
        box = box_at(server, store, settings)

        assert posting.post_due() == 1
        assert posting.post_due() == 0

    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", CAP)
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {
        "delivery": made.pk,
        "product": "Lámp",
        "recipient": str(ANNA.uuid),
        "name": "anna.bell",
        "quantity": 2,
    }
    assert states() == ["sent"]
    assert tries() == [(1, 200, "taken")]
    assert Attempt.objects.get().box == box


def test_somebody_without_a_uuid_is_named(store, lamp, settings):
    sold(lamp, Person("bert.cole"))
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
        posting.post_due()

    told = json.loads(server.asked[0].body)
    assert (told["recipient"], told["name"]) == (None, "bert.cole")


@pytest.mark.parametrize("body", [b'{"state":"delivered"}', b'{"state":"delivered","more":1}'])
def test_a_box_may_say_at_once_that_it_is_done(store, lamp, settings, body):
    sold(lamp)
    with FakeServer(says(200, body)) as server:
        box_at(server, store, settings)
        posting.post_due()

    assert states() == ["delivered"]
    assert tries() == [(1, 200, "taken"), (1, None, "handed over")]


@pytest.mark.parametrize(
    "body",
    [b"", b"delivered", b'"delivered"', b"[]", b'{"state":', b"\xff\xfe", b'{"state":"failed"}'],
)
def test_anything_else_in_an_answer_is_taken_for_taken(store, lamp, settings, body):
    sold(lamp)
    with FakeServer(says(202, body)) as server:
        box_at(server, store, settings)
        posting.post_due()

    assert states() == ["sent"]


def nothing(connection, request):
    """Says nothing until the other side gives up."""
    connection.recv(1)


def hangs_up(connection, request):
    """Closes without a word."""


def drips(connection, request):
    """A byte at a time, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(10_000):
        connection.sendall(b"X")
        time.sleep(0.05)


def floods(connection, request):
    """1 GB of an answer."""
    size = 1024**3
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    for _ in range(size // 65536):
        connection.sendall(b"x" * 65536)


LEADS_AWAY = says(302, headers=f"Location: http://127.0.0.1:1{CAP}\r\n")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (says(500), 500, "the box answered 500"),
        (LEADS_AWAY, 302, "the box answered 302"),
        (says(499), 499, "the box answered 499"),
        (nothing, None, "took too long"),
        (drips, None, "took too long"),
        (hangs_up, None, "no whole answer"),
    ],
)
def test_what_a_box_does_not_take_is_tried_again_after_a_pause(
    store, lamp, settings, answer, status, words
):
    made = sold(lamp)
    with FakeServer(answer) as server:
        box = box_at(server, store, settings)
        began = time.monotonic()

        assert posting.post_due() == 0

        lasted = time.monotonic() - began
        assert posting.post_due() == 0

    made.refresh_from_db()
    box.refresh_from_db()
    assert len(server.asked) == 1
    assert lasted < 3
    assert (made.state, made.attempts, made.note) == ("queued", 1, words)
    assert dt.timedelta(0) < made.next_at - timezone.now() <= deliveries.PAUSES[0]
    assert tries() == [(1, status, words)]
    assert (box.failures, box.gone_at) == (1, None)


def test_a_flood_is_not_read(store, lamp, settings):
    sold(lamp)
    with FakeServer(floods) as server:
        box_at(server, store, settings)
        began = time.monotonic()
        posting.post_due()
        lasted = time.monotonic() - began

    assert lasted < 3
    assert states() == ["sent"]


def test_a_box_that_is_not_there_is_not_asked_until_it_registers_again(store, lamp, settings):
    sold(lamp)
    with FakeServer(says(404)) as server:
        box = box_at(server, store, settings)
        posting.post_due()
        Delivery.objects.update(next_at=timezone.now())
        posting.post_due()

        assert len(server.asked) == 1
        box.refresh_from_db()
        assert box.gone_at is not None
        assert states() == ["queued"]
        assert tries() == [(1, 404, "the box is gone: it has to register again")]

        server.answer = says(200)
        boxes.register(store=store, object_key=box.object_key, name="", url=box.url)
        posting.post_due()

    assert states() == ["sent"]


def test_an_address_that_is_not_allowed_any_more_is_never_asked(store, lamp, settings):
    sold(lamp)
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
        settings.OUTGOING_HOSTS = []
        posting.post_due()

    assert server.asked == []
    assert states() == ["queued"]
    assert "is not where a delivery box is" in tries()[0][2]


def test_nobody_is_there(store, lamp, settings):
    sold(lamp)
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
    posting.post_due()

    assert tries() == [(1, None, "no connection")]


def test_after_the_last_try_it_has_failed(store, lamp, settings):
    made = sold(lamp)
    Delivery.objects.update(attempts=len(deliveries.PAUSES) - 1)
    with FakeServer(says(500)) as server:
        box_at(server, store, settings)
        posting.post_due()

    made.refresh_from_db()
    assert (made.state, made.note) == ("failed", "the box answered 500")


def test_a_look_posts_a_few_and_the_next_look_goes_on(store, lamp, settings):
    for number in range(7):
        sold(lamp, Person(f"customer{number}"))
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)

        assert [posting.post_due(), posting.post_due(), posting.post_due()] == [5, 2, 0]


def test_a_box_that_failed_is_given_one_to_begin_with(store, lamp, settings):
    for number in range(3):
        sold(lamp, Person(f"customer{number}"))
    with FakeServer(says(200)) as server:
        box = box_at(server, store, settings)
        Box.objects.update(failures=3)

        assert [posting.post_due(), posting.post_due()] == [1, 2]

    box.refresh_from_db()
    assert box.failures == 0


def test_of_several_boxes_one_that_answers_is_asked(store, lamp, settings):
    sold(lamp)
    with FakeServer(says(500)) as bad, FakeServer(says(200)) as good:
        Box.objects.filter(pk=box_at(bad, store, settings).pk).update(failures=1)
        box_at(good, store, settings, "Other box")
        posting.post_due()

    assert (len(bad.asked), len(good.asked)) == (0, 1)


def test_a_slow_box_of_one_store_does_not_keep_the_others_waiting_for_ever(store, lamp, settings):
    other = make_store("elsewhere")
    for place in range(3):
        sold(lamp, Person(f"customer{place}"))
    sold(make_product(other, "Chair"))
    with FakeServer(nothing) as slow, FakeServer(says(200)) as quick:
        box_at(slow, store, settings)
        box_at(quick, other, settings)
        posting.post_due()

    assert (len(slow.asked), len(quick.asked)) == (1, 1)


def test_no_time_left_posts_nothing(store, lamp, settings):
    sold(lamp)
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)

        assert posting.post_due(seconds=0) == 0

    assert server.asked == []
    assert states() == ["queued"]


def test_what_lost_its_right_is_cancelled_and_not_posted(store, lamp, settings):
    removed, banned = sold(lamp), sold(lamp, Person("bert.cole"))
    purchases.remove_product(customer=removed.recipient, product=lamp, by=None)
    bans.ban(customer=banned.recipient, reason="abuse", by=None)
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
        for _ in range(3):
            posting.post_due()

    assert server.asked == []
    assert states() == ["cancelled", "cancelled"]


def test_one_that_was_cancelled_while_the_box_had_it_stays_so(store, lamp, settings):
    made = sold(lamp)

    def cancels(connection, request):
        says(200, b'{"state":"delivered"}')(connection, request)

    with FakeServer(cancels) as server:
        box_at(server, store, settings)
        (taken,) = deliveries.take_up(store=store, limit=1)
        Delivery.objects.filter(pk=made.pk).update(state="cancelled")
        assert posting._hand(taken, Box.objects.get()) is True

    made.refresh_from_db()
    assert made.state == "cancelled"


def test_where_nothing_is_due_one_query_says_so(store, lamp, settings):
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
        with CaptureQueriesContext(connection) as context:
            posting.post_due()

    assert len(context) == 1


def test_the_worker_posts_and_cancels_what_is_void(store, lamp, settings):
    gone = sold(lamp, Person("bert.cole"))
    purchases.remove_product(customer=gone.recipient, product=lamp, by=None)
    cache.clear()
    upkeep.look()
    sold(lamp)
    with FakeServer(says(200)) as server:
        box_at(server, store, settings)
        upkeep.hand_over()

    assert states() == ["cancelled", "sent"]
