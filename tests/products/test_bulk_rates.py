"""Bulk changes of what vendors take off: asked for, previewed, applied, given back."""

import csv
import io
import json

import pytest
from django.urls import reverse

from products import catalogue
from products.models import RateRow, Vendor
from stores.models import Batch
from tests import forms
from tests.changes import applied, chunks_of, ended, rate_change, undone
from tests.doors.pages import read
from tests.factories import make_member, make_store, make_vendor
from tests.forms import (
    DIALOG,
    deeds_on,
    facts_on,
    form_at,
    lists_on,
    press,
    rows_on,
    signed_in,
    warnings_on,
)

pytestmark = pytest.mark.django_db
VENDORS = "/stores/lamps/vendors/"
PAGE = f"{VENDORS}discount/"


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def client(store):
    return signed_in(store, "manager")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def stalls(store):
    make_vendor(make_store(), "Foreign", discount=3)
    return [
        make_vendor(store, "Corner"),
        make_vendor(store, "Mall", discount=25, group_discount=30),
        make_vendor(store, "Same", discount=10),
    ]


def rates(stalls) -> list[tuple[int, int]]:
    rows = Vendor.objects.in_bulk([stall.pk for stall in stalls])
    return [(rows[stall.pk].discount, rows[stall.pk].group_discount) for stall in stalls]


def send(client, url=PAGE, **typed):
    return forms.send(client, url, action=PAGE, **typed)


def outcomes(batch) -> dict[str, tuple]:
    rows = RateRow.objects.filter(batch=batch).select_related("vendor")
    return {
        row.vendor.name: (tuple(row.was), tuple(row.to), row.outcome, row.drifted) for row in rows
    }


def test_the_list_leads_there_with_what_is_ticked(client, stalls):
    page = read(client.get(VENDORS))

    assert page.one("form", id="ticks").one("button", formaction=PAGE).text == "Set discount"
    assert [box["value"] for box in page.all("input", name="tick")] == [
        str(stall.pk) for stall in stalls
    ]
    form = form_at(client, f"{PAGE}?tick={stalls[0].pk}&q=mall", action=PAGE)
    assert [label.text for label in form.all("label") if "(" in label.text] == [
        "Ticked (1)",
        "What the list shows now (1)",
        "Every vendor (3)",
    ]


def test_a_preview_says_what_is_replaced_before_anything_is_set(client, stalls):
    response = send(client, discount="10")

    page = read(client.get(response["Location"]))
    assert page.one("h1").text == "Vendors: discount 10 %"
    assert facts_on(page) == {
        "Vendors": "3",
        "Discount": "10 %",
        "Another discount replaced": "1",
        "Have it already": "1",
    }
    assert warnings_on(page) == [
        "With no filter set, this update touches every vendor in your store (3).",
        "1 vendor has another discount now, which is replaced.",
    ]
    assert rows_on(page) == [
        ["Corner", "0 %, members 0 %", "10 %, members 0 %", ""],
        ["Mall", "25 %, members 30 %", "10 %, members 30 %", ""],
    ]
    assert deeds_on(page) == {"Update 2 vendors": "apply"}
    assert rates(stalls) == [(0, 0), (25, 30), (10, 0)]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ({"discount": "10"}, [(10, 0), (10, 30), (10, 0)]),
        ({"members": "15 %"}, [(0, 15), (25, 15), (10, 15)]),
        ({"discount": "0", "members": "0"}, [(0, 0)] * 3),
        ({"discount": "5", "members": "50"}, [(5, 50)] * 3),
    ],
)
def test_a_blank_leaves_each_as_it_is_and_zero_clears(client, stalls, typed, becomes):
    send(client, **typed)
    batch = Batch.objects.get()

    first = press(client, batch, "apply", htmx=True)
    set_to = rates(stalls)
    again = press(client, batch, "apply", htmx=True)
    toast = json.loads(first["HX-Trigger"])["toast"]
    client.post(toast["undo"]["url"], headers=DIALOG)

    assert set_to == becomes
    assert first["HX-Trigger"] == again["HX-Trigger"]
    assert toast["text"] == f"{batch.title}: 3 vendors."
    assert rates(stalls) == [(0, 0), (25, 30), (10, 0)]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, None, "Enter a discount, a members' rate, or both."),
        ({"discount": "101"}, "discount", "Enter a whole number from 0 to 100."),
        ({"members": "٣"}, "members", "Enter a whole number from 0 to 100."),
        ({"discount": str(2**63)}, "discount", "Enter a whole number from 0 to 100."),
    ],
)
def test_what_cannot_be_taken_is_said(client, stalls, unchanged, typed, field, said):
    with unchanged():
        page = read(send(client, **typed))

    if field:
        assert page.error(field) == said
    else:
        assert said in page.text


def test_those_that_sell_and_are_found_get_it(store, stalls, manager):
    catalogue.put_away(row=stalls[2], by=None)

    applied(rate_change(store=store, by=manager, members=7))
    applied(rate_change(store=store, by=manager, discount=9, query="q=mall"))
    applied(rate_change(stalls[0], stalls[2], by=manager, discount=1))

    assert rates(stalls) == [(1, 7), (9, 7), (10, 0)]


def test_what_changed_since_the_preview_keeps_what_was_not_asked_for(stalls, manager):
    batch = rate_change(*stalls, by=manager, discount=40)
    Vendor.objects.filter(pk=stalls[1].pk).update(discount=1, group_discount=2)

    batch = applied(batch)
    set_to = rates(stalls)
    undone(batch)

    assert set_to == [(40, 0), (40, 2), (40, 0)]
    assert outcomes(batch)["Mall"] == ((1, 2), (40, 2), "", True)
    assert rates(stalls) == [(0, 0), (1, 2), (10, 0)]


def test_what_changed_since_the_change_is_left_as_it_is(stalls, manager):
    batch = applied(rate_change(*stalls, by=manager, discount=40))
    Vendor.objects.filter(pk=stalls[0].pk).update(discount=50)

    undoing = undone(batch)

    assert rates(stalls) == [(50, 0), (25, 30), (10, 0)]
    assert outcomes(undoing)["Corner"] == ((40, 0), (0, 0), "left_out", True)


def test_the_result_and_its_file(client, stalls, manager):
    batch = rate_change(*stalls, by=manager, discount=40, members=5)
    Vendor.objects.filter(pk=stalls[1].pk).update(discount=1)
    batch = applied(batch)

    page = read(client.get(batch.get_absolute_url()))
    url = reverse("batches:rows", args=[batch.store.slug, batch.pk])
    file = client.get(url, {"rows": "drifted"})

    assert facts_on(page) == {
        "Vendors": "3",
        "Discount": "40 %",
        "Members' rate": "5 %",
        "Written": "3",
    }
    assert list(lists_on(page)) == ["Done: 3", "Changed since the preview: 1"]
    assert rows_on(page)[1] == [
        "Mall", "1 %, members 30 %", "40 %, members 5 %", "changed since the preview",
    ]  # fmt: skip
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["Mall", "1", "30", "40", "5", "as asked", "yes"]
    ]


def test_done_again_it_is_previewed_for_those_that_there_are_now(client, store, stalls, manager):
    batch = applied(rate_change(store=store, by=manager, discount=40))
    make_vendor(store, "New")

    press(client, batch, "repetition")

    again = Batch.objects.latest("pk")
    assert (again.state, again.planned, again.asked) == ("previewed", 4, batch.asked)
    assert again.counts["same"] == 3


@pytest.mark.parametrize("chunk", [1, 2, 3, 4])
def test_every_vendor_is_met_once_at_the_edges_of_chunks(store, manager, monkeypatch, chunk):
    chunks_of(monkeypatch, chunk)
    stalls = [make_vendor(store, discount=place, group_discount=place) for place in range(3)]
    before = rates(stalls)

    batch = applied(ended(rate_change(store=store, by=manager, members=60)))

    assert (batch.state, batch.planned, batch.handled) == ("done", 3, 3)
    assert rates(stalls) == [(0, 60), (1, 60), (2, 60)]
    undone(batch)
    assert rates(stalls) == before


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("manager", 200), ("clerk", 403), ("viewer", 403)]
)
def test_who_may_open_and_send_it(store, stalls, role, status):
    client = signed_in(store, role)

    opened = client.get(PAGE)
    sent = client.post(PAGE, {"discount": "5", "audience": "everything"})
    offered = PAGE in client.get(VENDORS).content.decode()

    assert (opened.status_code, sent.status_code) == (status, 302 if status == 200 else status)
    assert (Batch.objects.count(), offered) == ((1, True) if status == 200 else (0, False))


def test_a_stranger_finds_nothing(stalls, unchanged):
    client = signed_in(make_store("elsewhere"), "owner")

    with unchanged():
        answers = [client.get(PAGE), client.post(PAGE, {"discount": "5"})]

    assert [answer.status_code for answer in answers] == [404, 404]
