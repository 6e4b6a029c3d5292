"""Moving balances: each movement whole or not at all, each with its entry."""

import uuid

import pytest
from django.db import IntegrityError

from customers import credit
from customers.credit import BalanceMoved, NotEnough, TooMuch
from customers.models import CreditEntry, Kind, Reason
from stores.money import LIMIT
from tests.factories import balances, make_customer, make_plain_store, make_store, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
BALANCES = ["credit", "restricted"]


@pytest.fixture
def jane(db):
    return make_customer(make_store(), "jane.doe", credit=100, restricted=30)


def entries(customer, balance):
    """The chain of a balance as (seq, delta, after)."""
    rows = CreditEntry.objects.filter(account=customer.pk, balance=balance).order_by("seq")
    return list(rows.values_list("seq", "delta", "after"))


def move(verb, customer, amount, balance="credit", **why):
    return verb(customer=customer, balance=balance, amount=amount, by=None, **why)


def set_total(customer, seen, total, balance="credit", **why):
    return credit.set_total(
        customer=customer, balance=balance, seen=seen, total=total, by=None, **why
    )


def test_a_new_account_opens_with_its_starting_credit(jane):
    assert balances(jane) == (100, 30)
    assert entries(jane, "credit") == [(1, 100, 100)]
    assert entries(jane, "restricted") == [(1, 30, 30)]
    assert set(CreditEntry.objects.values_list("kind")) == {(Kind.OPENING,)}


def test_credit_is_added(jane):
    entry = move(credit.grant, jane, 5)

    assert (entry.seq, entry.delta, entry.after, entry.kind) == (2, 5, 105, Kind.GRANT)
    assert balances(jane) == (105, 30)


def test_credit_is_taken(jane):
    entry = move(credit.take, jane, 5)

    assert (entry.seq, entry.delta, entry.after, entry.kind) == (2, -5, 95, Kind.DEDUCTION)
    assert balances(jane) == (95, 30)


def test_the_other_balance_moves_on_its_own(jane):
    move(credit.take, jane, 30, "restricted")
    move(credit.grant, jane, 1, "restricted")
    move(credit.grant, jane, 1)

    assert balances(jane) == (101, 1)
    assert entries(jane, "restricted") == [(1, 30, 30), (2, -30, 0), (3, 1, 1)]
    assert entries(jane, "credit") == [(1, 100, 100), (2, 1, 101)]


def test_an_entry_says_who_when_and_why(jane, time_machine):
    time_machine.move_to("2024-05-01T10:00:00Z", tick=False)
    user = make_user()

    entry = credit.grant(
        customer=jane, balance="credit", amount=5, by=user, reason=Reason.PRIZE, note="Hunt"
    )

    entry.refresh_from_db()
    assert (entry.by, entry.reason, entry.note) == (user, Reason.PRIZE, "Hunt")
    assert (entry.store, entry.account_id) == (jane.store, jane.pk)
    assert (entry.purchase, entry.reverses, entry.token) == (None, None, None)
    assert entry.at.isoformat() == "2024-05-01T10:00:00+00:00"


def test_all_of_it_can_be_taken(jane):
    move(credit.take, jane, 100)

    assert balances(jane) == (0, 30)


@pytest.mark.parametrize("amount", [101, LIMIT, LIMIT + 1])
def test_more_than_there_is_cannot_be_taken(jane, unchanged, amount):
    with unchanged(), pytest.raises(NotEnough) as refusal:
        move(credit.take, jane, amount)

    assert refusal.value.available == 100
    assert str(refusal.value) == f"jane.doe holds L$100: L${amount:,} cannot be taken."


def test_nothing_can_be_taken_from_nothing(unchanged):
    joe = make_customer(make_store())

    with unchanged(), pytest.raises(NotEnough):
        move(credit.take, joe, 1)


@pytest.mark.parametrize("verb", [credit.grant, credit.take])
@pytest.mark.parametrize("amount", [0, -1, -LIMIT])
def test_an_amount_has_one_sign(jane, unchanged, verb, amount):
    with unchanged(), pytest.raises(ValueError, match="above 0"):
        move(verb, jane, amount)


@pytest.mark.parametrize("balance", BALANCES)
def test_a_balance_may_reach_its_limit(balance):
    joe = make_customer(make_store())

    move(credit.grant, joe, LIMIT - 1, balance)
    move(credit.grant, joe, 1, balance)

    assert credit.balance_of(joe, balance) == LIMIT


@pytest.mark.parametrize("balance", BALANCES)
def test_a_balance_does_not_pass_its_limit(unchanged, balance):
    joe = make_customer(make_store(), **{balance: LIMIT})

    with unchanged(), pytest.raises(TooMuch) as refusal:
        move(credit.grant, joe, 1, balance)

    assert str(refusal.value) == "A balance holds at most L$1,000,000,000,000."


@pytest.mark.parametrize("amount", [LIMIT + 1, 2**63 - 1, 2**63])
def test_more_than_the_limit_is_never_added(jane, unchanged, amount):
    with unchanged(), pytest.raises(TooMuch):
        move(credit.grant, jane, amount)


def test_the_full_limit_can_be_taken_at_once():
    joe = make_customer(make_store(), credit=LIMIT)

    move(credit.take, joe, LIMIT)

    assert balances(joe) == (0, 0)


@pytest.mark.parametrize(
    ("total", "delta", "kind"),
    [(150, 50, Kind.GRANT), (1, -99, Kind.DEDUCTION), (0, -100, Kind.DEDUCTION)],
)
def test_a_total_is_set_by_its_difference(jane, total, delta, kind):
    entry = set_total(jane, 100, total)

    assert (entry.delta, entry.after, entry.kind) == (delta, total, kind)
    assert balances(jane) == (total, 30)


def test_setting_what_was_seen_is_no_movement(jane, unchanged):
    with unchanged():
        assert set_total(jane, 100, 100) is None


@pytest.mark.parametrize("total", [150, 50, 0, 99])
def test_a_total_is_not_set_against_a_moved_balance(jane, unchanged, total):
    move(credit.take, jane, 1)

    with unchanged(), pytest.raises(BalanceMoved) as refusal:
        set_total(jane, 100, total)

    assert refusal.value.present == 99
    assert (
        str(refusal.value) == "The balance moved meanwhile from L$100 to L$99. Nothing was saved."
    )


def test_a_balance_that_moved_away_and_back_is_as_it_was_seen(jane):
    move(credit.take, jane, 1)
    move(credit.grant, jane, 1)

    set_total(jane, 100, 70)

    assert entries(jane, "credit")[-1] == (4, -30, 70)


def test_a_total_may_be_the_limit(jane):
    set_total(jane, 100, LIMIT)

    assert balances(jane) == (LIMIT, 30)


@pytest.mark.parametrize("total", [LIMIT + 1, -1, 2**63])
def test_a_total_outside_the_limits_is_refused(jane, unchanged, total):
    with unchanged(), pytest.raises(TooMuch):
        set_total(jane, 100, total)


@pytest.mark.parametrize("verb", [credit.grant, credit.take])
def test_a_token_replayed_gives_the_first_entry(jane, unchanged, verb):
    token = uuid.uuid4()
    first = move(verb, jane, 10, token=token)
    move(credit.grant, jane, 1)

    with unchanged():
        assert move(verb, jane, 10, token=token) == first


def test_a_taking_replayed_gives_the_first_entry_though_nothing_is_left(jane, unchanged):
    token = uuid.uuid4()
    first = move(credit.take, jane, 100, token=token)

    with unchanged():
        assert move(credit.take, jane, 100, token=token) == first


def test_a_grant_replayed_gives_the_first_entry_though_the_limit_is_reached(unchanged):
    joe, token = make_customer(make_store()), uuid.uuid4()
    first = move(credit.grant, joe, LIMIT, token=token)

    with unchanged():
        assert move(credit.grant, joe, LIMIT, token=token) == first


def test_a_total_replayed_gives_the_first_entry_though_the_balance_moved(jane, unchanged):
    token = uuid.uuid4()
    first = set_total(jane, 100, 70, token=token)

    with unchanged():
        assert set_total(jane, 100, 70, token=token) == first


def test_one_token_serves_both_balances_of_a_form(jane):
    token = uuid.uuid4()

    move(credit.grant, jane, 1, token=token)
    move(credit.grant, jane, 2, "restricted", token=token)

    assert balances(jane) == (101, 32)


def test_a_token_belongs_to_its_store(jane):
    token, elsewhere = uuid.uuid4(), make_customer(make_store())

    move(credit.grant, jane, 1, token=token)
    move(credit.grant, elsewhere, 1, token=token)

    assert (balances(jane), balances(elsewhere)) == ((101, 30), (1, 0))


@pytest.mark.parametrize("other", ["amount", "customer"])
def test_a_token_never_moves_anything_else(jane, unchanged, other):
    token, joe = uuid.uuid4(), make_customer(jane.store)
    move(credit.grant, jane, 10, token=token)

    with unchanged(), pytest.raises((IntegrityError, credit.CreditRefused)):
        if other == "amount":
            move(credit.grant, jane, 11, token=token)
        else:
            move(credit.grant, joe, 10, token=token)


def test_a_refused_movement_leaves_its_token_free(jane):
    token = uuid.uuid4()
    with pytest.raises(NotEnough):
        move(credit.take, jane, 101, token=token)
    move(credit.grant, jane, 1)

    entry = move(credit.take, jane, 101, token=token)

    assert (entry.after, entry.token) == (0, token)


def test_amounts_in_a_refusal_are_of_the_currency_of_the_store(unchanged):
    joe = make_customer(make_plain_store(currency="USD"), "Joe", credit=105)

    with (
        unchanged(),
        pytest.raises(NotEnough, match=r"Joe holds \$1\.05: \$2\.00 cannot be taken\."),
    ):
        move(credit.take, joe, 200)
