"""Fixtures for every test: a flush that gets past append-only tables, no network, books that are clean at the end."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck, settings

from tests.emptied import empty, lifted

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


@pytest.fixture(autouse=True, scope="session")
def emptied_by_deleting() -> Iterator[None]:
    """Between transactional tests rows are deleted, also those of append-only tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
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


@pytest.fixture(autouse=True, scope="session")
def database_goes() -> Iterator[None]:
    """On PostgreSQL the database of the tests is dropped whoever still is connected: the server may
    not have noticed yet that a program which was killed is gone.
    """

    def drop(creation: Any, name: str, verbosity: int) -> None:
        creation.connection.close_pool()
        with creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(type(connection.creation), "_destroy_test_db", drop)
        yield


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
