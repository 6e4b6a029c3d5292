"""The books for the owner: what is owed now and at a day, movements by month, the last check."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import credit, liability
from customers.models import Balance, BookCheck, CreditAccount
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_member, make_store

pytestmark = pytest.mark.django_db
CREDIT, RESTRICTED = Balance.CREDIT, Balance.RESTRICTED
URL = "/stores/lamps/books/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-05-30T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def owner(store):
    client = Client()
    client.force_login(make_member(store, "owner").user)
    return client


@pytest.fixture
def anna(clock, store):
    """100 and 7 in May; in June 30 paid, 5 taken by hand."""
    anna = make_customer(store, "anna", credit=100, restricted=7)
    make_customer(make_store("chairs"), "bert", credit=5_000)
    clock.shift(3 * DAY)
    buy(anna, money=0, credit=30)
    credit.take(customer=anna, balance=CREDIT, amount=5, by=None)
    clock.shift(3 * DAY)
    return anna


def owed(client, **query):
    """The rows of the first table."""
    page = read(client.get(URL, query))
    return [
        [cell.text for cell in row.children if not isinstance(cell, str)]
        for row in page.one("main").all("table")[0].all("tr")
    ]


def test_what_is_owed_now_and_what_it_comes_from(owner, anna):
    assert owed(owner) == [
        ["What moved it", "Credit now", "Restricted Credit now"],
        ["Starting credit", "L$100", "L$7"],
        ["Deducted", "−L$5", "L$0"],
        ["Paid for a purchase", "−L$30", "L$0"],
        ["Owed", "L$65", "L$7"],
    ]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    ("day", "was"), [("2026-05-29", "L$0"), ("2026-05-30", "L$100"), ("2026-06-02", "L$65")]
)
def test_what_was_owed_at_the_end_of_a_day(owner, store, anna, closed, day, was):
    if closed:
        assert liability.close_days(store) == 2

    assert owed(owner, at=day)[-1] == ["Owed", "L$65", "L$7", was, "L$0" if was == "L$0" else "L$7"]


@pytest.mark.parametrize("closed", [False, True])
def test_movements_by_month_with_every_month_of_the_year(owner, store, anna, closed):
    if closed:
        liability.close_days(store)
    page = read(owner.get(URL))

    rows = [
        [cell.text for cell in row.children if not isinstance(cell, str)]
        for row in page.one("main").one("details").all("tr")
    ]
    assert rows[0] == ["Month", "Added", "Taken"]
    assert [row[0] for row in rows[1:]][::11] == ["Jul 25", "Jun 26"]
    assert rows[-3:] == [
        ["Apr 26", "L$0", "L$0"],
        ["May 26", "L$107", "L$0"],
        ["Jun 26", "L$0", "−L$35"],
    ]
    titles = [title.text for title in page.one("svg", class_="chart").all("title")]
    assert titles[-1] == "Jun 26: L$0 added, −L$35 taken"


@pytest.mark.parametrize("day", ["2026-06-06", "2026-13-01", "yesterday", "9999-12-31"])
def test_a_day_that_cannot_be_taken_is_said_and_now_is_shown(owner, anna, day):
    response = owner.get(URL, {"at": day})

    assert response.status_code == 200
    assert read(response).one("main").one("form", method="get").error("at") != ""
    assert owed(owner, at=day)[-1] == ["Owed", "L$65", "L$7"]


def test_a_check_says_that_nothing_differs_and_when(owner, store, anna):
    assert "have not been checked yet" in read(owner.get(URL)).one("main").text

    response = owner.post(f"{URL}check/")

    assert (response.status_code, response["Location"]) == (302, URL)
    assert "Drift 0" in read(owner.get(URL)).one("main").text
    assert BookCheck.objects.get().differences == 0


def test_a_damaged_balance_is_shown(owner, store, anna):
    CreditAccount.objects.filter(customer=anna).update(credit=66)

    owner.post(f"{URL}check/")

    text = read(owner.get(URL)).one("main").text
    assert "1 difference" in text
    assert f"customer {anna.pk}: credit is 66, should be 65" in text


def test_large_books_are_left_to_the_worker(owner, store, anna, monkeypatch):
    monkeypatch.setattr("customers.book_checks.is_quick", lambda store: False)

    response = owner.post(f"{URL}check/", follow=True)

    assert "The books are being checked" in response.content.decode()
    assert not BookCheck.objects.exists()


def test_looking_changes_nothing(owner, anna, unchanged):
    with unchanged():
        owner.get(URL, {"at": "2026-06-01"})


def test_the_cost_does_not_grow_with_customers(owner, store, anna):
    owner.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as few:
        owner.get(URL, {"at": "2026-06-01"})
    for _ in range(30):
        make_customer(store, credit=10)
    with CaptureQueriesContext(connection) as many:
        owner.get(URL, {"at": "2026-06-01"})

    assert len(many) == len(few) <= 14
