"""Bulk redelivery: whom it is for, how it is spaced, who is left out, and calling it off."""

import datetime as dt

import pytest
from django.utils import timezone

from customers import bans, purchases
from customers.models import Customer
from products.models import Product
from sales import bulk_redelivery, deliveries
from sales.models import Delivery, RedeliveryRow
from stores import batches
from stores.batches import BatchRefused
from stores.models import State
from tests.changes import applied, ended
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_member, make_product, noon
from tests.forms import deeds_on, facts_on, press, rows_on, send, signed_in, state_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean", "mid_june")]
URL = "/stores/lamps/deliveries/bulk/"
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def ina(store):
    return make_member(store, "manager").user


@pytest.fixture
def owners(store, lamp):
    """Four who bought it a day after the other; Eve gave hers back, and Finn bought something else."""
    people = [
        make_customer(store, name) for name in ("anna", "bert", "carl", "dora", "eve", "finn")
    ]
    for place, person in enumerate(people[:4]):
        buy(person, lamp, on=TODAY - dt.timedelta(days=4 - place))
    purchases.take_back(purchase=buy(people[4], lamp), by=None)
    buy(people[5], make_product(store, "Chair", copy=True))
    return people


@pytest.fixture
def small(monkeypatch):
    for module in ("stores.batches.deeds", "sales.bulk_redelivery"):
        monkeypatch.setattr(f"{module}.CHUNK", 2)


def plan(lamp, ina, before=None, per_minute=30):
    batch = bulk_redelivery.draft(product=lamp, before=before, per_minute=per_minute, by=ina)
    return ended(batch)


def to_whom(**fields) -> list[str]:
    rows = Delivery.objects.filter(**fields).order_by("next_at", "pk")
    return [row.recipient.username for row in rows.select_related("recipient")]


def test_each_owner_gets_one_at_an_even_pace(lamp, ina, owners, time_machine):
    batch = applied(plan(lamp, ina, per_minute=20))

    assert batch.state == State.DONE
    assert to_whom(kind="bulk", batch=batch, state="queued") == ["anna", "bert", "carl", "dora"]
    due = Delivery.objects.order_by("next_at").values_list("next_at", flat=True)
    assert [(one - timezone.now()).seconds for one in due] == [0, 3, 6, 9]


def test_chunks_of_the_worker_keep_the_pace(lamp, ina, owners, small):
    batch = applied(plan(lamp, ina, per_minute=60))

    due = Delivery.objects.order_by("next_at").values_list("next_at", flat=True)
    assert [(one - timezone.now()).seconds for one in due] == [0, 1, 2, 3]
    assert (batch.handled, batch.counts["queued"]) == (4, 4)


def test_who_bought_before_a_day_of_the_store(store, lamp, ina, owners):
    buy(owners[5], lamp, at=noon(store, TODAY) - dt.timedelta(hours=13))

    planned = plan(lamp, ina, before=TODAY - dt.timedelta(days=2))

    names = [row.customer.username for row in RedeliveryRow.objects.filter(batch=planned)]
    assert sorted(names) == ["anna", "bert"]


@pytest.mark.parametrize("at_once", [True, False])
def test_who_is_banned_or_has_one_under_way_is_left_out(lamp, ina, owners, at_once, request):
    if not at_once:
        request.getfixturevalue("small")
    bans.ban(customer=owners[0], reason="abuse", by=None)
    waiting = deliveries.redeliver(customer=owners[1], product=lamp, by=None)

    batch = applied(plan(lamp, ina))

    assert to_whom(batch=batch) == ["carl", "dora"]
    assert (batch.counts["left_out"], batch.counts["queued"]) == (2, 2)
    assert to_whom(kind="again") == [waiting.recipient.username]


def test_who_loses_the_right_after_the_preview_is_left_out_too(lamp, ina, owners):
    batch = plan(lamp, ina)
    purchases.remove_product(customer=owners[0], product=lamp, by=None)
    bans.ban(customer=owners[1], reason="abuse", by=None)
    deliveries.redeliver(customer=owners[2], product=lamp, by=None)

    batch = applied(batch)

    assert to_whom(batch=batch) == ["dora"]
    assert RedeliveryRow.objects.filter(batch=batch, outcome="left_out", drifted=True).count() == 3


def test_a_product_that_is_not_delivered_again_is_refused(store, ina, owners, lamp, unchanged):
    chair = make_product(store, "Bench")
    with unchanged(), pytest.raises(BatchRefused, match="Bench is not delivered again"):
        plan(chair, ina)
    batch = plan(lamp, ina)
    Product.objects.filter(pk=lamp.pk).update(deleted_at=timezone.now())
    with unchanged(), pytest.raises(BatchRefused):
        batches.apply(batch=batch, by=ina)


def test_stopping_calls_off_what_is_still_queued(lamp, ina, owners):
    batch = applied(plan(lamp, ina))
    deliveries.take_up(store=lamp.store, limit=1)

    batch = batches.cancel(batch=batch, by=ina)

    assert batch.state == State.DONE
    assert to_whom(state="sent") == ["anna"]
    assert to_whom(state="cancelled") == ["bert", "carl", "dora"]


def test_stopped_half_way_it_goes_on_with_the_rest(lamp, ina, owners, small):
    batch = plan(lamp, ina)
    batches.apply(batch=batch, by=ina)
    batches.run(batch.pk, seconds=0)
    assert to_whom(state="queued") == ["anna", "bert"]

    batch.refresh_from_db()
    batch = batches.cancel(batch=batch, by=ina)
    assert (batch.state, to_whom(state="queued")) == (State.CANCELLED, [])
    batch = ended(batches.resume(batch=batch, by=ina))

    assert (batch.state, to_whom(state="queued")) == (State.DONE, ["carl", "dora"])


def test_it_is_not_undone(lamp, ina, owners):
    batch = applied(plan(lamp, ina))

    with pytest.raises(BatchRefused):
        batches.undo(batch=batch, by=ina)


class TestPages:
    def test_from_the_form_to_the_preview_to_the_deliveries(self, store, lamp, owners):
        client = signed_in(store)
        bans.ban(customer=owners[0], reason="abuse", by=None)

        answer = send(client, URL, product="Lamp", before="", per_minute="2")
        page = read(client.get(answer["Location"]))

        assert facts_on(page) == {
            "Product": "Lamp",
            "To": "Everyone who owns it",
            "Pace": "2 a minute, 2 minutes in all",
            "Owners": "4",
            "Left out": "1",
        }
        assert deeds_on(page) == {"Redeliver to 3 customers": "apply"}
        assert [row[0] for row in rows_on(page)] == ["bert", "carl", "dora"]

        batch = RedeliveryRow.objects.first().batch
        press(client, batch, "apply")
        Delivery.objects.filter(recipient=owners[1]).update(state="delivered")
        page = read(client.get(batch.get_absolute_url()))

        assert state_on(page) == "Done"
        assert facts_on(page) == {
            "Product": "Lamp",
            "To": "Everyone who owns it",
            "Pace": "2 a minute",
            "Queued": "2",
            "Delivered": "1",
            "Left out": "1",
        }
        assert [(row[0], row[2]) for row in rows_on(page)] == [
            ("bert", "Delivered"),
            ("carl", "Queued"),
            ("dora", "Queued"),
        ]
        assert deeds_on(page) == {
            "Cancel what is still queued": "cancel",
            "Do it again": "repetition",
        }

        press(client, batch, "cancel")
        page = read(client.get(batch.get_absolute_url()))

        assert deeds_on(page) == {"Do it again": "repetition"}
        assert facts_on(page)["Cancelled"] == "2"
        file = b"".join(client.get(f"{batch.get_absolute_url()}rows.csv").streaming_content)
        assert file.decode("utf-8-sig").splitlines()[1].startswith("bert,")

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("product", "Chair", "There is no product of that name that is sold and marked copy."),
            ("product", "", "This field is required."),
            ("before", "soon", "Enter a valid date."),
            ("per_minute", "0", "Enter a whole number from 1 to 600."),
            ("per_minute", "601", "Enter a whole number from 1 to 600."),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, store, lamp, owners, field, typed, words, unchanged
    ):
        Product.objects.filter(name="Chair").update(copy=False)
        client = signed_in(store)
        with unchanged():
            page = read(send(client, URL, **{"product": "Lamp", field: typed}))

        assert page.error(field) == words

    def test_is_the_right_of_managers(self, store):
        statuses = {
            role: signed_in(store, role).get(URL).status_code
            for role in ("manager", "clerk", "viewer")
        }

        assert statuses == {"manager": 200, "clerk": 403, "viewer": 403}

    def test_nobody_owns_it(self, store, lamp):
        client = signed_in(store)

        answer = send(client, URL, product="Lamp")

        assert Customer.objects.count() == 0
        assert "There is nothing to be changed." in read(client.get(answer["Location"])).text
