"""From the dialog of bulk credit to its preview, and how that is applied, watched, stopped and gone on with."""

import json

import pytest

from customers.models import CreditEntry
from stores import batches
from stores.models import Batch
from tests import forms
from tests.changes import chunks_of, credit_change, ended
from tests.doors.pages import read
from tests.factories import (
    balances,
    buy,
    make_customer,
    make_member,
    make_plain_store,
    make_store,
    set_window,
)
from tests.forms import (
    deeds_on,
    facts_on,
    press,
    rows_on,
    signed_in,
    state_on,
    warnings_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
PAGE = "/stores/lamps/customers/credit/"
BATCHES = "/stores/lamps/batches/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def people(store):
    """Three customers; anna spent 50, nobody else spent anything."""
    anna = make_customer(store, "anna", credit=100, restricted=5)
    buy(anna, money=50)
    return [anna, make_customer(store, "bert", credit=10), make_customer(store, "carl")]


@pytest.fixture
def client(store):
    return signed_in(store)


def send(client, url=PAGE, **typed):
    return forms.send(client, url, action=PAGE, **typed)


def page_of(client, batch, query="", **headers):
    return read(client.get(batch.get_absolute_url() + query, headers=headers))


# The preview


def test_the_preview_shows_each_number_before_anything_moves(client, people):
    response = send(client, credit="-30", restricted="2", reason="prize", note="May")

    batch = Batch.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"/stores/lamps/batches/{batch.pk}/",
    )
    page = read(client.get(response["Location"]))
    assert page.one("h1").text == "Credit −L$30, Restricted Credit +L$2"
    assert state_on(page) == "Waiting for your word"
    assert facts_on(page) == {
        "Customers": "3",
        "Reason": "Prize or contest: May",
        "Where there is less": "Take what is there, and stop at zero",
        "Credit in all": "−L$40",
        "Credit after": "L$0 to L$70",
        "Restricted Credit in all": "L$6",
        "Restricted Credit after": "L$2 to L$7",
    }
    assert warnings_on(page) == [
        "With no filter set, this update touches every customer in your store (3).",
        "2 customers hold less than is taken, L$50 Credit in all: their balance stops at zero.",
    ]
    assert rows_on(page) == [
        ["anna", "L$100 → L$70", "L$5 → L$7", ""],
        ["bert", "L$10 → L$0 of −L$30", "L$0 → L$2", "In part"],
        ["carl", "L$0 of −L$30", "L$0 → L$2", "In part"],
    ]
    assert deeds_on(page) == {"Update 3 customers": "apply"}
    assert [balances(customer) for customer in people] == [(100, 5), (10, 0), (0, 0)]


def test_the_preview_stands_in_the_dialog_at_its_own_address(client, people):
    response = send(client, htmx=True, credit="5", reason="other")

    batch = Batch.objects.get()
    assert response.status_code == 200
    assert json.loads(response["HX-Trigger"]) == {"dialog:at": {"url": batch.get_absolute_url()}}
    part = read(response)
    assert (part.all("html"), part.one("h2", id="dialog-title").text) == ([], "Credit +L$5")
    form = part.one("form", method="post", action=f"{batch.get_absolute_url()}apply/")
    assert (form["hx-post"], form["hx-target"]) == (form["action"], "#dialog-body")


def test_it_is_for_those_that_were_chosen(client, people):
    anna, bert, _ = people
    url = f"{PAGE}?tick={anna.pk}&tick={bert.pk}&credit_less=11"
    common = {"credit": "5", "reason": "other"}

    asked = [
        send(client, url, **common),
        send(client, url, **common, audience="filter"),
        send(client, url, **common, audience="everything"),
        send(client, url, **common, by_spent="on", side="less", spent="50"),
        send(client, **common, by_spent="on", side="more", spent="49"),
    ]

    assert {response.status_code for response in asked} == {302}
    chosen = [
        (batch.asked["audience"]["words"], batch.planned) for batch in Batch.objects.order_by("pk")
    ]
    assert chosen == [
        ("2 ticked", 2),
        ("Holds less than L$11 credit", 2),
        ("every customer", 3),
        ("2 ticked; spent less than L$50", 1),
        ("spent more than L$49", 1),
    ]


def test_the_amount_to_compare_with_counts_only_where_it_is_asked_for(client, people):
    send(client, credit="5", reason="other", side="less", spent="1")

    assert Batch.objects.get().planned == 3


def test_amounts_are_in_the_currency_of_the_store():
    store = make_plain_store("lamps")
    anna = make_customer(store, "anna", credit=1250)
    client = signed_in(store)

    response = send(client, credit="-12.34", reason="other")

    page = read(client.get(response["Location"]))
    assert page.one("h1").text == "Credit −$12.34"
    assert rows_on(page) == [["anna", "$12.50 → $0.16", "$0.00", ""]]
    assert balances(anna) == (1250, 0)


def test_a_large_change_is_counted_in_the_background(client, people, monkeypatch):
    chunks_of(monkeypatch, 2)

    response = send(client, credit="5", reason="other")

    batch = Batch.objects.get()
    counting = read(client.get(response["Location"]))
    assert state_on(counting) == "Being counted"
    assert "Counting customers: 0 so far." in counting.text
    assert counting.one("div", id="batch-state")["hx-trigger"] == "every 1s"
    ended(batch)
    planned = read(client.get(response["Location"]))
    assert state_on(planned) == "Waiting for your word"
    assert "hx-trigger" not in planned.one("div", id="batch-state")


# Applying


def test_the_button_applies_it_and_says_so_with_an_undo(client, store, people):
    member = store.members.get()
    batch = credit_change(*people, by=make_member(people[0].store).user, credit=-30)

    response = press(client, batch, "apply")

    assert (response.status_code, response["Location"]) == (302, batch.get_absolute_url())
    assert [balances(customer)[0] for customer in people] == [70, 0, 0]
    page = page_of(client, batch)
    toast = page.one("div", id="toasts").one("p")
    assert toast.text == "Credit −L$30: 2 customers; in part: 1; left out: 1. Undo"
    assert toast.one("a")["href"] == f"{batch.get_absolute_url()}undo/"
    assert state_on(page) == "Done"
    assert {entry.by for entry in CreditEntry.objects.filter(batch=batch)} == {member.user}


def test_pressed_again_it_moves_nothing_and_says_the_same(client, people, unchanged):
    batch = credit_change(*people, by=make_member(people[0].store).user, credit=5)
    first = press(client, batch, "apply", htmx=True)

    with unchanged():
        second = press(client, batch, "apply", htmx=True)
        third = press(client, batch, "apply")

    said = {
        "toast": {
            "text": "Credit +L$5: 3 customers.",
            "level": "success",
            "undo": {"url": f"{batch.get_absolute_url()}undo/", "label": "Undo"},
        },
        "dialog:close": {},
    }
    assert [response.status_code for response in (first, second, third)] == [204, 204, 302]
    assert [json.loads(response["HX-Trigger"]) for response in (first, second)] == [said, said]
    assert [balances(customer)[0] for customer in people] == [105, 15, 5]


def test_a_large_one_is_watched_while_it_runs(client, people, monkeypatch):
    chunks_of(monkeypatch, 2)
    batch = ended(credit_change(*people, by=make_member(people[0].store).user, credit=5))

    response = press(client, batch, "apply", htmx=True)
    queued = page_of(client, batch)
    batches.run(batch.pk, seconds=0)
    running = page_of(client, batch)
    ended(batch)
    watching = {"HX-Trigger": "batch-state", "HX-Request": "true"}
    over = client.get(batch.get_absolute_url(), headers=watching)

    assert json.loads(response["HX-Trigger"]) == {"dialog:open": {"url": batch.get_absolute_url()}}
    assert state_on(queued) == "Waiting to start"
    assert (state_on(running), running.one("progress")["value"]) == ("Running", "2")
    assert "2 of 3 customers, 66 %" in running.text
    assert deeds_on(running) == {"Stop": "cancel"}
    assert over["HX-Trigger"] == "results:refresh"
    assert state_on(read(over)) == "Done"


def test_it_is_stopped_and_goes_on_by_its_buttons(client, people, monkeypatch):
    chunks_of(monkeypatch, 2)
    batch = ended(credit_change(*people, by=make_member(people[0].store).user, credit=5))
    press(client, batch, "apply")
    batches.run(batch.pk, seconds=0)

    press(client, batch, "cancel")
    stopped = page_of(client, batch)
    press(client, batch, "resume")
    page = page_of(client, batch)

    assert (state_on(stopped), rows_on(stopped)) == (
        "Cancelled",
        [["anna", "L$100 → L$105", "–", ""], ["bert", "L$10 → L$15", "–", ""]],
    )
    assert deeds_on(stopped) == {
        "Go on": "resume",
        "Undo this change": "undo",
        "Do it again": "repetition",
    }
    assert (state_on(page), len(rows_on(page))) == ("Done", 3)
    assert [balances(customer)[0] for customer in people] == [105, 15, 5]
