"""What a line of a customer file would change, of whom, and when it is refused or in conflict."""

import uuid

import pytest

from customers.imports.judging import ADD, SET, SKIP, Present, Rules, Who, judge
from customers.imports.lines import Line
from customers.models import LineState
from stores.money import LIMIT

U1 = uuid.UUID("11111111-2222-4333-8444-555555555555")
U2 = uuid.UUID("22222222-2222-4333-8444-555555555555")
PLAIN = {"email": "", "note": "", "discount": 0, "subscriber": False, "group_member": False}


def known(pk: int = 1, username: str = "anna", **given) -> Present:
    """Somebody with 100 credit and 10 restricted; plain fields by name."""
    fields = {name: given.pop(name, value) for name, value in PLAIN.items()}
    return Present(
        **{
            "pk": pk,
            "username": username,
            "uuid": None,
            "archived": False,
            "credit": 100,
            "restricted": 10,
            "fields": fields,
            **given,
        }
    )


def judged(
    *,
    name: str = "anna",
    uuid: uuid.UUID | None = None,
    namesake: Present | None = None,
    holder: Present | None = None,
    rules: Rules | str = SET,
    **said,
):
    rules = Rules(rules) if isinstance(rules, str) else rules
    return judge(Line(2, name, uuid, **said), Who(name, name, namesake, holder), rules)


def outcome(verdict) -> tuple:
    return verdict.state, verdict.customer, verdict.changes, verdict.credit, verdict.restricted


# Somebody new


def test_somebody_new_gets_all_that_is_said():
    verdict = judged(
        uuid=U1,
        email="a@example.org",
        note="",
        credit=5,
        restricted=6,
        discount=7,
        subscriber=True,
        group_member=False,
    )

    changes = {"email": ["", "a@example.org"], "discount": [0, 7], "subscriber": [False, True]}
    assert outcome(verdict) == (LineState.NEW, None, changes, 5, 6)
    assert (verdict.credit_was, verdict.restricted_was, verdict.reason) == (0, 0, "")


@pytest.mark.parametrize("mode", [SET, ADD, SKIP])
def test_somebody_new_is_added_in_each_mode(mode):
    assert outcome(judged(rules=mode, credit=5)) == (LineState.NEW, None, {}, 5, 0)


def test_nobody_is_added_by_a_uuid_alone():
    verdict = judged(name="", uuid=U1)

    assert (verdict.state, verdict.field) == (LineState.REFUSED, "uuid")
    assert verdict.reason == "nobody has this uuid, and there is no name to add them by"


@pytest.mark.parametrize("balance", ["credit", "restricted"])
@pytest.mark.parametrize(
    ("amount", "reason"),
    [(-1, "would be below zero"), (LIMIT + 1, "would pass the most that a balance holds")],
)
def test_a_balance_of_somebody_new_stays_in_its_range(balance, amount, reason):
    verdict = judged(**{balance: amount})

    assert (verdict.state, verdict.field, verdict.reason) == (LineState.REFUSED, balance, reason)
    assert judged(**{balance: LIMIT}).state == LineState.NEW


# Somebody known


def test_what_is_said_is_set():
    verdict = judged(
        namesake=known(email="a@example.org", note="old", discount=5, subscriber=True),
        email="b@example.org",
        note="new",
        discount=0,
        subscriber=False,
        group_member=True,
        credit=30,
        restricted=10,
    )

    assert outcome(verdict) == (
        LineState.CHANGED,
        1,
        {
            "email": ["a@example.org", "b@example.org"],
            "note": ["old", "new"],
            "discount": [5, 0],
            "subscriber": [True, False],
            "group_member": [False, True],
        },
        -70,
        0,
    )
    assert (verdict.credit_was, verdict.restricted_was) == (100, 10)


def test_what_is_not_said_changes_nothing():
    anna = known(email="a@example.org", note="old", discount=5, subscriber=True, group_member=True)

    assert outcome(judged(namesake=anna)) == (LineState.SAME, 1, {}, 0, 0)


def test_what_is_said_as_it_is_changes_nothing():
    anna = known(email="a@example.org", note="old", discount=5, subscriber=True, uuid=U1)

    verdict = judged(
        namesake=anna,
        holder=anna,
        uuid=U1,
        email="a@example.org",
        note="old",
        discount=5,
        subscriber=True,
        credit=100,
        restricted=10,
    )

    assert outcome(verdict) == (LineState.SAME, 1, {}, 0, 0)


@pytest.mark.parametrize("note", ["a\r\nb", " a\nb \n", "a\rb", "a\u2028b"])
def test_how_a_note_ends_its_lines_is_no_change(note):
    assert judged(namesake=known(note=note), note="a\nb").state == LineState.SAME


def test_credit_is_added_and_the_rest_is_set():
    verdict = judged(namesake=known(discount=5), rules=ADD, credit=30, restricted=-10, discount=7)

    assert outcome(verdict) == (LineState.CHANGED, 1, {"discount": [5, 7]}, 30, -10)


def test_adding_nothing_is_no_change():
    assert judged(namesake=known(), rules=ADD, credit=0).state == LineState.SAME


def test_who_is_known_is_skipped():
    verdict = judged(namesake=known(), rules=SKIP, credit=30, discount=7)

    assert outcome(verdict) == (LineState.SKIPPED, 1, {}, 0, 0)


@pytest.mark.parametrize("balance", ["credit", "restricted"])
@pytest.mark.parametrize(
    ("mode", "amount", "reason"),
    [
        (SET, -1, "would be below zero"),
        (SET, LIMIT + 1, "would pass the most that a balance holds"),
        (ADD, -101, "would be below zero"),
        (ADD, LIMIT, "would pass the most that a balance holds"),
    ],
)
def test_a_balance_stays_in_its_range(balance, mode, amount, reason):
    verdict = judged(namesake=known(), rules=mode, **{balance: amount})

    assert (verdict.state, verdict.field, verdict.reason) == (LineState.REFUSED, balance, reason)
    assert verdict.changes == {}


def test_a_balance_goes_to_the_ends_of_its_range():
    for rules, credit, moved in ((SET, 0, -100), (SET, LIMIT, LIMIT - 100), (ADD, -100, -100)):
        assert judged(namesake=known(), rules=rules, credit=credit).credit == moved


# Names and uuids


def test_the_uuid_wins_over_the_name_which_is_a_rename():
    verdict = judged(name="anne", uuid=U1, holder=known(uuid=U1))

    assert outcome(verdict) == (LineState.CHANGED, 1, {"username": ["anna", "anne"]}, 0, 0)


def test_an_old_name_beside_the_uuid_is_no_rename():
    anna = known(uuid=U1, old_names=frozenset(["annie"]))

    assert judged(name="annie", uuid=U1, holder=anna).state == LineState.SAME


def test_a_uuid_alone_renames_nobody():
    assert judged(name="", uuid=U1, holder=known(uuid=U1)).state == LineState.SAME


def test_a_uuid_is_filled_in():
    verdict = judged(uuid=U1, namesake=known())

    assert outcome(verdict) == (LineState.CHANGED, 1, {"uuid": [None, str(U1)]}, 0, 0)


def test_no_uuid_takes_none_away():
    assert judged(namesake=known(uuid=U1)).state == LineState.SAME


@pytest.mark.parametrize("mode", [SET, ADD, SKIP])
def test_a_name_and_a_uuid_of_two_customers_are_a_conflict(mode):
    verdict = judged(
        uuid=U2, namesake=known(), holder=known(2, "bert", uuid=U2), rules=mode, credit=5
    )

    assert outcome(verdict) == (LineState.CONFLICT, None, {}, 0, 0)
    assert (verdict.field, verdict.reason) == ("uuid", "the name is anna, the uuid is bert's")


@pytest.mark.parametrize("mode", [SET, ADD, SKIP])
def test_another_uuid_of_the_same_name_is_a_conflict(mode):
    verdict = judged(uuid=U2, namesake=known(uuid=U1), rules=mode)

    assert outcome(verdict) == (LineState.CONFLICT, 1, {}, 0, 0)
    assert (verdict.field, verdict.reason) == ("uuid", "anna has another uuid")


@pytest.mark.parametrize("mode", [SET, ADD, SKIP])
@pytest.mark.parametrize("by", ["namesake", "holder"])
def test_who_is_archived_is_a_conflict(mode, by):
    verdict = judged(uuid=U1, **{by: known(uuid=U1, archived=True)}, rules=mode, credit=5)

    assert outcome(verdict) == (LineState.CONFLICT, 1, {}, 0, 0)
    assert (verdict.field, verdict.reason) == (
        "username",
        "anna is archived; list them again first",
    )


# Opting out


def test_an_opt_out_in_world_stays():
    anna = known(opted_out=True, discount=1)

    assert outcome(judged(namesake=anna, subscriber=True)) == (LineState.SAME, 1, {}, 0, 0)
    verdict = judged(namesake=anna, subscriber=True, discount=2)
    assert outcome(verdict) == (LineState.CHANGED, 1, {"discount": [1, 2]}, 0, 0)
    assert verdict.reason == "stays unsubscribed: they opted out in-world"


def test_an_opt_out_in_world_is_lifted_by_the_explicit_tick():
    verdict = judged(namesake=known(opted_out=True), subscriber=True, rules=Rules(SET, True))

    assert outcome(verdict) == (LineState.CHANGED, 1, {"subscriber": [False, True]}, 0, 0)
    assert verdict.reason == ""


def test_who_opted_out_may_be_told_so_again():
    verdict = judged(namesake=known(opted_out=True), subscriber=False)

    assert (verdict.state, verdict.reason) == (LineState.SAME, "")
