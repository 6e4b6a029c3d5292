"""The dialog of bulk credit, the preview that it leads to, and what is refused on the way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import CreditEntry
from stores.models import Batch
from tests import forms
from tests.changes import credit_change
from tests.doors.pages import header_faults, read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_store,
    set_window,
)
from tests.forms import DIALOG, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
PAGE = "/stores/lamps/customers/credit/"
WARNING = "With no filter set, this update touches every customer in your store (3)."


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


def form_at(client, url=PAGE):
    return forms.form_at(client, url, action=PAGE)


def send(client, url=PAGE, **typed):
    return forms.send(client, url, action=PAGE, **typed)


def offered(form) -> dict[str, str]:
    """The choice of customers in words, and which of them is chosen."""
    return {
        label.text: "chosen" if "checked" in radio else ""
        for radio in form.all("input", name="audience")
        for label in form.all("label", for_=radio["id"])
    }


# The dialog


def test_with_nothing_chosen_it_is_for_everyone_and_says_so(client, people):
    form = form_at(client)

    assert offered(form) == {"Every customer (3)": "chosen"}
    assert WARNING in form.text
    values = form.values()
    del values["csrfmiddlewaretoken"]
    assert values == {
        "ticked": "",
        "query": "",
        "credit": "",
        "restricted": "",
        "reason": "",
        "note": "",
        "audience": "everything",
        "side": "more",
        "spent": "",
        "policy": "stop",
    }


def test_what_was_ticked_comes_first_then_what_the_list_shows(client, people):
    anna, bert, _ = people

    form = form_at(client, f"{PAGE}?tick={anna.pk}&tick={bert.pk}&q=an&sort=owns&page=2")

    assert offered(form) == {
        "Ticked (2)": "chosen",
        "What the list shows now (1)": "",
        "Every customer (3)": "",
    }
    assert form.values()["ticked"] == f"{anna.pk},{bert.pk}"
    assert form.values()["query"] == "q=an&sort=owns&page=2"
    assert WARNING not in form.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?spent_more=49", {"What the list shows now (1)": "chosen", "Every customer (3)": ""}),
        ("?credit_less=11", {"What the list shows now (2)": "chosen", "Every customer (3)": ""}),
        ("?sort=owns&per_page=25", {"Every customer (3)": "chosen"}),
        # A filter that cannot be read is not offered, and nothing wider is chosen in its place.
        ("?spent_more=lots", {"Every customer (3)": ""}),
        ("?tick=x&tick=-1&tick=", {"Every customer (3)": "chosen"}),
    ],
)
def test_each_choice_says_how_many(client, people, query, words):
    assert offered(form_at(client, PAGE + query)) == words


def test_the_list_leads_there_with_what_is_ticked(client, people):
    page = read(client.get("/stores/lamps/customers/?q=a&sort=owns"))

    form = page.one("form", id="ticks")
    assert form.one("button", formaction=PAGE).text == "Change credit"
    assert form.values() == {"q": "a", "sort": "owns"}
    boxes = page.all("input", name="tick")
    assert [(box["value"], box["form"], box["aria-label"]) for box in boxes] == [
        (str(people[0].pk), "ticks", "Tick anna"),
    ]


def test_the_dialog_is_the_page_without_its_frame(client, people):
    whole, part = read(client.get(PAGE)), read(client.get(PAGE, headers=DIALOG))

    assert (len(whole.all("html")), len(part.all("html"))) == (1, 0)
    form = part.one("form", method="post", action=PAGE)
    assert (form["hx-post"], form["hx-target"]) == (PAGE, "#dialog-body")
    assert "hx-post" not in whole.one("form", method="post", action=PAGE)


def test_opening_it_changes_nothing(client, people, unchanged):
    with unchanged():
        for query in ("", f"?tick={people[0].pk}&q=an", "?spent_more=lots"):
            assert client.get(PAGE + query).status_code == 200


# What is refused


BAD = [
    ("credit", "x", "Enter an amount such as 1250."),
    ("credit", "1.5", "Enter an amount such as 1250."),
    ("credit", "٣", "Enter an amount such as 1250."),
    ("restricted", "1e3", "Enter an amount such as 1250."),
    ("restricted", "9223372036854775808", "Enter an amount of at most L$1,000,000,000,000."),
    ("restricted", "-1000000000001", "Enter an amount of at most L$1,000,000,000,000."),
    ("note", "n" * 201, "Ensure this value has at most 200 characters (it has 201)."),
]


@pytest.mark.parametrize(("field", "typed", "said"), BAD)
def test_what_cannot_be_read_is_said_at_its_field(client, people, unchanged, field, typed, said):
    good = {"credit": "5", "restricted": "7", "note": "May", "reason": "other"}

    with unchanged():
        response = send(client, **{**good, field: typed})

    assert response.status_code == 200
    form = read(response).one("form", method="post", action=PAGE)
    assert form.error(field) == said
    kept = form.values()
    assert {name: kept[name] for name in good} == {**good, field: typed}


@pytest.mark.parametrize("typed", [("", ""), ("0", ""), ("", "0"), ("0", "0"), ("-0", " 0 ")])
def test_where_nothing_would_change_it_is_said_kindly(client, people, unchanged, typed):
    credit, restricted = typed

    with unchanged():
        response = send(client, credit=credit, restricted=restricted, reason="other")

    form = read(response).one("form", method="post", action=PAGE)
    assert response.status_code == 200
    assert form.error("credit") == "Nothing would change: enter an amount in one of the two."
    assert (form.values()["credit"], form.values()["reason"]) == (credit, "other")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"reason": ""}, "reason", "This field is required."),
        ({"by_spent": "on"}, "spent", "Enter the amount to compare with."),
        ({"by_spent": "on", "spent": "-1"}, "spent", "Enter L$0 or more."),
        (
            {"side": "both", "by_spent": "on", "spent": "1"},
            "side",
            "Select a valid choice. both is not one of the available choices.",
        ),
        ({"audience": None}, "audience", "This field is required."),
        (
            {"audience": "ticked"},
            "audience",
            "Select a valid choice. ticked is not one of the available choices.",
        ),
        ({"policy": None}, "policy", "This field is required."),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, people, unchanged, typed, field, said):
    with unchanged():
        response = send(client, **{"credit": "5", "reason": "other", **typed})

    assert read(response).one("form", method="post", action=PAGE).error(field) == said


@pytest.mark.parametrize("ticked", ["a,b", "1;2", "-1", "9" * 19, "1," * 1_001])
def test_ticked_rows_that_cannot_be_read_are_never_everyone(client, people, unchanged, ticked):
    with unchanged():
        response = send(client, credit="5", reason="other", ticked=ticked)

    assert response.status_code == 200
    assert "The ticked rows cannot be read; tick them again." in read(response).text


def test_a_filter_that_cannot_be_read_is_never_everyone(client, people, unchanged):
    with unchanged():
        response = send(client, f"{PAGE}?owns=No+such", credit="5", reason="other")

    form = read(response).one("form", method="post", action=PAGE)
    assert form.error("audience") == "This field is required."


# Who may


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("manager", 200), ("clerk", 403), ("viewer", 403)]
)
def test_who_may_open_and_send_it(store, people, role, status):
    client = signed_in(store, role)
    fields = {"credit": "5", "reason": "other", "audience": "everything", "policy": "stop"}

    opened, sent = client.get(PAGE), client.post(PAGE, fields)

    assert (opened.status_code, sent.status_code) == (status, 302 if status == 200 else status)
    assert Batch.objects.count() == (1 if status == 200 else 0)
    assert header_faults(opened) == []


def test_a_stranger_finds_nothing(people, unchanged):
    client = signed_in(make_store("elsewhere"), "owner")

    with unchanged():
        answers = [client.get(PAGE), client.post(PAGE, {"credit": "5", "reason": "other"})]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_it_takes_the_same_few_queries_however_many(client, store, people):
    counts = []

    for total in (3, 40):
        crowd = [make_customer(store, f"c{total}x{place}") for place in range(total)]
        ticks = "&".join(f"tick={customer.pk}" for customer in crowd)
        batch = credit_change(*crowd, by=make_member(store).user, credit=5)
        counts.append([])
        for url in (PAGE, f"{PAGE}?{ticks}&q=c", batch.get_absolute_url()):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts[-1].append(len(captured))

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 8
    assert CreditEntry.objects.filter(kind="bulk").count() == 0
