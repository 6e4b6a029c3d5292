"""What the tests themselves stand on: no network, a flush that leaves the triggers where they were."""

import socket

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from customers.models import CreditEntry
from stores.models import AuditEntry, Store
from tests.factories import make_customer, make_store
from tests.stores import catalogue


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_other_machines_are_out_of_reach(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    with socket.socket(family) as sock, pytest.raises(RuntimeError, match="do not talk"):
        sock.connect((address, 80))


def test_names_of_other_machines_are_not_looked_up():
    with pytest.raises(RuntimeError, match="do not look up"):
        socket.create_connection(("store.example", 80))


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            assert client.getpeername() == server.getsockname()


@pytest.mark.django_db(transaction=True)
def test_flush_empties_append_only_tables_and_puts_their_triggers_back():
    before = catalogue.triggers()
    make_customer(make_store(), credit=5)

    call_command("flush", interactive=False, verbosity=0)

    assert not Store.objects.exists() and not AuditEntry.objects.exists()
    assert catalogue.triggers() == before
    assert_entries_are_kept()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_triggers_are_back_after_the_flush_that_ends_a_test(turn):
    """The second turn starts from what the first one left."""
    assert not Store.objects.exists()
    assert_entries_are_kept()


@pytest.mark.django_db(transaction=True)
def test_triggers_are_back_when_a_block_without_them_fails(triggers_lifted):
    before = catalogue.triggers()

    with pytest.raises(ZeroDivisionError), triggers_lifted():
        raise ZeroDivisionError

    assert catalogue.triggers() == before
    assert_entries_are_kept()


def assert_entries_are_kept() -> None:
    make_customer(make_store(), credit=5)
    for statement in (
        "UPDATE customers_creditentry SET delta = 6",
        "DELETE FROM customers_creditentry",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(CreditEntry.objects.values_list("delta")) == [(5,)]
