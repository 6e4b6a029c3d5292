"""The command that runs the web server and the worker side by side, and stops both together."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from gunicorn.util import parse_address

# How long a request or a task under way may take to finish once we are asked to stop.
GRACE_SECONDS = 10
GUNICORN = [sys.executable, *"-m gunicorn storeadmin.wsgi --worker-class=gthread".split()]
GUNICORN += "--graceful-timeout=8 --no-control-socket --log-level=warning".split()
WORKER = [sys.executable, *"-m django work --queue-name=* --no-reload".split()]


def supervise(commands: dict[str, list[str]], pass_fds: Sequence[int] = ()) -> None:
    """Run the commands until a signal asks to stop, or one of them ends: that is an error."""
    asked_to_stop = False

    def ask_to_stop(*_: Any) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, ask_to_stop)
    # In groups of their own: Ctrl-C reaches only us, and each child hears of it once, from us.
    children = {
        name: subprocess.Popen(command, cwd=settings.BASE_DIR, pass_fds=pass_fds, process_group=0)
        for name, command in commands.items()
    }
    try:
        while not asked_to_stop:
            for name, child in children.items():
                if child.poll() is not None:
                    raise CommandError(f"The {name} ended by itself (status {child.returncode}).")
            time.sleep(0.1)
    finally:
        stop(list(children.values()))


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End the children: first politely, and after the grace by force with all they started."""
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # The group, so that the processes of a web server go with it.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def listen(bind: str) -> socket.socket:
    """Open the port before anything runs: one that is taken is then one clear line."""
    address = parse_address(bind, "8000")
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        return socket.create_server(address, family=family)
    except OSError as error:
        raise CommandError(f"Cannot listen on {bind}: {error.strerror}.") from error


def prepare() -> None:
    """Bring the database up to date; one without any store gets the demo store."""
    call_command("migrate", verbosity=0, skip_checks=False)
    call_command("demo", if_empty=True, verbosity=0)
    call_command("demo", logins=True)
    connections.close_all()


class Command(BaseCommand):
    help = "Run the web server and the worker until Ctrl-C; if one of them ends, stop the other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address:port to listen on")
        parser.add_argument("--demo", action="store_true", help="migrate, and make a demo store")
        parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
        parser.add_argument("--threads", type=int, default=4, help="threads of each process")

    def handle(self, *, bind: str, demo: bool, workers: int, threads: int, **options: Any) -> None:
        with listen(bind) as listener:
            if demo:
                prepare()
            host, port = listener.getsockname()[:2]
            self.stdout.write(f"storeadmin is on http://{host}:{port}/ (Ctrl-C stops it)")
            self.stdout.flush()
            fd = listener.fileno()
            web = [*GUNICORN, f"--bind=fd://{fd}", f"--workers={workers}", f"--threads={threads}"]
            supervise({"web server": web, "worker": WORKER}, pass_fds=[fd])
