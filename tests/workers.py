"""The real worker as a process of its own, on the database of the tests: started, killed, stopped, woken."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import OperationalError, connection

from stores.models import Batch
from tests.engines import ROOT

PATIENCE = 120
GLANCE = 0.01
COMMAND = "work --queue-name=* --no-reload --no-startup-delay --interval=0.1 --look=0.2"
# Whoever holds a batch is taken for gone after a second.
QUICK = {"BATCH_LEASE_SECONDS": "1", "BATCH_PATIENCE_SECONDS": "0", "LOG_LEVEL": "INFO"}


class Worker:
    """A worker under a name of its own, and what it writes; `program` is what is run."""

    def __init__(self, folder: Path, name: str, *, chunk: int, program: str = "manage.py") -> None:
        self.name = f"{name}-{os.getpid()}"
        self.log = folder / f"{name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program.split(), *COMMAND.split()],
                cwd=ROOT,
                env=self._environment(chunk),
                stderr=log,
            )

    def _environment(self, chunk: int) -> dict[str, str]:
        mine = {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "storeadmin.settings",
            "BATCH_CHUNK_ROWS": str(chunk),
            "PGAPPNAME": self.name,
        }
        return os.environ | QUICK | mine

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until it is so. The worker does not end by itself meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"the worker ended: {self.said()}"
            assert time.monotonic() < deadline, f"it never came to that: {self.said()}"
            time.sleep(GLANCE)

    def lives(self, seconds: float) -> None:
        """Let it work for so long."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError(f"the worker ended: {self.said()}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def dies(self) -> None:
        """Wait until it has killed itself."""
        assert self.process.wait(PATIENCE) == -signal.SIGKILL, self.said()

    def stop(self) -> None:
        """It stands still when this returns."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop_between_chunks(self) -> None:
        """Stop it where it holds nothing that others wait for."""

        def stopped() -> bool:
            self.stop()
            if self._holds_nothing():
                return True
            self.go_on()
            return False

        self.until(stopped)

    def _holds_nothing(self) -> bool:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_BUSY, [self.name])
                return cursor.fetchone() == (0,)
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("ROLLBACK")
            except OperationalError:
                return False
            finally:
                cursor.execute("PRAGMA busy_timeout = 20000")
            return True

    def said(self) -> str:
        return self.log.read_text()


_BUSY = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = %s AND state <> 'idle'"


@contextmanager
def worker(folder: Path, name: str = "worker", **how: Any) -> Iterator[Worker]:
    """A worker until the end of the block, whatever happens in it."""
    started = Worker(folder, name, **how)
    try:
        yield started
    finally:
        started.kill()


def database_url() -> str:
    """The database of the tests, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = ":".join(quote(given[key], safe="") for key in ("USER", "PASSWORD") if given[key])
    return f"postgres://{who}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def progress(batch: Batch) -> int:
    """How many rows were planned and worked on by now, together."""
    return sum(Batch.objects.values_list("planned", "handled").get(pk=batch.pk))
