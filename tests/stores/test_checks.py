"""The checks at the start."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from stores import checks


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_with_the_fault(version, bad):
    assert checks.may_lose_writes(version) is bad


def warnings(monkeypatch, version, databases):
    monkeypatch.setattr(checks, "sqlite_version_info", version)
    return checks.sqlite_version(None, databases=databases)


def test_warning_names_the_version_and_points_to_postgresql(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    (warning,) = warnings(monkeypatch, (3, 40, 1), ["default"])
    assert warning.id == "stores.W001"
    assert "3.40.1" in warning.msg
    assert "PostgreSQL" in warning.hint
    assert not warning.is_serious()


@pytest.mark.parametrize(
    ("vendor", "version", "databases"),
    [
        ("sqlite", (3, 51, 3), ["default"]),
        ("postgresql", (3, 40, 1), ["default"]),
        ("sqlite", (3, 40, 1), None),
    ],
)
def test_silent_where_there_is_nothing_to_say(monkeypatch, vendor, version, databases):
    monkeypatch.setattr(connection, "vendor", vendor)
    assert warnings(monkeypatch, version, databases) == []


@pytest.mark.django_db
def test_runs_with_the_checks_of_the_database(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setattr(checks, "sqlite_version_info", (3, 40, 1))
    found = [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]
    assert "stores.W001" in found


def test_hosts_that_may_be_asked_can_be_read(settings):
    settings.OUTGOING_HOSTS = [
        *"localhost box.example.org 127.0.0.1:8080 [::1]:8080 .aditi.secondlife.io".split(),
        *"http://box.example.org box.example.org/cap * .example.org:80 a:b a@b".split(),
        "",
    ]

    found = [
        message.msg for message in run_checks(tags=[Tags.security]) if message.id == "stores.E001"
    ]

    assert found == [
        f"OUTGOING_HOSTS: {host!r} is no host." for host in settings.OUTGOING_HOSTS[5:]
    ]
