"""Many spend from one balance at once: never below zero, the sum exact, the losers told so."""

import time

import pytest
from django.db import connection

from customers import books, credit
from customers.credit import NotEnough
from customers.models import CreditEntry, Customer
from tests import together as threads
from tests.factories import balances, make_customer, make_store
from tests.naive import ReadThenWrite
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
SPENDERS = 8 if connection.vendor == "sqlite" else 64


def spend_all(customer: Customer, *, tries: int, spenders: int = SPENDERS) -> list[str]:
    """Each spender tries so often to take 1; what is not as it ought to be."""
    there = balances(customer)[0]
    asked = spenders * tries

    def spend() -> list[str]:
        return [try_once(customer) for _ in range(tries)]

    told = [answer for answers in together(*[spend] * spenders) for answer in answers]
    found = {
        "done": told.count("done"),
        "refused": told.count("not enough"),
        "left": balances(customer)[0],
        "taken": -sum(
            delta for (delta,) in entries(customer).filter(delta=-1).values_list("delta")
        ),
    }
    ought = {"done": there, "refused": asked - there, "left": 0, "taken": there}
    return [
        *(f"{what} is {found[what]}, not {ought[what]}" for what in ought if found != ought),
        *(str(one) for one in books.check(customer.store)),
    ]


def try_once(customer: Customer) -> str:
    """One request: it gives its connection back."""
    try:
        credit.take(customer=customer, balance="credit", amount=1, by=None)
    except NotEnough as refused:
        return "not enough" if "cannot be taken" in str(refused) else "unclear"
    else:
        return "done"
    finally:
        connection.close()


def entries(customer: Customer):
    return CreditEntry.objects.filter(account=customer.pk, balance="credit")


def holding(amount: int) -> Customer:
    return make_customer(make_store(), credit=amount)


def test_many_spend_one_balance_to_exactly_zero():
    assert spend_all(holding(SPENDERS * 3), tries=5) == []


def test_of_many_who_want_the_last_of_it_as_many_get_it_as_there_is():
    assert spend_all(holding(SPENDERS // 2 + 1), tries=1) == []


@pytest.mark.parametrize(("amount", "tries"), [(8 * 3, 5), (8 // 2 + 1, 1)])
def test_spending_what_was_read_before_is_caught(monkeypatch, amount, tries):
    """The same by 8 who have read before the first of them writes."""
    customer = holding(amount)
    monkeypatch.setattr(credit, "_once", ReadThenWrite(8))

    found = spend_all(customer, tries=tries, spenders=8)

    assert found[0] == f"done is {8 * tries}, not {amount}"


@pytest.fixture
def a_connection_each(monkeypatch):
    """There are as many connections as threads, whatever the pool holds."""
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", False)
    yield
    connection.close()


@pytest.mark.slow
@pytest.mark.usefixtures("a_connection_each")
def test_10_048_spends_of_5_000(monkeypatch, capsys):
    monkeypatch.setattr(threads, "PATIENCE", 1_800)
    customer = holding(5_000)

    start = time.monotonic()
    found = spend_all(customer, tries=10_048 // SPENDERS)
    seconds = time.monotonic() - start

    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {SPENDERS} spenders, 10,048 spends in {seconds:.0f} s,"
            f" {10_048 / seconds:.0f} a second"
        )
    assert found == []
