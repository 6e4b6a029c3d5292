"""Bulk changes of credit: what each customer gets, and what happens where there is less or too much."""

import pytest

from customers import credit, liability, profiles
from customers.bulk_credit import LEAVE_OUT, STOP
from customers.models import CreditEntry, CreditRow
from stores.models import Batch
from stores.money import LIMIT
from tests.changes import applied, credit_change
from tests.factories import balances, make_customer, make_member, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
WAS = {"rich": (100, 50), "poor": (10, 0), "even": (30, 5), "none": (0, 0)}


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


def people(store, held=None) -> dict:
    return {
        name: make_customer(store, name, credit=one, restricted=other)
        for name, (one, other) in (held or WAS).items()
    }


def held(crowd) -> dict:
    return {name: balances(customer) for name, customer in crowd.items()}


def outcomes(batch: Batch, crowd) -> dict:
    """What came of each row, and whether its account had drifted."""
    rows = {row.account_id: row for row in CreditRow.objects.filter(batch=batch)}
    found = {name: rows[customer.pk] for name, customer in crowd.items() if customer.pk in rows}
    return {name: row.outcome + " drifted" * row.drifted for name, row in found.items()}


def moved(batch: Batch) -> list[tuple]:
    entries = CreditEntry.objects.filter(batch=batch).order_by("account", "balance")
    return list(entries.values_list("account__customer__username", "balance", "delta", "after"))


CHANGES = [
    # credit, restricted, policy, what each holds then, and what came of who got less than asked
    (5, 0, STOP, {"rich": (105, 50), "poor": (15, 0), "even": (35, 5), "none": (5, 0)}, {}),
    (0, 7, STOP, {"rich": (100, 57), "poor": (10, 7), "even": (30, 12), "none": (0, 7)}, {}),
    (5, 7, LEAVE_OUT, {"rich": (105, 57), "poor": (15, 7), "even": (35, 12), "none": (5, 7)}, {}),
    (
        -30,
        0,
        STOP,
        {"rich": (70, 50), "poor": (0, 0), "even": (0, 5), "none": (0, 0)},
        {"poor": "short", "none": "left_out"},
    ),
    (
        -30,
        0,
        LEAVE_OUT,
        {"rich": (70, 50), "poor": (10, 0), "even": (0, 5), "none": (0, 0)},
        {"poor": "left_out", "none": "left_out"},
    ),
    (
        20,
        -10,
        STOP,
        {"rich": (120, 40), "poor": (30, 0), "even": (50, 0), "none": (20, 0)},
        {"poor": "short", "even": "short", "none": "short"},
    ),
    (
        20,
        -10,
        LEAVE_OUT,
        {"rich": (120, 40), "poor": (10, 0), "even": (30, 5), "none": (0, 0)},
        {"poor": "left_out", "even": "left_out", "none": "left_out"},
    ),
    (
        -1,
        -LIMIT,
        STOP,
        {"rich": (99, 0), "poor": (9, 0), "even": (29, 0), "none": (0, 0)},
        {"rich": "short", "poor": "short", "even": "short", "none": "left_out"},
    ),
]


@pytest.mark.parametrize(("credit", "restricted", "policy", "becomes", "less"), CHANGES)
def test_what_each_customer_gets(store, manager, credit, restricted, policy, becomes, less):
    crowd = people(store)

    batch = credit_change(
        *crowd.values(), by=manager, credit=credit, restricted=restricted, policy=policy
    )
    planned = {
        row.account.customer.username: (row.credit_to, row.restricted_to)
        for row in CreditRow.objects.filter(batch=batch)
    }
    told = (batch.counts["credit_moves"], batch.counts["restricted_moves"])
    batch = applied(batch)

    assert planned == held(crowd) == becomes
    assert outcomes(batch, crowd) == {name: less.get(name, "") for name in WAS}
    by_name = sorted(
        (name, balance, after - before, after)
        for name in WAS
        for balance, before, after in zip(
            ("credit", "restricted"), WAS[name], becomes[name], strict=True
        )
        if after != before
    )
    assert sorted(moved(batch)) == by_name
    sums = tuple(
        sum(delta for _, of, delta, _ in by_name if of == one) for one in ("credit", "restricted")
    )
    counts = batch.counts
    assert told == sums == (counts.get("credit_moved", 0), counts.get("restricted_moved", 0))
    words = list(less.values())
    assert (counts["short"], counts["left_out"]) == (words.count("short"), words.count("left_out"))
    assert sum(liability.owed(store).values()) == sum(map(sum, becomes.values()))


def test_the_preview_says_how_many_have_less_and_how_much_is_missing(store, manager):
    crowd = people(store)

    batch = credit_change(*crowd.values(), by=manager, credit=-30, restricted=-10)

    assert batch.counts == {
        "planned": 4,
        "credit_asked": -120,
        "restricted_asked": -40,
        "credit_moves": -70,
        "restricted_moves": -15,
        "credit_least": 0,
        "credit_most": 70,
        "restricted_least": 0,
        "restricted_most": 40,
        "short": 2,
        "left_out": 1,
        "below_zero": 3,
        "above_limit": 0,
        "credit_missing": 50,
        "restricted_missing": 25,
    }


def test_entries_say_why_by_whom_and_from_where(store, manager):
    anna = make_customer(store, "anna", credit=10)

    batch = applied(credit_change(anna, by=manager, credit=5, reason="prize", note="May contest"))

    entry = CreditEntry.objects.get(batch=batch)
    assert (entry.kind, entry.reason, entry.note, entry.by) == (
        "bulk",
        "prize",
        "May contest",
        manager,
    )
    assert (entry.seq, entry.delta, entry.after, entry.reverses, entry.purchase) == (
        2,
        5,
        15,
        None,
        None,
    )
    assert entry.at >= batch.confirmed_at


@pytest.mark.parametrize("policy", [STOP, LEAVE_OUT])
def test_nothing_is_asked_where_both_are_zero(store, manager, unchanged, policy):
    anna = make_customer(store, "anna", credit=10)

    with unchanged(), pytest.raises(ValueError):
        credit_change(anna, by=manager, policy=policy)


@pytest.mark.parametrize(
    ("policy", "becomes", "came"),
    [
        (
            STOP,
            {"full": (LIMIT - 5, 1), "just": (LIMIT, 1), "poor": (6, 1)},
            {"full": "short", "just": "", "poor": ""},
        ),
        (
            LEAVE_OUT,
            {"full": (LIMIT - 5, 0), "just": (LIMIT, 1), "poor": (6, 1)},
            {"full": "left_out", "just": "", "poor": ""},
        ),
    ],
)
def test_nothing_is_added_past_the_limit(store, manager, policy, becomes, came):
    crowd = people(store, {"full": (LIMIT - 5, 0), "just": (LIMIT - 6, 0), "poor": (0, 0)})

    batch = credit_change(*crowd.values(), by=manager, credit=6, restricted=1, policy=policy)
    above = batch.counts["above_limit"]
    batch = applied(batch)

    assert above == 1
    assert held(crowd) == becomes
    assert outcomes(batch, crowd) == came


def test_amounts_of_the_limit_itself(store, manager):
    crowd = people(store, {"none": (0, 0), "one": (1, 1)})

    applied(credit_change(*crowd.values(), by=manager, credit=LIMIT))
    full = held(crowd)
    applied(credit_change(*crowd.values(), by=manager, credit=-LIMIT, restricted=-LIMIT))

    assert full == {"none": (LIMIT, 0), "one": (1, 1)}
    assert held(crowd) == {"none": (0, 0), "one": (0, 0)}


# Between the preview and its application


@pytest.mark.parametrize(
    ("policy", "becomes", "came"),
    [
        (
            STOP,
            {"spent": 0, "all": 0, "richer": 30, "saved": 0, "still": 70},
            {
                "spent": "short drifted",
                "all": "left_out drifted",
                "richer": " drifted",
                "saved": " drifted",
                "still": "",
            },
        ),
        (
            LEAVE_OUT,
            {"spent": 25, "all": 0, "richer": 30, "saved": 0, "still": 70},
            {
                "spent": "left_out drifted",
                "all": "left_out drifted",
                "richer": " drifted",
                "saved": " drifted",
                "still": "",
            },
        ),
    ],
)
def test_each_is_judged_by_what_they_hold_then(store, manager, policy, becomes, came):
    start = {"spent": 100, "all": 40, "richer": 10, "saved": 29, "still": 100}
    crowd = people(store, {name: (amount, 0) for name, amount in start.items()})
    batch = credit_change(*crowd.values(), by=manager, credit=-30, policy=policy)
    frozen = list(CreditRow.objects.order_by("pk").values("credit_was", "credit_to"))
    for name, delta in (("spent", -75), ("all", -40), ("richer", 50), ("saved", 1)):
        verb = credit.grant if delta > 0 else credit.take
        verb(customer=crowd[name], balance="credit", amount=abs(delta), by=None)

    batch = applied(batch)

    assert {name: one for name, (one, _) in held(crowd).items()} == becomes
    assert outcomes(batch, crowd) == came
    assert list(CreditRow.objects.order_by("pk").values("credit_was", "credit_to")) == frozen
    said = list(came.values())
    assert batch.counts["short"] == said.count("short drifted")
    assert batch.counts["left_out"] == said.count("left_out drifted")
    assert batch.counts["credit_moved"] == sum(delta for *_, delta, _ in moved(batch))


def test_the_other_balance_drifts_too(store, manager):
    anna = make_customer(store, "anna", credit=10, restricted=10)
    batch = credit_change(anna, by=manager, credit=5)
    credit.take(customer=anna, balance="restricted", amount=1, by=None)

    applied(batch)

    row = CreditRow.objects.get()
    assert (row.drifted, row.outcome, balances(anna)) == (True, "", (15, 9))


def test_nobody_joins_and_nobody_drops_out(store, manager):
    crowd = people(store, {"stays": (10, 0), "archived": (10, 0), "left": (10, 0)})
    profiles.archive(customer=crowd["archived"], by=None)
    batch = credit_change(store=store, query="credit_less=11", by=manager, credit=5)
    crowd["late"] = make_customer(store, "late", credit=1)
    profiles.restore(customer=crowd["archived"], by=None)
    credit.grant(customer=crowd["left"], balance="credit", amount=90, by=None)
    profiles.archive(customer=crowd["stays"], by=None)

    batch = applied(batch)

    assert held(crowd) == {"stays": (15, 0), "archived": (10, 0), "left": (105, 0), "late": (1, 0)}
    assert outcomes(batch, crowd) == {"stays": "", "left": " drifted"}
