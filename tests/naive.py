"""Verbs with their guards taken out: what the tests of races must catch."""

import threading
from contextlib import nullcontext
from types import ModuleType, SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet

from customers import credit
from customers.credit import BalanceMoved, NotEnough
from customers.models import CreditAccount, CreditEntry
from tests.together import PATIENCE


class ReadThenWrite:
    """A balance moved as a naive program does it: read, check, write what was computed.

    So many at a time have read before the first of them writes.
    """

    def __init__(self, parties: int) -> None:
        self.meet = threading.Barrier(parties)

    def __call__(self, *, customer, balance, delta, by, kind, seen=None, token=None, **why):
        present = credit.balance_of(customer, balance)
        known = CreditEntry.objects.filter(token=token).first() if token else None
        self.meet.wait(PATIENCE)
        if known:
            return known
        if seen is not None and present != seen:
            raise BalanceMoved(customer=customer, seen=seen, present=present)
        if present + delta < 0:
            raise NotEnough(customer=customer, asked=-delta, available=present)
        with transaction.atomic():
            account = CreditAccount.objects.filter(customer=customer)
            account.update(**{balance: present + delta, f"{balance}_seq": F(f"{balance}_seq") + 1})
            return CreditEntry.objects.create(
                store=customer.store,
                account_id=customer.pk,
                balance=balance,
                seq=account.values_list(f"{balance}_seq", flat=True).get(),
                delta=delta,
                after=present + delta,
                kind=kind,
                by=by,
            )


def unlocked(patch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Verbs of the modules hold nothing while they work: no rows, on SQLite not the one writer."""
    patch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    if connection.vendor == "sqlite":
        for module in modules:
            patch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))


def unkeyed(patch: pytest.MonkeyPatch) -> None:
    """Entries carry neither the token of their form nor what they reverse: no key is unique."""
    move = credit._move
    patch.setattr(
        credit, "_move", lambda **values: move(**{**values, "token": None, "reverses": None})
    )
