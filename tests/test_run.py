"""`make test`: which engines it runs on, and what it makes of their results."""

import subprocess
import sys

import pytest

from tests import engines, run

NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def no_file(monkeypatch, tmp_path):
    monkeypatch.setattr(engines, "ROOT", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [([0], 0), ([0, 0], 0), ([0, 1], 1), ([2, 0], 2), ([0, 5], 5), ([0, -9], 9), ([5, 5], 5)],
)
def test_one_failure_fails_the_whole(statuses, whole):
    assert run.worst(statuses) == whole


@pytest.mark.parametrize(
    ("status", "words"), [(0, "passed"), (1, "failed"), (5, "had no tests"), (-9, "failed")]
)
def test_the_verdict_is_one_of_three(status, words):
    assert run.verdict(status) == words


@pytest.mark.usefixtures("no_file")
def test_the_server_that_is_named_is_taken(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    assert engines.postgresql_url() == NOWHERE


@pytest.mark.usefixtures("no_file")
def test_else_a_server_of_this_machine_that_lets_us_in(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///somewhere.sqlite3")
    monkeypatch.setattr(engines, "may_create_databases", lambda url: "//postgres@" in url)
    assert engines.postgresql_url() == "postgres://postgres@127.0.0.1:5432/postgres"
    monkeypatch.setattr(engines, "may_create_databases", lambda url: False)
    assert engines.postgresql_url() is None


def test_a_server_that_does_not_answer_lets_nobody_in():
    assert not engines.may_create_databases(NOWHERE)


@pytest.mark.usefixtures("no_file")
def test_a_named_server_must_answer(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    assert run.main([]) == 1
    assert "does not answer" in capsys.readouterr().out


def test_engines_are_heard_one_after_the_other_and_each_has_its_status(capfdbinary, monkeypatch):
    def start(url, arguments):
        program = f"print({url!r}, *{arguments}); exit({len(url)})"
        return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)

    monkeypatch.setattr(run, "start_pytest", start)

    assert run.run_all({"One": "a", "Two": "bb"}, ["x"]) == {"One": 1, "Two": 2}
    assert capfdbinary.readouterr().out == b"\n== One\na x\n\n== Two\nbb x\n"
