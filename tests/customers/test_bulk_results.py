"""The result of a bulk change of credit: what its page and its files say, undo, doing it again."""

import csv
import io
import json

import pytest

from customers import credit
from stores.models import Batch
from tests import forms
from tests.changes import applied, credit_change, undone
from tests.doors.pages import body, read
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
    DIALOG,
    deeds_on,
    facts_on,
    lists_on,
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


# The result


@pytest.fixture
def done(people):
    """Minus 30 credit and 2 restricted more for three customers, of whom bert has spent 4 since the preview."""
    batch = credit_change(*people, by=make_member(people[0].store).user, credit=-30, restricted=2)
    credit.take(customer=people[1], balance="credit", amount=4, by=None)
    return applied(batch)


ANNA = ["anna", "L$100 → L$70", "L$5 → L$7", ""]
BERT = ["bert", "L$6 → L$0 of −L$30", "L$0 → L$2", "In part · changed since the preview"]
CARL = ["carl", "– of −L$30", "L$0 → L$2", "In part"]
HEADER = (
    "Username,UUID,Credit before,Credit after,Credit planned,Credit asked,Restricted Credit before,"
    "Restricted Credit after,Restricted Credit planned,Restricted Credit asked,Outcome,"
    "Changed since the preview"
).split(",")
FILE = {
    "anna": ["anna", "", "100", "70", "70", "-30", "5", "7", "7", "2", "as asked", ""],
    "bert": ["bert", "", "6", "0", "0", "-30", "0", "2", "2", "2", "in part", "yes"],
    "carl": ["carl", "", "", "", "0", "-30", "0", "2", "2", "2", "in part", ""],
}


def test_the_result_says_what_moved_beside_what_was_asked(client, done):
    page = page_of(client, done)

    assert state_on(page) == "Done"
    assert facts_on(page) == {
        "Customers": "3",
        "Where there is less": "Take what is there, and stop at zero",
        "Credit moved": "−L$36 of −L$90",
        "Restricted Credit moved": "L$6",
    }
    assert lists_on(page) == {
        "Done: 3": "",
        "In part: 2": "rows=short",
        "Changed since the preview: 1": "rows=drifted",
    }
    assert rows_on(page) == [ANNA, BERT, CARL]
    assert deeds_on(page) == {"Undo this change": "undo", "Do it again": "repetition"}
    assert warnings_on(page) == []


@pytest.mark.parametrize(
    ("name", "rows", "names"),
    [
        ("done", [ANNA, BERT, CARL], ["anna", "bert", "carl"]),
        ("short", [BERT, CARL], ["bert", "carl"]),
        ("drifted", [BERT], ["bert"]),
        ("left_out", [], []),
        ("nothing-like-it", [ANNA, BERT, CARL], ["anna", "bert", "carl"]),
    ],
)
def test_each_list_and_its_file(client, done, name, rows, names):
    page = page_of(client, done, f"?rows={name}")
    answer = client.get(f"{done.get_absolute_url()}rows.csv", {"rows": name})

    assert (rows_on(page) if page.all("tbody") else []) == rows
    lines = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert lines == [HEADER, *(FILE[name] for name in names)]
    known = name if name != "nothing-like-it" else "done"
    assert answer["Content-Disposition"] == f'attachment; filename="batch-{done.pk}-{known}.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_name_that_a_spreadsheet_would_run_is_text():
    store = make_plain_store("lamps")
    anna = make_customer(store, "=1+2", credit=1250)
    batch = applied(credit_change(anna, by=make_member(store).user, credit=-250))

    answer = signed_in(store).get(f"{batch.get_absolute_url()}rows.csv")

    row = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))[1]
    assert row[:6] == ["'=1+2", "", "12.50", "10.00", "10.00", "-2.50"]


def test_long_lists_have_pages(client, store):
    crowd = [make_customer(store, f"c{place:02}") for place in range(60)]
    batch = applied(credit_change(*crowd, by=make_member(store).user, credit=5))

    first = page_of(client, batch, "?per_page=25")
    (link,) = first.all("a", rel="next")
    second = read(client.get(link["href"]))

    names = [row[0] for page in (first, second) for row in rows_on(page)]
    assert names == [f"c{place:02}" for place in range(50)]
    answer = client.get(f"{batch.get_absolute_url()}rows.csv")
    assert len(body(answer).decode().splitlines()) == 61


# Undo and again


def test_it_is_undone_from_its_page(client, people, done):
    response = press(client, done, "undo", htmx=True)

    assert response.status_code == 204
    undoing = Batch.objects.get(undoes=done)
    assert json.loads(response["HX-Trigger"])["toast"] == {
        "text": "Undo: Credit −L$30, Restricted Credit +L$2: 3 customers.",
        "level": "success",
        "undo": None,
    }
    assert [balances(customer) for customer in people] == [(100, 5), (6, 0), (0, 0)]
    page = page_of(client, undoing)
    assert page.one("h1").text == "Undo: Credit −L$30, Restricted Credit +L$2"
    assert facts_on(page) == {
        "Customers": "3",
        "Credit moved": "L$36",
        "Restricted Credit moved": "−L$6",
    }
    assert rows_on(page) == [
        ["anna", "L$70 → L$100", "L$7 → L$5", ""],
        ["bert", "L$0 → L$6", "L$2 → L$0", ""],
        ["carl", "–", "L$2 → L$0", ""],
    ]
    assert deeds_on(page) == {}
    assert deeds_on(page_of(client, done)) == {"Do it again": "repetition"}


def test_what_could_not_be_given_back_is_listed(client, people, done):
    for customer, amount in zip(people, (6, 1, 2), strict=True):
        credit.take(customer=customer, balance="restricted", amount=amount, by=None)

    response = press(client, done, "undo", htmx=True)

    undoing = Batch.objects.get(undoes=done)
    said = json.loads(response["HX-Trigger"])["toast"]["text"]
    assert said == (
        "Undo: Credit −L$30, Restricted Credit +L$2: 2 customers;"
        " in part: the rest is spent: 2; impossible: 1."
    )
    page = page_of(client, undoing)
    assert lists_on(page) == {
        "Given back: 2": "",
        "In part: the rest is spent: 2": "rows=short",
        "Impossible: 1": "rows=left_out",
    }
    assert rows_on(page_of(client, undoing, "?rows=left_out")) == [
        ["carl", "–", "– of −L$2", "Left out"]
    ]
    assert facts_on(page)["Customers"] == "2"
    assert facts_on(page)["Restricted Credit moved"] == "−L$2 of −L$6"
    assert [balances(customer) for customer in people] == [(100, 0), (6, 0), (0, 0)]


def test_it_is_undone_from_the_list_of_changes(client, people, done):
    page = read(client.get(BATCHES))
    assert rows_on(page) == [
        [
            "Credit −L$30, Restricted Credit +L$2",
            "Done",
            str(done.by),
            "just now",
            "3",
            "Undo",
        ]
    ]
    link = page.one("tbody").all("a")[-1]["href"]
    asked = read(client.get(link, headers=DIALOG))
    assert asked.one("h2", id="dialog-title").text == "Undo this change?"

    first = client.post(asked.one("form", method="post")["action"])
    second = client.post(link)

    undoing = Batch.objects.get(undoes=done)
    assert [answer["Location"] for answer in (first, second)] == [undoing.get_absolute_url()] * 2
    assert [balances(customer) for customer in people] == [(100, 5), (6, 0), (0, 0)]
    after = read(client.get(BATCHES)).one("tbody")
    assert [row.all("td")[-1].text for row in after.all("tr")] == ["", "Undone"]
    assert after.all("a")[-1]["href"] == undoing.get_absolute_url()


def test_done_again_it_is_previewed_for_whoever_it_is_for_now(client, store, people, done):
    response = press(client, done, "repetition", htmx=True)

    again = Batch.objects.latest("pk")
    assert (again.state, again.planned, again.asked) == ("previewed", 3, done.asked)
    assert json.loads(response["HX-Trigger"]) == {"dialog:at": {"url": again.get_absolute_url()}}
    assert rows_on(read(response))[0] == ["anna", "L$70 → L$40", "L$7 → L$9", ""]


def test_what_cannot_be_done_is_said_with_the_page_as_it_is(client, people, done, unchanged):
    undoing = undone(done)
    preview = credit_change(*people, by=done.by, credit=5)

    with unchanged():
        answers = {
            (batch.pk, deed): press(client, batch, deed)
            for batch, deed in (
                (done, "resume"),
                (undoing, "undo"),
                (undoing, "repetition"),
                (preview, "undo"),
                (preview, "repetition"),
            )
        }

    said = {
        where: (answer.status_code, read(answer).one("p", role="alert").text)
        for where, answer in answers.items()
    }
    assert said == {
        (done.pk, "resume"): (409, "Only a change that stopped half-way can go on."),
        (undoing.pk, "undo"): (409, "An undo is not undone: do the change again instead."),
        (undoing.pk, "repetition"): (409, "Only a change that has ended is done again."),
        (preview.pk, "undo"): (409, "There is nothing to undo yet."),
        (preview.pk, "repetition"): (409, "Only a change that has ended is done again."),
    }
