"""Fixtures for every test: a flush that gets past append-only tables, no network, books that are clean at the end."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import HealthCheck, settings

OUR_APPS = ("stores", "products", "customers", "loyalty", "sales")

# The same examples in every run; the long runs draw their own.
settings.register_profile(
    "storeadmin",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("storeadmin")


class NetworkRefused(RuntimeError):
    """A test wanted to talk to another machine."""


def is_local(host: Any) -> bool:
    try:
        return host in (None, "", b"", "localhost", b"localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


def on_this_machine(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(sock: socket.socket, address: Any) -> Any:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise NetworkRefused(f"tests do not talk to {address[0]}")
        return original(sock, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Sockets reach this machine only, and no other name is looked up."""
    look_up = socket.getaddrinfo

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise NetworkRefused(f"tests do not look up {host}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, on_this_machine(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", local_look_up)
        yield


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Append-only tables take every change until the end of the block; one transaction, so the triggers come back."""
    away, back = _LIFTED[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgfoid = 'storeadmin_refuse'::regproc"
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
            )
        triggers = cursor.fetchall()
        for name, rest in triggers:
            cursor.execute(away.format(name=name, rest=rest))
        yield
        for name, rest in triggers:
            cursor.execute(back.format(name=name, rest=rest))
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_LIFTED = {
    "sqlite": ('DROP TRIGGER "{name}"', "{rest}"),
    "postgresql": (
        'ALTER TABLE {rest} DISABLE TRIGGER "{name}"',
        'ALTER TABLE {rest} ENABLE TRIGGER "{name}"',
    ),
}


@pytest.fixture(autouse=True, scope="session")
def flush_gets_past_triggers() -> Iterator[None]:
    """Between transactional tests Django empties tables by DELETE on SQLite, which append-only tables refuse."""
    operations_class = DatabaseWrapper.ops_class
    flush = operations_class.execute_sql_flush

    def lifted_flush(operations: Any, sql_list: list[str]) -> None:
        with lifted(operations.connection):
            flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations_class, "execute_sql_flush", lifted_flush)
        yield


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """Makes rows that stay until the last test of the module; each test still takes back its own.

    Not for modules with transactional tests, which empty the tables.
    """

    def made(make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        rows = make(*args, **kwargs)
        # Keys are checked at the end of a transaction, and this one has none.
        connection.check_constraints()
        return rows

    with django_db_blocker.unblock(), transaction.atomic():
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def triggers_lifted() -> Callable[[], AbstractContextManager[None]]:
    """A block in which append-only rows can be damaged."""
    return lambda: lifted(connections["default"])


@pytest.fixture
def books_clean() -> Iterator[None]:
    """After the test every figure, balance and counter of every store is what the facts say."""
    from customers import books
    from stores.models import Store

    yield
    found = {store.slug: [str(one) for one in books.check(store)] for store in Store.objects.all()}
    assert {slug: differences for slug, differences in found.items() if differences} == {}


@pytest.fixture
def unchanged() -> Callable[[], AbstractContextManager[None]]:
    """A block after which every row of ours is what it was before it."""

    @contextmanager
    def block() -> Iterator[None]:
        before = all_rows()
        yield
        assert all_rows() == before

    return block


def all_rows() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
    }
