"""`manage.py serve`: two processes that live and end together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from storeadmin.management.commands import serve
from stores.models import Store

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 30

# Nothing here outlives a minute, whatever goes wrong.
LIVES = "import os, time; os.write(1, b'up\\n'); time.sleep(60)"
IS_DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {LIVES}"
DIES = "raise SystemExit(3)"
SUPERVISOR = """
import sys
from django.core.management import CommandError
from storeadmin.management.commands import serve
serve.GRACE_SECONDS = 1
try:
    serve.supervise({"web server": [sys.executable, "-c", sys.argv[1]],
                     "worker": [sys.executable, "-c", sys.argv[2]]})
except CommandError as error:
    sys.exit(str(error))
"""


@contextmanager
def supervised(*children: str) -> Iterator[subprocess.Popen[str]]:
    """The supervisor with stubs for children, all of them writing to one pipe."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, *children],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "storeadmin.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_up(process: subprocess.Popen[str], children: int) -> None:
    assert process.stdout is not None
    for _ in range(children):
        assert process.stdout.readline() == "up\n"


def errors_after_the_end(process: subprocess.Popen[str]) -> str:
    """The pipe is at its end only when the supervisor and every child of it are gone."""
    return process.communicate(timeout=SECONDS)[1]


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(signum):
    with supervised(LIVES, LIVES) as process:
        wait_until_up(process, 2)
        process.send_signal(signum)
        assert errors_after_the_end(process) == ""
        assert process.returncode == 0


def test_ctrl_c_reaches_the_children_only_through_us():
    """Twice told, the worker would drop the task that it is about to finish."""
    with supervised(LIVES, IS_DEAF) as process:
        wait_until_up(process, 2)
        os.killpg(process.pid, signal.SIGINT)
        assert "KeyboardInterrupt" not in errors_after_the_end(process)
        assert process.returncode == 0


def test_a_child_that_does_not_listen_is_stopped_by_force():
    with supervised(IS_DEAF, IS_DEAF) as process:
        wait_until_up(process, 2)
        process.terminate()
        errors_after_the_end(process)
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("children", "name"), [((DIES, LIVES), "web server"), ((IS_DEAF, DIES), "worker")]
)
def test_when_one_ends_so_does_the_other_and_it_is_an_error(children, name):
    with supervised(*children) as process:
        assert errors_after_the_end(process) == f"The {name} ended by itself (status 3).\n"
        assert process.returncode != 0


def test_a_port_that_is_taken_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CommandError, match=f"Cannot listen on {bind}: Address already in use"):
            call_command("serve", bind=bind)


@pytest.mark.django_db
def test_a_second_start_keeps_the_data_and_names_the_logins(monkeypatch, capsys):
    started = []
    monkeypatch.setattr(serve, "supervise", lambda commands, **options: started.append(commands))
    monkeypatch.setattr(serve.connections, "close_all", lambda: None)
    Store.objects.create(slug="mine", name="Mine")
    call_command("serve", demo=True, bind="127.0.0.1:0")
    assert list(started[0]) == ["web server", "worker"]
    assert Store.objects.get().slug == "mine"
    shown = capsys.readouterr().out
    assert "owner" in shown
    assert "storeadmin is on http://127.0.0.1:" in shown
