"""Runs the tests on every engine found here at the same time: SQLite always, PostgreSQL where there is one."""

import os
import subprocess
import sys
from contextlib import ExitStack

import psycopg
import pytest

from tests.engines import (
    ROOT,
    chromium_path,
    chromium_version,
    postgresql_url,
    postgresql_version,
)

SQLITE_URL = f"sqlite:///{ROOT / 'var' / 'store.sqlite3'}"
# Each worker migrates a database of its own: more of them cost more than they save.
MOST_WORKERS = 8
OK, NO_TESTS = int(pytest.ExitCode.OK), int(pytest.ExitCode.NO_TESTS_COLLECTED)


def main(arguments: list[str]) -> int:
    runs = {"SQLite": SQLITE_URL}
    if postgresql := postgresql_url():
        try:
            runs[f"PostgreSQL {postgresql_version(postgresql)}"] = postgresql
        except psycopg.OperationalError as error:
            print(f"storeadmin tests: the server of DATABASE_URL does not answer: {error}")
            return 1
    summary = f"storeadmin tests: {' and '.join(runs)}, {browser()}"
    print(summary, flush=True)
    results = run_all(runs, arguments)
    outcome = ", ".join(f"{engine} {verdict(status)}" for engine, status in results.items())
    print(f"\n{summary}: {outcome}")
    return worst(list(results.values()))


def browser() -> str:
    if path := chromium_path():
        return f"browser Chromium {chromium_version(path)}"
    return "no browser (no Chromium on the path: browser tests are left out)"


def run_all(runs: dict[str, str], arguments: list[str]) -> dict[str, int]:
    """All at the same time: each waits now and then, for a disk or a server. One is heard after the other."""
    with ExitStack() as stack:
        started = {}
        for engine, url in runs.items():
            started[engine] = stack.enter_context(start_pytest(url, arguments))
            # Whatever ends this program ends what it started.
            stack.callback(started[engine].kill)
        return {engine: heard(engine, process) for engine, process in started.items()}


def start_pytest(url: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    command = [sys.executable, "-m", "pytest", f"--numprocesses={workers}", "--dist=worksteal"]
    command += ["--max-worker-restart=2", *arguments]
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def heard(engine: str, process: subprocess.Popen[bytes]) -> int:
    """Pass on what it says, from the beginning to the end; its status."""
    print(f"\n== {engine}", flush=True)
    for part in iter(process.stdout.read1, b""):
        sys.stdout.buffer.write(part)
        sys.stdout.flush()
    return process.wait()


def verdict(status: int) -> str:
    return {OK: "passed", NO_TESTS: "had no tests"}.get(status, "failed")


def worst(statuses: list[int]) -> int:
    """No tests on one engine is a failure too: so ends a run whose workers all broke down."""
    return max(map(abs, statuses))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
