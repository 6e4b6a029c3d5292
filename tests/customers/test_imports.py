"""Importing customers: what the preview shows is done, and taken back as far as it is still there."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, OperationalError, connection

from customers import credit, profiles, search
from customers.imports import applying, judging, kinds
from customers.models import (
    CreditEntry,
    CreditRow,
    Customer,
    CustomerCount,
    CustomerLine,
    OldName,
    SearchText,
)
from stores import batches, sheet_records
from stores.batches import kind_of, work
from stores.models import Batch, Member, Upload
from tests.changes import applied, credit_change, ended, undone
from tests.factories import (
    balances,
    buy,
    make_customer,
    make_kept,
    make_member,
    make_plain_store,
    make_product,
    make_quote,
    make_store,
)
from tests.imported import (
    drafted,
    go_on,
    held,
    imported,
    people,
    previewed,
    sent,
    staged,
    states,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
U1 = uuid.UUID("11111111-2222-4333-8444-555555555555")
U2 = uuid.UUID("22222222-2222-4333-8444-555555555555")
NOW = dt.datetime(2026, 6, 15, 19, tzinfo=dt.UTC)
HEADER = (
    "Username,UUID,E-mail,Note,Credit,Restricted Credit,Discount %,News Subscriber,Group Member\n"
)
# anna changes, bert stays, carla is new, two are refused, one is a conflict.
FILE = f"""{HEADER}\
anna,,anna@example.org,,150,5,10,yes,yes
bert,,,,0,,,no,
carla,{U2},,a note,30,,5,yes,
dora,,,,1e3,,,,
ANNA,,,,1,,,,
egon,{U1},,,,,,,
frida
"""


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", uuid=U1, credit=100, discount=5)


@pytest.fixture
def bert(store):
    return make_customer(store, "bert")


@pytest.fixture
def world(anna, bert, store):
    make_customer(store, "egon")
    return store


def row(name: str, **fields) -> str:
    """A file of one line, with a column for each field that is named."""
    names = {
        "uuid": "UUID",
        "email": "E-mail",
        "note": "Note",
        "credit": "Credit",
        "restricted": "Restricted Credit",
        "discount": "Discount %",
        "subscriber": "News Subscriber",
        "member": "Group Member",
    }
    header = ",".join(["Username", *(names[field] for field in fields)])
    return f"{header}\n{','.join([name, *map(str, fields.values())])}\n"


def whole(*customers: Customer) -> list[dict]:
    """All columns of customers as they are stored now."""
    return list(Customer.objects.filter(pk__in=[one.pk for one in customers]).values())


# The preview


def test_a_preview_freezes_what_each_line_comes_to(world, anna, bert, manager):
    batch = drafted(world, FILE, by=manager)

    assert (batch.state, batch.planned, batch.handled, batch.title) == (
        "previewed",
        7,
        0,
        "Customers from people.csv",
    )
    assert states(batch) == ["changed", "same", "new", "refused", "refused", "conflict", "refused"]
    assert told(batch, "customer", "username", "name_key", "uuid") == [
        (2, anna.pk, "anna", "", None),
        (3, bert.pk, "bert", "", None),
        (4, None, "carla", "carla", U2),
        (5, None, "", "", None),
        (6, None, "", "", None),
        (7, None, "", "", None),
        (8, None, "", "", None),
    ]
    assert told(batch, "credit_asked", "credit_was", "restricted_asked", "restricted_was")[:3] == [
        (2, 50, 100, 5, 0),
        (3, 0, 0, 0, 0),
        (4, 30, 0, 0, 0),
    ]
    assert [line.changes for line in staged(batch)][:3] == [
        {
            "email": ["", "anna@example.org"],
            "discount": [5, 10],
            "subscriber": [False, True],
            "group_member": [False, True],
        },
        {},
        {"note": ["", "a note"], "discount": [0, 5], "subscriber": [False, True]},
    ]
    assert told(batch, "column", "reason")[3:] == [
        (5, "Credit", "is written with an exponent; write all its digits"),
        (6, "", "the same customer stands on line 2 already"),
        (7, "UUID", "the name is egon, the uuid is anna's"),
        (8, "", "the line has 1 cells, the header has 9"),
    ]
    assert [line.cells for line in staged(batch)] == [
        None,
        None,
        None,
        ["dora", "", "", "", "1e3", "", "", "", ""],
        ["ANNA", "", "", "", "1", "", "", "", ""],
        ["egon", str(U1), "", "", "", "", "", "", ""],
        ["frida"],
    ]


def test_the_numbers_of_a_preview_are_those_of_its_lines(world, manager):
    batch = drafted(world, FILE, by=manager)

    counted = {state: states(batch).count(state) for state in set(states(batch))}
    assert {state: batch.counts[state] for state in counted} == counted
    assert sum(counted.values()) == batch.planned
    lines = [line for line in staged(batch) if line.state in ("new", "changed", "same")]
    assert batch.counts["credit_before"] == sum(line.credit_was for line in lines) == 100
    assert batch.counts["credit_after"] == 180
    assert (batch.counts["restricted_before"], batch.counts["restricted_after"]) == (0, 5)
    assert (batch.counts["subscribed"], batch.counts.get("unsubscribed", 0)) == (2, 0)
    kind = kind_of(batch)
    assert kind.figures(batch) == [
        ("New", "1"),
        ("Changed", "1"),
        ("Unchanged", "1"),
        ("In conflict", "1"),
        ("Refused", "3"),
        ("Credit", "L$100 → L$180"),
        ("Restricted Credit", "L$0 → L$5"),
        ("Subscribed", "2"),
    ]
    assert kind.button(batch) == "Import 2 customers"
    assert [(one.name, one.count) for one in kind.lists(batch)] == [
        ("new", 1),
        ("changed", 1),
        ("same", 1),
        ("conflict", 1),
        ("refused", 3),
        ("skipped", 0),
    ]


def test_a_preview_writes_nothing_but_itself(world):
    before = held(world)

    previewed(world, FILE)

    assert held(world) == before


def test_the_first_list_that_has_lines_is_shown_first(store, anna):
    batch = previewed(store, row("anna", discount=50))

    assert [(one.name, one.count) for one in kind_of(batch).lists(batch)][:2] == [
        ("changed", 1),
        ("new", 0),
    ]


def test_a_change_of_each_kind_in_words(store, anna):
    batch = previewed(store, row("anne", uuid=U1, email="x@example.org", discount=7, credit=1))
    (line,) = kind_of(batch).lines(batch, [line.pk for line in staged(batch)])

    assert line["who"] == "anna"
    assert line["changes"] == [
        ("E-mail", "none", "x@example.org"),
        ("Discount", "5 %", "7 %"),
        ("Username", "anna", "anne"),
        ("Credit", "L$100", "L$1"),
    ]


def test_warnings(store, anna):
    profiles.edit(customer=anna, by=None, opened={"subscriber": False}, fields={"subscriber": True})

    batch = previewed(store, HEADER + "anna,,,,,,,x,\nbert,,,,,,,,\nbert,,,,,,,,\n")

    assert kind_of(batch).warnings(batch) == [
        "1 line is not taken. Download it under Refused, mend it, and send that file.",
        "1 customer would be unsubscribed from the news.",
        "1 cell for News Subscriber is neither yes nor no; it counts as no.",
    ]


def test_nothing_would_change(store, anna):
    batch = previewed(store, row("anna", discount=5))

    assert kind_of(batch).warnings(batch) == [
        "Nothing would change: every line is as the store has it, or is refused."
    ]
    assert kind_of(batch).touched(batch) == 0


def test_a_column_that_is_not_there_is_not_named_for_a_line_as_a_whole(store, anna):
    batch = previewed(store, "Username,Balance,Gift Card Credits\nanna,,-500\nanna,,\nx\n")

    assert told(batch, "column", "reason") == [
        (2, "Gift Card Credits", "would be below zero"),
        (3, "", ""),
        (4, "", "the line has 1 cells, the header has 3"),
    ]


# The same customer twice


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("gina,", "GINA,"),
        ("jane.doe,", "Jane Doe,"),
        ("gina resident,", "gina,"),
        (f"gina,{U2}", f"hanna,{U2}"),
        ("bert,", "bert,"),
        (f"bert,{U2}", f"gina,{U2}"),
        (f"anna,{U1}", f",{U1}"),
        (f"anne,{U1}", "anna,"),
        (f"anne,{U1}", "anne,"),
        ("anna,", f"anne,{U1}"),
        (f"bert,{U2}", f"egon,{U2}"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 100])
def test_the_same_customer_twice_is_an_error_on_the_later_line(
    world, first, second, chunk, monkeypatch
):
    monkeypatch.setattr(kinds, "CHUNK", chunk)

    batch = previewed(world, f"Username,UUID\n{first}\nother,\n{second}\n")

    assert told(batch, "state", "reason")[2] == (
        4,
        "refused",
        "the same customer stands on line 2 already",
    )
    assert states(batch)[0] in ("new", "changed", "same")


def test_a_line_that_is_refused_does_not_stand_in_the_way_of_a_later_one(world):
    batch = imported(world, "Username,Discount %\nanna,101\nanna,50\ngina,x\ngina,7\n")

    assert states(batch) == ["refused", "changed", "refused", "new"]
    assert {name: one["discount"] for name, one in people(world).items()} == {
        "anna": 50,
        "bert": 0,
        "egon": 0,
        "gina": 7,
    }


def test_who_is_skipped_stands_in_the_file_all_the_same(world):
    batch = previewed(world, "Username\nanna\nanna\n", mode=judging.SKIP)

    assert states(batch) == ["skipped", "refused"]


# Old names


def test_an_old_name_proposes_and_never_matches(store, anna):
    profiles.correct(customer=anna, username="anne", by=None)

    batch = imported(store, row("anna", discount=50))

    assert told(batch, "state", "customer", "reason") == [
        (2, "new", Customer.objects.get(username="anna").pk, "anne had this name before")
    ]
    assert (people(store)["anne"]["discount"], people(store)["anna"]["discount"]) == (5, 50)


@pytest.mark.parametrize("chunk", [1, 100])
def test_an_old_name_of_somebody_who_stands_in_the_file_is_refused(store, anna, chunk, monkeypatch):
    """So a file in which somebody is renamed and stands by the old name too makes nobody twice."""
    monkeypatch.setattr(kinds, "CHUNK", chunk)
    text = f"Username,UUID\nanne,{U1}\nanna,\n"

    first, again = imported(store, text), imported(store, text)

    assert told(first, "state", "reason") == [
        (2, "changed", ""),
        (3, "refused", "the same customer stands on line 2 already"),
    ]
    assert told(again, "state", "reason") == [
        (2, "same", ""),
        (3, "refused", "anne had this name before; the same customer stands on line 2 already"),
    ]


# Applying


def test_what_the_preview_shows_is_done(world, anna, bert, manager):
    before = people(world)
    batch = drafted(world, FILE, by=manager)

    batches.apply(batch=batch, by=manager)

    batch.refresh_from_db()
    assert (batch.state, batch.handled, batch.counts["short"], batch.counts["left_out"]) == (
        "done",
        7,
        0,
        0,
    )
    assert people(world) == {
        "anna": {
            "uuid": U1,
            "email": "anna@example.org",
            "note": "",
            "discount": 10,
            "subscriber": True,
            "subscriber_source": "import",
            "group_member": True,
            "balances": (150, 5),
            "entries": [
                ("credit", 1, 100, 100, "opening"),
                ("credit", 2, 50, 150, "import"),
                ("restricted", 1, 5, 5, "import"),
            ],
            "old_names": [],
            "listed": True,
            "found_by": f"anna\n{U1}\nanna@example.org",
        },
        "bert": before["bert"],
        "carla": {
            "uuid": U2,
            "email": "",
            "note": "a note",
            "discount": 5,
            "subscriber": True,
            "subscriber_source": "import",
            "group_member": False,
            "balances": (30, 0),
            "entries": [("credit", 1, 30, 30, "import")],
            "old_names": [],
            "listed": True,
            "found_by": f"carla\n{U2}",
        },
        "egon": before["egon"],
    }
    anna.refresh_from_db()
    assert anna.subscriber_at == anna.group_confirmed_at == NOW
    assert CustomerCount.objects.get(store=world).listed == 4
    entries = CreditEntry.objects.filter(batch=batch)
    assert {(entry.by, entry.at, entry.kind) for entry in entries} == {(manager, NOW, "import")}
    assert kind_of(batch).said(batch) == "Customers from people.csv: 1 new, 1 changed."


def test_a_line_of_somebody_new_leads_to_them_afterwards(store):
    batch = imported(store, row("carla", credit=5))

    (line,) = staged(batch)
    assert line.customer == Customer.objects.get(username="carla")


def test_consent_of_who_is_new_is_kept_with_its_source_and_time(store):
    imported(store, row("carla", subscriber="yes", member="yes"))
    imported(store, row("dora", subscriber="no", member="no"))

    carla, dora = Customer.objects.order_by("username")
    assert (carla.subscriber_source, carla.subscriber_at) == ("import", NOW)
    assert carla.group_confirmed_at == NOW
    assert (dora.subscriber_source, dora.subscriber_at, dora.group_confirmed_at) == ("", None, None)


def test_a_rename_keeps_the_old_name_searchable(store, anna):
    imported(store, row("anne", uuid=U1))

    anna.refresh_from_db()
    assert (anna.username, anna.name_key) == ("anne", "anne")
    assert list(OldName.objects.values_list("customer", "username", "until")) == [
        (anna.pk, "anna", NOW)
    ]
    found = search.matching(store, "anna").values_list("pk", flat=True)
    assert list(found) == [anna.pk]
    assert SearchText.objects.get().text == f"anne\nanna\n{U1}"


def test_names_are_normalised_by_the_rule_of_the_store(store):
    imported(store, "Username\nJane Doe\nBob Resident\n")
    plain = make_plain_store()
    imported(plain, "Username\nJane  Doe\nשרה לוי\nJANE DOE\n")

    assert sorted(people(store)) == ["bob", "jane.doe"]
    assert sorted(people(plain)) == ["Jane Doe", "שרה לוי"]


def test_credit_is_added_or_set_or_who_is_known_is_skipped(store, anna):
    text = "Username,Credit,Discount %\nanna,30,50\ncarla,30,50\n"
    results = []
    for mode in (judging.SKIP, judging.ADD, judging.ADD, judging.SET, judging.SET):
        imported(store, text, mode=mode)
        anna_now, carla = people(store)["anna"], people(store)["carla"]
        results.append(
            (anna_now["balances"][0], anna_now["discount"], carla["balances"][0], carla["discount"])
        )

    assert results == [
        (100, 5, 30, 50),
        (130, 50, 60, 50),
        (160, 50, 90, 50),
        (30, 50, 30, 50),
        (30, 50, 30, 50),
    ]


def test_an_in_world_opt_out_is_lifted_only_by_the_tick(store, anna):
    opt_out(anna)
    before = whole(anna)

    imported(store, row("anna", subscriber="yes"))
    kept = whole(anna) == before
    imported(store, row("anna", subscriber="yes"), lifts_opt_out=True)

    anna.refresh_from_db()
    assert kept
    assert (anna.subscriber, anna.subscriber_source) == (True, "import")


def opt_out(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(
        subscriber=False, subscriber_source="in_world", subscriber_at=NOW - dt.timedelta(days=9)
    )


def test_the_same_file_again_changes_nothing(world, manager):
    upload = sent(world, FILE)
    imported(world, upload, by=manager)
    before = held(world)

    again = imported(world, upload, by=manager)

    assert states(again) == ["same", "same", "same", "refused", "refused", "conflict", "refused"]
    assert (again.state, again.handled) == ("done", 7)
    assert held(world) == before


def test_it_is_applied_once_however_often_it_is_asked(world, manager):
    batch = imported(world, FILE, by=manager)
    before = held(world)

    for _ in range(3):
        batches.apply(batch=batch, by=manager)

    assert held(world) == before


def test_customers_of_other_stores_are_nobody(world, anna):
    other = make_store("elsewhere")

    imported(other, row("anna", uuid=U1, credit=7))

    assert people(other)["anna"]["balances"] == (7, 0)
    assert balances(anna) == (100, 0)


# What came between the preview and the deed


def outcome(batch: Batch) -> tuple:
    """What came of a batch of one line."""
    (line,) = staged(batch)
    return line.outcome, line.drifted, line.reason


def test_a_balance_that_was_spent_since_gets_the_same_change(store, anna):
    batch = previewed(store, row("anna", credit=150))
    credit.take(customer=anna, balance="credit", amount=30, by=None)

    applied(batch)

    assert balances(anna) == (120, 0)
    assert outcome(batch) == ("", True, "")
    assert told(batch, "credit_asked", "credit_was") == [(2, 50, 70)]


def test_a_balance_that_cannot_take_the_change_any_more_stays(store, anna):
    batch = previewed(store, row("anna", credit=40, discount=9))
    credit.take(customer=anna, balance="credit", amount=70, by=None)

    batch = applied(batch)

    assert balances(anna) == (30, 0)
    assert people(store)["anna"]["discount"] == 9
    assert outcome(batch) == ("short", True, applying.NOT_MOVED)
    assert (batch.counts["short"], batch.counts["left_out"]) == (1, 0)
    assert kind_of(batch).said(batch).endswith("0 new, 1 changed, 1 of them in part.")


def test_a_line_of_which_nothing_can_be_done_is_left_out(store, anna):
    batch = previewed(store, row("anna", credit=40))
    credit.take(customer=anna, balance="credit", amount=70, by=None)

    batch = applied(batch)

    assert outcome(batch) == ("left_out", True, applying.NOT_MOVED)
    assert (batch.counts["short"], batch.counts["left_out"]) == (0, 1)
    assert not CreditEntry.objects.filter(batch=batch).exists()


def test_a_field_that_was_edited_since_is_replaced_and_comes_back(store, anna):
    batch = previewed(store, row("anna", discount=50, note="new"))
    profiles.edit(
        customer=anna,
        by=None,
        opened={"discount": 5, "email": ""},
        fields={"discount": 20, "email": "a@example.org"},
    )
    before = held(store)

    applied(batch)
    drifted = outcome(batch)
    (line,) = staged(batch)
    undone(batch)

    assert drifted == ("", True, "")
    assert line.changes == {"discount": [20, 50], "note": ["", "new"]}
    assert held(store) == before


def test_a_field_that_is_as_it_shall_be_by_now_is_no_change(store, anna):
    batch = previewed(store, row("anna", subscriber="yes", discount=50))
    profiles.edit(customer=anna, by=None, opened={"subscriber": False}, fields={"subscriber": True})
    before = whole(anna)

    applied(batch)

    (line,) = staged(batch)
    assert (line.drifted, line.changes) == (True, {"discount": [5, 50]})
    (now,) = whole(anna)
    assert now == {**before[0], "discount": 50}
    undone(batch)
    assert whole(anna) == before


def test_somebody_renamed_since_to_the_same_name_keeps_their_old_names(store, anna):
    batch = previewed(store, row("anne", uuid=U1))
    profiles.correct(customer=anna, username="anne", by=None)
    before = held(store)

    applied(batch)

    assert outcome(batch) == ("", True, "")
    assert held(store) == before


def test_an_opt_out_in_world_made_since_stays(store, anna):
    batch = previewed(store, row("anna", subscriber="yes", discount=50))
    opt_out(anna)

    applied(batch)

    anna.refresh_from_db()
    assert (anna.subscriber, anna.subscriber_source, anna.discount) == (False, "in_world", 50)
    assert outcome(batch) == ("", True, judging.OPTED_OUT)


@pytest.mark.parametrize("fields", [{}, {"uuid": U2}])
def test_a_new_name_that_is_taken_by_now_is_left_out(store, fields):
    batch = previewed(store, row("carla", credit=5, **fields))
    make_customer(store, "Carla")
    before = held(store)

    batch = applied(batch)

    assert outcome(batch) == ("left_out", True, applying.TAKEN)
    assert held(store) == before
    assert kind_of(batch).said(batch).endswith("1 new, 0 changed, 1 of them left out.")


@pytest.mark.parametrize("name", ["carla", "bert"])
def test_a_uuid_that_is_taken_by_now_is_left_out(store, bert, name):
    batch = previewed(store, row(name, uuid=U2, credit=5))
    make_customer(store, "dora", uuid=U2)
    before = held(store)

    batch = applied(batch)

    assert outcome(batch) == ("left_out", True, applying.TAKEN)
    assert held(store) == before


def test_a_rename_to_a_name_that_is_taken_by_now_is_left_out(store, anna):
    batch = previewed(store, row("anne", uuid=U1, credit=5))
    make_customer(store, "anne")
    before = held(store)

    applied(batch)

    assert outcome(batch) == ("left_out", True, applying.TAKEN)
    assert held(store) == before


def test_somebody_who_got_another_uuid_since_is_left_out(store, bert):
    batch = previewed(store, row("bert", uuid=U2, credit=5))
    profiles.correct(customer=bert, username="bert", uuid=U1, by=None)
    before = held(store)

    applied(batch)

    assert outcome(batch) == ("left_out", True, "bert has another uuid by now")
    assert held(store) == before


def test_somebody_who_got_the_same_uuid_since_is_no_conflict(store, bert):
    batch = previewed(store, row("bert", uuid=U2, credit=5))
    profiles.correct(customer=bert, username="bert", uuid=U2, by=None)

    applied(batch)

    assert outcome(batch) == ("", True, "")
    assert balances(bert) == (5, 0)


def test_somebody_archived_since_is_left_out(store, anna):
    batch = previewed(store, row("anna", discount=50, credit=7))
    profiles.archive(customer=anna, by=None)
    before = held(store)

    applied(batch)

    assert outcome(batch) == ("left_out", True, "anna is archived by now")
    assert held(store) == before


def test_somebody_whom_an_undo_took_away_since_is_left_out(store):
    first = imported(store, row("carla"))
    batch = previewed(store, row("carla", discount=50, credit=7))
    undone(first)
    before = held(store)

    applied(batch)

    assert outcome(batch) == ("left_out", True, "the customer is gone by now")
    assert held(store) == before == {**before, "customers.Customer": []}


def test_what_was_left_out_is_not_undone(store, anna):
    batch = previewed(store, "Username,Discount %\nanna,50\nbert,1\n")
    make_customer(store, "bert")
    applied(batch)

    back = undone(batch)

    assert told(back, "username") == [(2, "anna")]
    assert (people(store)["anna"]["discount"], people(store)["bert"]["discount"]) == (5, 0)


def test_a_chunk_in_which_somebody_just_took_a_name_is_judged_again(store, monkeypatch):
    batch = previewed(store, "Username\ncarla\ndora\n")
    make_many, raised = applying.make_many, []

    def just_before(*given, **how):
        if not raised:
            raised.append(True)
            raise IntegrityError("customer_name_once")
        return make_many(*given, **how)

    monkeypatch.setattr(applying, "make_many", just_before)

    batch = applied(batch)

    assert (batch.state, raised) == ("done", [True])
    assert sorted(people(store)) == ["carla", "dora"]


# Undo


def test_known_customers_are_as_before_but_for_the_movements(world, anna, manager):
    before = held(world, entries=False)
    known = people(world)
    batch = imported(world, FILE.replace("carla", "#"), by=manager)
    assert people(world)["anna"] != known["anna"]

    back = undone(batch)

    assert held(world, entries=False) == before
    entries = people(world)["anna"]["entries"]
    assert entries[-2:] == [
        ("credit", 3, -50, 100, "reversal"),
        ("restricted", 2, -5, 0, "reversal"),
    ]
    reversing = CreditEntry.objects.filter(batch=back).order_by("pk")
    assert [entry.reverses.batch for entry in reversing] == [batch, batch]
    assert [(one.label, one.count) for one in kind_of(back).lists(back)] == [
        ("Taken back", 1),
        ("Kept: edited or bought since", 0),
        ("In part: the rest is spent", 0),
        ("Impossible: already spent", 0),
    ]
    assert kind_of(back).said(back) == "Undo: Customers from people.csv: taken back: 1."


def test_without_credit_nothing_at_all_is_left_of_it(store, anna, bert):
    for customer, fields in ((anna, {"note": "old", "subscriber": True}), (bert, {"discount": 7})):
        opened = {name: getattr(customer, name) for name in fields}
        profiles.edit(customer=customer, by=None, opened=opened, fields=fields)
    profiles.correct(customer=anna, username="annie", by=None)
    profiles.correct(customer=anna, username="anna", by=None)
    before = held(store)
    batch = imported(
        store,
        "Username,UUID,E-mail,Note,Discount %,News Subscriber,Group Member\n"
        f"anne,{U1},a@example.org,new,50,no,yes\n"
        f"bert,{U2},,,,yes,\n"
        "carla,,c@example.org,,5,yes,yes\n",
    )
    assert states(batch) == ["changed", "changed", "new"]
    assert held(store) != before

    undone(batch)

    assert held(store) == before
    assert list(search.matching(store, "anne")) == []
    assert [found.pk for found in search.matching(store, "annie")] == [anna.pk]


def test_an_old_name_from_before_stays_one(store, anna):
    """It was theirs before, and is again: only what the import wrote goes."""
    profiles.correct(customer=anna, username="anne", by=None)
    profiles.correct(customer=anna, username="anna", by=None)
    before = held(store)
    batch = imported(store, row("annie", uuid=U1))
    assert people(store)["annie"]["old_names"] == ["anna", "anna", "anne"]

    undone(batch)

    assert held(store) == before


def test_customers_who_were_made_go_again(store):
    before = held(store)
    batch = imported(store, row("carla", uuid=U2, subscriber="yes"))

    undone(batch)

    assert held(store) == {
        **before,
        "customers.CustomerCount": held(store)["customers.CustomerCount"],
    }
    assert CustomerCount.objects.get(store=store).listed == 0
    (line,) = staged(batch)
    assert line.customer is None


def test_customers_who_were_made_with_credit_are_archived_with_their_entries(store):
    batch = imported(store, row("carla", credit=30, restricted=5))

    back = undone(batch)

    carla = people(store)["carla"]
    assert (carla["balances"], carla["listed"], carla["found_by"]) == ((0, 0), False, None)
    assert carla["entries"] == [
        ("credit", 1, 30, 30, "import"),
        ("restricted", 1, 5, 5, "import"),
        ("credit", 2, -30, 0, "reversal"),
        ("restricted", 2, -5, 0, "reversal"),
    ]
    assert CustomerCount.objects.get(store=store).listed == 0
    assert outcome(back) == ("", False, "archived, since what was done with them is kept")


@pytest.mark.parametrize("part", ["payer", "recipient"])
def test_customers_who_were_made_and_bought_since_are_kept(store, anna, part):
    batch = imported(store, row("carla", credit=30))
    carla = Customer.objects.get(username="carla")
    if part == "payer":
        buy(carla, make_product(store))
    else:
        buy(anna, make_product(store), recipient=carla)

    back = undone(batch)

    assert (people(store)["carla"]["listed"], balances(carla)) == (True, (0, 0))
    assert outcome(back) == ("", True, "kept: bought or was bought for since")
    assert (back.counts["reversed"], back.counts["kept"]) == (0, 1)


def name_it(customer):
    profiles.correct(customer=customer, username="clara", by=None)


def note_it(customer):
    edit(customer, note="dear to me")


def know_it(customer):
    profiles.correct(customer=customer, username=customer.username, uuid=U1, by=None)


def consent(customer):
    edit(customer, subscriber=False)
    edit(customer, subscriber=True)


def picture(customer):
    Customer.objects.filter(pk=customer.pk).update(picture="customers/a.webp")


def archive(customer):
    profiles.archive(customer=customer, by=None)


def edit(customer, **fields):
    customer.refresh_from_db()
    opened = {name: getattr(customer, name) for name in fields}
    profiles.edit(customer=customer, by=None, opened=opened, fields=fields)


@pytest.mark.parametrize("touch", [name_it, note_it, know_it, consent, picture, archive])
def test_customers_who_were_made_and_edited_since_are_kept(store, touch):
    batch = imported(store, row("carla", subscriber="yes"))
    touch(Customer.objects.get(username="carla"))
    before = held(store)

    back = undone(batch)

    assert held(store) == before
    assert outcome(back) == ("", True, "kept: edited since")


def test_customers_who_were_made_and_hold_other_credit_are_kept(store):
    batch = imported(store, row("carla", credit=30))
    carla = Customer.objects.get(username="carla")
    credit.grant(customer=carla, balance="credit", amount=12, by=None)

    back = undone(batch)

    assert (people(store)["carla"]["listed"], balances(carla)) == (True, (12, 0))
    assert outcome(back) == ("", True, "kept: holds other credit")


@pytest.mark.parametrize("what", ["quote", "kept discount", "bulk preview"])
def test_customers_whom_something_else_points_at_are_archived(store, manager, what):
    batch = imported(store, row("carla"))
    carla = Customer.objects.select_related("store").get(username="carla")
    if what == "quote":
        make_quote(make_product(store), carla)
    elif what == "kept discount":
        make_kept(carla)
    else:
        credit_change(carla, by=manager, credit=5)
        assert CreditRow.objects.filter(account=carla.pk).exists()

    back = undone(batch)

    assert people(store)["carla"]["listed"] is False
    assert outcome(back) == ("", False, "archived, since what was done with them is kept")


def test_fields_that_were_edited_since_are_kept_and_the_others_go_back(store, anna):
    batch = imported(store, row("anna", discount=50, note="new", credit=130))
    edit(anna, discount=60)

    back = undone(batch)

    anna.refresh_from_db()
    assert (anna.discount, anna.note, balances(anna)) == (60, "", (100, 0))
    assert outcome(back) == ("", True, "kept: edited since")
    assert (back.counts["reversed"], back.counts["kept"]) == (0, 1)


def test_consent_given_anew_since_is_kept_with_its_source(store, anna, clock):
    batch = imported(store, row("anna", subscriber="yes", discount=50))
    clock.shift(60)
    edit(anna, subscriber=False)
    edit(anna, subscriber=True)

    back = undone(batch)

    anna.refresh_from_db()
    assert (anna.subscriber, anna.subscriber_source, anna.discount) == (True, "hand", 5)
    assert anna.subscriber_at == NOW + dt.timedelta(seconds=60)
    assert outcome(back) == ("", True, "kept: edited since")


def test_group_membership_that_was_confirmed_since_is_kept(store, anna, clock):
    batch = imported(store, row("anna", member="yes"))
    clock.shift(60)
    Customer.objects.filter(pk=anna.pk).update(group_confirmed_at=dt.datetime.now(dt.UTC))

    undone(batch)

    anna.refresh_from_db()
    assert (anna.group_member, anna.group_confirmed_at) == (True, NOW + dt.timedelta(seconds=60))


def test_credit_that_is_spent_is_taken_as_far_as_it_goes(store, anna):
    batch = imported(store, row("anna", credit=150))
    credit.take(customer=anna, balance="credit", amount=130, by=None)

    back = undone(batch)

    assert balances(anna) == (0, 0)
    assert outcome(back) == ("short", False, "already spent in part")
    assert people(store)["anna"]["entries"][-1] == ("credit", 4, -20, 0, "reversal")
    assert kind_of(back).said(back).endswith("in part: the rest is spent: 1.")


def test_credit_that_is_all_spent_cannot_be_taken(store, anna):
    batch = imported(store, row("anna", credit=150))
    credit.take(customer=anna, balance="credit", amount=150, by=None)

    back = undone(batch)

    assert balances(anna) == (0, 0)
    assert outcome(back) == ("left_out", False, "impossible: already spent")
    assert not CreditEntry.objects.filter(batch=back).exists()
    assert kind_of(back).said(back).endswith("impossible: already spent: 1.")


def test_one_balance_spent_and_the_other_given_back_is_in_part(store, anna):
    batch = imported(store, row("anna", credit=150, restricted=20))
    credit.take(customer=anna, balance="credit", amount=150, by=None)

    back = undone(batch)

    assert balances(anna) == (0, 0)
    assert outcome(back) == ("short", False, "already spent in part")


def test_credit_spent_and_fields_edited_are_both_said(store, anna):
    batch = imported(store, row("anna", credit=150, discount=50))
    credit.take(customer=anna, balance="credit", amount=150, by=None)
    edit(anna, discount=60)

    back = undone(batch)

    assert outcome(back) == ("left_out", True, "kept: edited since; impossible: already spent")
    assert (back.counts["reversed"], back.counts["kept"], back.counts["left_out"]) == (0, 1, 1)


def test_somebody_made_who_spent_it_all_by_hand_is_archived_and_it_is_said(store):
    batch = imported(store, row("carla", credit=30))
    carla = Customer.objects.get(username="carla")
    credit.take(customer=carla, balance="credit", amount=30, by=None)

    back = undone(batch)

    assert people(store)["carla"]["listed"] is False
    assert outcome(back) == (
        "short",
        False,
        "archived, since what was done with them is kept; already spent in part",
    )


def test_credit_that_was_lowered_is_given_back(store, anna):
    batch = imported(store, row("anna", credit=40))
    credit.take(customer=anna, balance="credit", amount=40, by=None)

    back = undone(batch)

    assert balances(anna) == (60, 0)
    assert outcome(back) == ("", False, "")


def test_an_undo_is_done_once_and_not_undone(store, anna):
    batch = imported(store, row("anna", credit=150))
    back = undone(batch)

    assert undone(batch) == back
    with pytest.raises(batches.BatchRefused, match="An undo is not undone"):
        batches.undo(batch=back, by=None)
    assert balances(anna) == (100, 0)


def test_after_an_undo_the_file_is_imported_anew(store, anna):
    text = "Username,Credit\nanna,150\ncarla,30\nbert,0\n"
    undone(imported(store, text))

    again = imported(store, text)

    assert told(again, "state", "reason") == [
        (2, "changed", ""),
        (3, "conflict", "carla is archived; list them again first"),
        (4, "new", ""),
    ]
    assert sorted(people(store)) == ["anna", "bert", "carla"]


def test_figures_and_purchases_are_not_touched(store, anna):
    buy(anna, make_product(store), money=70, credit=20)
    before = held(store, entries=False)

    batch = imported(store, row("anne", uuid=U1, credit=500, discount=3))
    assert people(store)["anne"]["balances"] == (500, 0)
    undone(batch)

    assert held(store, entries=False) == before


# In chunks

LONG = HEADER + "".join(
    f"{name},,{mail},,{amount},{amount},{percent},{said},{said}\n"
    for name, mail, amount, percent, said in [
        ("anna", "a@example.org", 7, 1, "yes"),
        ("carla", "c@example.org", 5, 2, "no"),
        ("dora", "", 0, 3, "yes"),
        ("egon", "e@example.org", 9, "", ""),
        ("dora", "", 4, 3, "yes"),
        ("frida", "", "x", 3, "yes"),
        ("bert", "", "", 50, "yes"),
        ("gina", "", 1, "", ""),
        ("carla", "", "", "", ""),
        ("hanna", "", 2, "", ""),
    ]
)


@pytest.mark.parametrize("chunk", [1, 2, 3, 10])
def test_chunks_change_nothing(chunk, monkeypatch):
    def ran(slug):
        store = make_store(slug)
        for name, balance in (("anna", 100), ("bert", 0), ("egon", 0)):
            make_customer(store, name, credit=balance, discount=5)
        batch = imported(store, LONG)
        after = people(store)
        back = undone(batch)
        return [
            told(
                batch, "state", "username", "changes", "credit_asked", "reason", "column", "cells"
            ),
            after,
            told(back, "state", "outcome", "drifted", "reason", "credit_asked"),
            people(store),
            {name: batch.counts[name] for name in sorted(batch.counts)},
            {name: back.counts[name] for name in sorted(back.counts)},
            (batch.planned, batch.handled, back.planned, back.handled),
        ]

    at_once = ran("at-once")
    for module in (kinds, batches.deeds):
        monkeypatch.setattr(module, "CHUNK", chunk)

    assert ran("in-chunks") == at_once


@pytest.fixture
def small(monkeypatch):
    """Chunks of two lines."""
    for module in (kinds, batches.deeds):
        monkeypatch.setattr(module, "CHUNK", 2)


counts_steps = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="steps are counted on SQLite only"
)


def new_people(first: int, number: int, credit: int) -> str:
    return "Username,Credit\n" + "\n".join(f"new{n},{credit}" for n in range(first, first + number))


def steps(deed: Callable[[], object]) -> int:
    """How many thousand steps SQLite takes for a deed."""
    counted = []
    connection.connection.set_progress_handler(lambda: counted.append(None), 1_000)
    try:
        deed()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(counted)


@counts_steps
def test_new_customers_cost_the_same_however_many_entries_there_are(store):
    def cost(first: int) -> int:
        batch = previewed(store, new_people(first, 100, credit=5))
        return steps(lambda: applied(batch))

    few = cost(0)
    imported(store, new_people(100, 900, credit=5))

    assert cost(1_000) < 1.5 * few


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL plans by what it counted")
def test_customers_are_counted_after_the_first_chunk(store, monkeypatch):
    """Until then each key is checked by an index over the whole store, and so in all chunks."""
    monkeypatch.setattr(kinds, "CHUNK", 100)
    monkeypatch.setattr(work, "CHUNK", 100)

    imported(store, new_people(0, 300, credit=5))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'customers_customer'")
        assert cursor.fetchone() == (100,)


@counts_steps
def test_an_undo_costs_the_same_however_many_entries_and_lines_there_are(store):
    """Who was made without credit is deleted."""

    def cost(first: int) -> int:
        batch = imported(store, new_people(first, 100, credit=0))
        return steps(lambda: undone(batch))

    imported(store, new_people(0, 1_000, credit=5))
    few = cost(1_000)
    imported(store, new_people(1_000, 2_000, credit=5))

    assert cost(3_000) < 1.5 * few
    assert Customer.objects.count() == 3_000


def test_a_worker_goes_on_reading_where_it_stopped(world, small, monkeypatch):
    opened = []
    original = kinds.records.readings._opened
    monkeypatch.setattr(
        kinds.records.readings,
        "_opened",
        lambda batch: opened.append(batch.cursor) or original(batch),
    )

    batch = previewed(world, LONG)

    assert (opened, batch.planned) == ([0], 10)


def test_a_worker_who_takes_over_skips_what_was_staged(world, small):
    expected = told(previewed(world, LONG), "state", "username", "reason", "changes")
    batch = drafted(world, LONG)
    planned = []
    while batch.state == "draft":
        planned.append(go_on(batch).planned)

    assert planned == [2, 4, 6, 8, 10, 10]
    assert told(batch, "state", "username", "reason", "changes") == expected


def test_a_chunk_that_broke_is_staged_again(world, small, monkeypatch):
    """The file had been read on, but what was read is not there."""
    stage, broken = kinds.staging.Stager.stage, []

    def breaking(self, read):
        counts = stage(self, read)
        if self.batch.cursor and not broken:
            broken.append(self.batch.cursor)
            raise OperationalError("database is locked")
        return counts

    monkeypatch.setattr(kinds.staging.Stager, "stage", breaking)
    batch = drafted(world, LONG)
    batches.run(batch.pk, seconds=60)
    batch.refresh_from_db()
    stopped = batch.planned

    batch = ended(batch)

    assert (stopped, batch.planned, batch.state) == (2, 10, "previewed")
    assert [line for line, *_ in told(batch, "state")] == list(range(2, 12))


def test_a_file_that_is_gone_ends_the_plan(world, small):
    batch = drafted(world, LONG)
    upload = Upload.objects.get()
    upload.file.storage.delete(upload.file.name)

    batch = ended(batch)

    assert (batch.state, batch.planned) == ("failed", 0)
    assert batch.failure == "The file is no longer kept: send it again. Nothing was changed."


def test_rights_are_asked_at_each_chunk(world, small, manager):
    batch = ended(drafted(world, LONG, by=manager))
    batches.apply(batch=batch, by=manager)
    batches.run(batch.pk, seconds=0)
    Member.objects.filter(store=world, user=manager).update(role="clerk")

    batch = ended(batch)

    assert (batch.state, batch.handled) == ("failed", 2)
    assert batch.failure == f"{manager} may no longer do this."
    assert people(world)["anna"]["discount"] == 1
    assert "hanna" not in people(world)


def test_what_was_done_until_it_was_stopped_is_undone(world, small, manager):
    before = held(world, entries=False)
    batch = ended(drafted(world, LONG, by=manager))
    batches.apply(batch=batch, by=manager)
    batches.run(batch.pk, seconds=0)
    batches.cancel(batch=batch, by=manager)
    done = people(world)

    back = undone(batch, by=manager)

    assert (done["anna"]["discount"], sorted(done)) == (1, ["anna", "bert", "carla", "egon"])
    assert told(back, "username") == [(2, "anna"), (3, "carla")]
    assert people(world)["carla"]["listed"] is False
    Customer.objects.filter(username="carla").update(archived_at=None)
    now = held(world, entries=False)
    for label, rows in before.items():
        assert rows == now[label][: len(rows)], label
    Customer.objects.filter(username="carla").update(archived_at=NOW)


def test_a_batch_that_was_stopped_goes_on(world, small, manager):
    expected = None
    for stop in (False, True):
        store = make_store(f"store-{stop}")
        make_member(store, "manager", manager)
        batch = ended(drafted(store, LONG, by=manager))
        batches.apply(batch=batch, by=manager)
        if stop:
            batches.run(batch.pk, seconds=0)
            batches.cancel(batch=batch, by=manager)
            batches.resume(batch=batch, by=manager)
        assert ended(batch).state == "done"
        expected = expected or people(store)
    assert people(store) == expected


def test_lines_that_are_very_long_are_staged_in_small_pieces(store, monkeypatch):
    monkeypatch.setattr(sheet_records, "LETTERS_AT_ONCE", 100)
    batch = drafted(store, "Username,Note\n" + "".join(f"c{n},{'x' * 60}\n" for n in range(7)))

    assert (batch.state, batch.planned) == ("previewed", 7)
    assert len(staged(batch)) == 7


def test_lines_are_gone_with_a_preview_that_nobody_confirmed(world, clock):
    previewed(world, FILE)
    clock.shift(dt.timedelta(days=1, seconds=1))

    assert batches.purge() == 1
    assert not CustomerLine.objects.exists()
