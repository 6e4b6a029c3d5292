"""The same click many times at once over the views: one movement, equal answers; of two people one is told."""

import pytest
from django.db import transaction
from django.test import Client

from customers import books, credit, profiles
from customers.models import CreditEntry, Customer
from tests.clicks import CLICKS, Answer, click, form, signed_in, unequal
from tests.factories import balances, make_customer, make_member, make_store
from tests.naive import unkeyed
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jane(db):
    return make_customer(make_store(), "jane", credit=50)


@pytest.fixture
def manager(jane):
    return signed_in(make_member(jane.store, "manager"))


def differences(customer: Customer) -> list[str]:
    return [str(one) for one in books.check(customer.store)]


# One form of the account history is sent 20 times.


def entry_of(customer: Customer) -> CreditEntry:
    return CreditEntry.objects.get(account=customer.pk, seq=1)


MOVEMENTS = {
    "addition/": (60, {"amount": "10", "reason": "other"}),
    "deduction/": (0, {"amount": "50", "reason": "other"}),
    "reversal/": (0, {}),
}


def send_one_form(manager: Client, jane: Customer, piece: str) -> list[str]:
    left, typed = MOVEMENTS[piece]
    if piece == "reversal/":
        piece = f"{entry_of(jane).pk}/reversal/"
    url = f"{jane.get_absolute_url()}credit/{piece}"
    values = {**form(manager, url), **typed}

    told = together(*[click(manager, url, values) for _ in range(CLICKS)])

    moved = CreditEntry.objects.filter(account=jane.pk, seq__gt=1).count()
    return [
        *unequal(told),
        *([] if moved == 1 else [f"{moved} movements"]),
        *([] if balances(jane) == (left, 0) else [f"{balances(jane)[0]} left"]),
        *differences(jane),
    ]


@pytest.mark.parametrize("piece", MOVEMENTS)
def test_the_same_click_20_times_moves_once_and_says_the_same(manager, jane, piece):
    assert send_one_form(manager, jane, piece) == []


@pytest.mark.parametrize("piece", MOVEMENTS)
def test_movements_without_a_unique_key_are_caught(monkeypatch, manager, jane, piece):
    unkeyed(monkeypatch)

    assert send_one_form(manager, jane, piece) != []


# One profile form is sent 20 times; two people save one profile.


def save_profile(manager: Client, jane: Customer, *totals: str) -> list[Answer]:
    url = jane.get_absolute_url()
    values = {**form(manager, url), "reason": "correction"}
    return together(*[click(manager, url, {**values, "credit": total}) for total in totals])


def save_at_once(manager: Client, jane: Customer) -> list[str]:
    told = save_profile(manager, jane, *["70"] * CLICKS)

    moved = CreditEntry.objects.filter(account=jane.pk, seq__gt=1).count()
    return [
        *(str(one) for one in told if one[0] != 204),
        *([] if (moved, balances(jane)[0]) == (1, 70) else [f"{moved} movements"]),
        *differences(jane),
    ]


def save_against_each_other(manager: Client, jane: Customer) -> list[str]:
    told = save_profile(manager, jane, "70", "30")

    won = balances(jane)[0]
    statuses = [answer[0] for answer in told]
    return [
        *([] if sorted(statuses) == [204, 409] else [str(statuses)]),
        *([] if won == (70, 30)[statuses.index(204)] else [f"{won} left"]),
        *differences(jane),
    ]


def overwrite(*, customer, by, opened, fields, balances, token, **why):
    """A profile saved as a naive program does it: what was typed replaces what is there."""
    for balance, total in balances.items():
        with transaction.atomic():
            credit.lock_account(customer.pk)
            present = credit.balance_of(customer, balance)
            credit.set_total(
                customer=customer, balance=balance, seen=present, total=total, by=by, **why
            )
    return ["credit"]


def add_what_was_typed(*, customer, by, opened, fields, balances, token, **why):
    """A profile saved by the difference to what it was opened with, whatever is there now."""
    credit.grant(
        customer=customer, balance="credit", amount=balances["credit"] - opened["credit"], by=by
    )
    return ["credit"]


def test_a_profile_saved_20_times_moves_once(manager, jane):
    assert save_at_once(manager, jane) == []


def test_a_profile_that_adds_what_was_typed_is_caught(monkeypatch, manager, jane):
    monkeypatch.setattr(profiles, "edit", add_what_was_typed)

    assert save_at_once(manager, jane) == ["20 movements"]


def test_of_two_who_save_one_profile_the_later_is_told(manager, jane):
    assert save_against_each_other(manager, jane) == []


def test_a_profile_that_overwrites_is_caught(monkeypatch, manager, jane):
    monkeypatch.setattr(profiles, "edit", overwrite)

    assert save_against_each_other(manager, jane)[0] == "[204, 204]"
