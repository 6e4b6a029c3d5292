"""Verbs with their guards taken out: what the tests of races must catch."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.models import F, Model, QuerySet

from customers import credit, figures
from customers.credit import BalanceMoved, NotEnough
from customers.models import CreditAccount, CreditEntry, YearWindow
from stores.models import Store
from tests.together import PATIENCE

# For what takes out a lock of rows alone.
rows_are_locked = pytest.mark.skipif(
    "sqlite" in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite has one writer at a time: the lock is the database's",
)


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


@contextmanager
def without_key(model: type[Model], name: str) -> Iterator[None]:
    """The key by which rows point at others keeps nothing; on SQLite no such key does, in new
    connections. The rows go at the end of the block.
    """

    def off(connection, **_):
        connection.disable_constraint_checking()

    (key,) = [one for one in model._meta.constraints if one.name == name]
    connection_created.connect(off)
    if connection.vendor == "postgresql":
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, key)
    try:
        yield
    finally:
        connection_created.disconnect(off)
        model._default_manager.all()._raw_delete("default")
        if connection.vendor == "postgresql":
            with connection.schema_editor() as editor:
                editor.add_constraint(model, key)


def unlocked_window(store: Store) -> YearWindow:
    """What `figures.lock_window` gives, without the lock."""
    return YearWindow.objects.get(store=store)


def rolled_meanwhile(patch: pytest.MonkeyPatch, readers: int) -> None:
    """The day up to which the year has rolled is only read: by so many before it rolls on, and they
    go on after that.
    """
    read: list[None] = []
    all_read, rolled, roll = threading.Event(), threading.Event(), figures.roll

    def only_read(store):
        window = unlocked_window(store)
        read.append(None)
        if len(read) >= readers:
            all_read.set()
        assert rolled.wait(PATIENCE)
        return window

    def roll_and_tell(store, *, to=None):
        assert all_read.wait(PATIENCE)
        days = roll(store, to=to)
        if days:
            rolled.set()
        return days

    patch.setattr(figures, "lock_window", only_read)
    patch.setattr(figures, "roll", roll_and_tell)
