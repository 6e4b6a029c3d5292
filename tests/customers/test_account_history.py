"""The history of a balance: origins, filters, and moving credit from there."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import credit
from customers.models import Balance, CreditEntry
from tests.doors.pages import read
from tests.factories import balances, buy, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
CREDIT, RESTRICTED = Balance.CREDIT, Balance.RESTRICTED
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def anna(store):
    return make_customer(store, "anna")


def signed_in(store, role="manager"):
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def manager(store):
    return signed_in(store)


def url_of(customer, piece=""):
    return f"{customer.get_absolute_url()}credit/{piece}"


def rows(page, column=None):
    found = [[cell.text for cell in row.all("td")] for row in page.one("tbody").all("tr")]
    return found if column is None else [row[column] for row in found]


def grant(customer, amount, balance=CREDIT, **why):
    return credit.grant(customer=customer, balance=balance, amount=amount, **{"by": None, **why})


def take(customer, amount, balance=CREDIT, **why):
    return credit.take(customer=customer, balance=balance, amount=amount, **{"by": None, **why})


def form(client, url):
    path = url.partition("?")[0]
    (found,) = [
        one
        for one in read(client.get(url)).all("form", method="post")
        if one["action"].partition("?")[0] == path
    ]
    return found


def send(client, url, **typed):
    return client.post(url, {**form(client, url).values(), **typed})


# What is shown


def test_each_entry_leads_to_where_it_came_from(manager, store, anna):
    first = grant(anna, 50)
    buy(anna, make_product(store, "Lamp"), money=0, credit=10)
    back = credit.reverse(entry=first, by=None).entry

    page = read(manager.get(url_of(anna)))

    assert [row[1] for row in rows(page)] == [
        "Reversed: L$50 of 15 Jun 2026",
        "Paid for a purchase: Lamp",
        "Added · reversed",
    ]
    links = [[link["href"] for link in row.all("a")] for row in page.one("tbody").all("tr")]
    purchase = CreditEntry.objects.get(kind="purchase").purchase
    assert links == [
        ["?balance=credit&place=1"],
        [f"{anna.get_absolute_url()}purchases/?purchase={purchase.pk}"],
        [f"?balance=credit&place={back.seq}"],
    ]


def test_a_link_leads_to_the_one_purchase(manager, store, anna):
    first = buy(anna, make_product(store, "Lamp"), money=1)
    buy(anna, make_product(store, "Chair"), money=2)
    url = f"{anna.get_absolute_url()}purchases/"

    page = read(manager.get(url, {"purchase": str(first.pk)}))

    assert [row[1] for row in rows(page)] == ["Lamp"]
    assert "All purchases" in [link.text for link in page.all("a")]
    assert "Paid for nothing" in read(manager.get(url, {"purchase": "987654321"})).text


def test_the_place_of_an_entry_begins_a_page(manager, anna):
    for amount in range(1, 8):
        grant(anna, amount)

    page = read(manager.get(url_of(anna), {"place": "3"}))

    assert rows(page, 4) == ["+L$3", "+L$2", "+L$1"]
    assert "Show the latest" in [link.text for link in page.all("a")]


def test_only_what_was_moved_by_hand_and_stands_can_be_reversed(manager, store, anna):
    first = grant(anna, 50)
    taken = take(anna, 5)
    buy(anna, money=0, credit=10)
    credit.reverse(entry=first, by=None)

    page = read(manager.get(url_of(anna)))

    offered = [link["href"] for link in page.all("a") if link.text == "Reverse"]
    assert offered == [url_of(anna, f"{taken.pk}/reversal/")]


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_not_move_credit_is_offered_nothing(store, anna, role):
    grant(anna, 50)

    page = read(signed_in(store, role).get(url_of(anna)))

    words = [link.text for link in page.all("a")]
    assert [word for word in words if word in ("Reverse", "Add credit", "Deduct credit")] == []


# Filters


@pytest.fixture
def year(clock, store, anna):
    """An entry on each of ten days, added and deducted in turn, by two people in turn."""
    people = [make_member(store, "owner").user, make_member(store, "manager").user]
    for day in range(10):
        verb = grant if day % 2 == 0 else take
        verb(anna, 100 if day % 2 == 0 else 1, by=people[day // 2 % 2])
        clock.shift(DAY)
    return people


def shown(client, customer, **query):
    page = read(client.get(url_of(customer), query))
    return [row.one("time").text for row in page.one("main").all("tr") if row.all("time")]


def test_by_days_of_the_store(anna, year, manager):
    asked = {"first": "2026-06-17", "last": "2026-06-19"}

    assert shown(manager, anna, **asked) == ["19 Jun 2026", "18 Jun 2026", "17 Jun 2026"]
    assert len(shown(manager, anna, first="2026-06-17")) == 8
    assert len(shown(manager, anna, last="2026-06-17")) == 3
    assert shown(manager, anna, first="2027-01-01") == []
    assert shown(manager, anna, last="2020-01-01") == []


def test_by_kind(anna, year, manager):
    page = read(manager.get(url_of(anna), {"kind": "deduction"}))

    assert set(rows(page, 1)) == {"Deducted"}
    assert len(rows(page)) == 5


def test_by_person(anna, year, manager):
    page = read(manager.get(url_of(anna), {"by": str(year[1].pk)}))

    assert rows(page, 3) == [str(year[1])] * 4


def test_what_nobody_did(anna, year, manager):
    grant(anna, 3)

    page = read(manager.get(url_of(anna), {"by": "nobody"}))

    assert rows(page, 4) == ["+L$3"]


def test_filters_hold_together_and_say_themselves(anna, year, manager):
    query = {"first": "2026-06-16", "last": "2026-06-20", "kind": "grant", "by": str(year[1].pk)}

    page = read(manager.get(url_of(anna), query))

    assert [row.one("time").text for row in page.one("tbody").all("tr")] == ["17 Jun 2026"]
    chips = [chip.one("span", class_="cut").text for chip in page.all("a", class_="chip")]
    assert chips == ["From 16 Jun 2026", "To 20 Jun 2026", "Added", f"By {year[1]}"]


def test_who_left_the_store_can_still_be_asked_for(store, anna, year, manager):
    store.members.filter(user=year[1]).delete()

    page = read(manager.get(url_of(anna), {"by": str(year[1].pk)}))

    assert len(rows(page)) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first", "yesterday"),
        ("first", "0001-01-01"),
        ("last", "9999-12-31"),
        ("last", "2026-02-30"),
        ("last", "٢٠٢٦-٠٦-١٥"),
        ("kind", "x"),
        ("by", "0"),
        ("by", str(2**63)),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(anna, year, manager, name, value):
    response = manager.get(url_of(anna), {name: value})

    page = read(response)
    assert response.status_code == 200
    assert page.one("details", class_="narrow")["open"] == ""
    assert page.one(id=f"error_1_filter_{name}").text != ""
    assert page.one("main").all("table") == []


def test_the_last_day_is_not_before_the_first(anna, year, manager):
    page = read(manager.get(url_of(anna), {"first": "2026-06-17", "last": "2026-06-16"}))

    said = page.one(id="error_1_filter_last").text
    assert said == "Enter a day that is not before the first."


def test_filtered_pages_go_on(manager, anna):
    for amount in range(1, 61):
        grant(anna, amount)
        take(anna, 1)
    url, pages = f"{url_of(anna)}?kind=grant&per_page=25", []

    while url:
        page = read(manager.get(url))
        pages.append(rows(page, 4))
        url = next((link["href"] for link in page.all("a", rel="next")), "")

    amounts = [f"+L${amount}" for amount in range(60, 0, -1)]
    assert pages == [amounts[:25], amounts[25:50], amounts[50:]]


def test_a_long_history_is_looked_at_in_part_and_says_so(manager, anna, monkeypatch):
    monkeypatch.setattr("customers.movements.CAP", 5)
    take_me = grant(anna, 1, by=None)
    for _ in range(6):
        grant(anna, 1)
        take(anna, 1)

    cut = read(manager.get(url_of(anna), {"kind": "deduction"}))
    whole = read(manager.get(url_of(anna)))

    assert len(rows(cut)) == 3
    assert "look further back" in cut.text
    assert len(rows(whole)) == 13
    assert "look further back" not in whole.text
    assert take_me.seq == 1


@pytest.mark.parametrize(
    "query", ["", "first=2026-06-16&last=2026-06-20", "kind=grant", "by=nobody"]
)
def test_the_page_asks_as_much_with_many_entries_as_with_few(manager, anna, query):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            manager.get(f"{url_of(anna)}?{query}")
        return len(captured)

    first = grant(anna, 1)
    few = asked()
    for _ in range(40):
        take_back = grant(anna, 1)
    credit.reverse(entry=take_back, by=None)
    credit.reverse(entry=first, by=None)

    assert asked() == few


# Adding and deducting


@pytest.mark.parametrize(("piece", "left"), [("addition/", 130), ("deduction/", 70)])
def test_credit_is_moved_with_a_reason(manager, anna, piece, left):
    grant(anna, 100)
    url = url_of(anna, piece)

    response = send(manager, url, amount="30", reason="prize", note="June")

    assert response["Location"] == f"{url_of(anna)}?balance=credit"
    assert balances(anna) == (left, 0)
    entry = CreditEntry.objects.latest("pk")
    assert (entry.reason, entry.note, entry.by is None) == ("prize", "June", False)


def test_the_form_opens_with_the_balance_that_was_looked_at(manager, anna):
    url = url_of(anna, "addition/") + "?balance=restricted"

    response = send(manager, url, amount="5", reason="other")

    assert balances(anna) == (0, 5)
    assert response["Location"] == f"{url_of(anna)}?balance=restricted"


def test_more_than_there_is_is_refused_with_what_is_there(manager, anna, unchanged):
    grant(anna, 100)
    url = url_of(anna, "deduction/")

    with unchanged():
        response = send(manager, url, amount="101", reason="other")

    shown = read(response).one("main").one("form", method="post")
    assert response.status_code == 409
    assert shown.error("amount") == "anna holds L$100: L$101 cannot be taken."
    assert shown.values()["amount"] == "101"


@pytest.mark.parametrize("piece", ["addition/", "deduction/"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "1.5"),
        ("amount", "٣"),
        ("amount", str(2**63)),
        ("balance", "credit_seq"),
        ("reason", ""),
        ("reason", "x"),
        ("note", "x" * 201),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(manager, anna, unchanged, piece, name, value):
    grant(anna, 100)
    typed = {"amount": "5", "reason": "other", name: value}

    with unchanged():
        response = send(manager, url_of(anna, piece), **typed)

    shown = read(response).one("main").one("form", method="post")
    assert response.status_code == 200
    assert shown.error(name) != ""


def test_a_form_sent_twice_moves_credit_once(manager, anna):
    url = url_of(anna, "addition/")
    values = {**form(manager, url).values(), "amount": "5", "reason": "other"}

    answers = [manager.post(url, values) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert balances(anna) == (5, 0)


def test_a_form_sent_again_with_another_amount_is_refused(manager, anna):
    url = url_of(anna, "addition/")
    values = {**form(manager, url).values(), "amount": "5", "reason": "other"}
    manager.post(url, values)

    response = manager.post(url, {**values, "amount": "6"})

    assert response.status_code == 409
    assert balances(anna) == (5, 0)


def test_a_dialog_goes_on_to_the_history(manager, anna):
    url = url_of(anna, "addition/")
    values = {**form(manager, url).values(), "amount": "5", "reason": "other"}

    response = manager.post(url, values, headers=DIALOG)

    events = json.loads(response["HX-Trigger"])
    assert response.status_code == 204
    assert events["toast"]["text"] == "L$5 was added to anna."
    assert events["dialog:go"] == {"url": f"{url_of(anna)}?balance=credit"}


# Reversing


def test_a_movement_is_reversed_from_the_history(manager, anna):
    entry = grant(anna, 50)
    url = url_of(anna, f"{entry.pk}/reversal/")

    page = read(manager.get(url))
    response = send(manager, url, note="Twice")

    assert "Takes L$50 Credit back from anna." in page.text
    assert response["Location"] == f"{url_of(anna)}?balance=credit"
    assert balances(anna) == (0, 0)
    back = CreditEntry.objects.latest("pk")
    assert (back.reverses, back.reason, back.note) == (entry, "correction", "Twice")


def test_what_is_left_is_said_before_and_after(manager, anna):
    entry = grant(anna, 50)
    take(anna, 20)
    url = url_of(anna, f"{entry.pk}/reversal/")
    values = form(manager, url).values()

    page = read(manager.get(url))
    response = manager.post(url, values, headers=DIALOG)

    assert "anna spent some of it: of L$50 Credit only L$30 is left" in page.text
    said = json.loads(response["HX-Trigger"])["toast"]["text"]
    assert said == "Of L$50 only L$30 was left, and was taken back."


def test_what_was_deducted_is_given_back(manager, anna):
    grant(anna, 50, RESTRICTED)
    entry = take(anna, 20, RESTRICTED)
    url = url_of(anna, f"{entry.pk}/reversal/")

    assert "Gives L$20 Restricted Credit back to anna." in read(manager.get(url)).text
    send(manager, url)

    assert balances(anna) == (0, 50)


def test_a_reversal_that_cannot_be_is_refused_in_words(manager, anna, unchanged):
    entry = grant(anna, 50)
    url = url_of(anna, f"{entry.pk}/reversal/")
    values = form(manager, url).values()
    take(anna, 50)

    with unchanged():
        response = manager.post(url, values)

    assert response.status_code == 409
    assert "nothing left to take" in read(response).one("main").one("form", method="post").text


def test_a_reversal_sent_twice_is_done_once(manager, anna):
    entry = grant(anna, 50)
    url = url_of(anna, f"{entry.pk}/reversal/")
    values = form(manager, url).values()

    answers = [manager.post(url, values) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert CreditEntry.objects.count() == 2


def test_an_entry_of_another_customer_is_not_found(manager, store, anna):
    entry = grant(make_customer(store, "bert"), 50)

    assert manager.get(url_of(anna, f"{entry.pk}/reversal/")).status_code == 404
