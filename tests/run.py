"""Runs the tests on every engine found here: SQLite always, PostgreSQL where there is one."""

import os
import subprocess
import sys

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
    results = {engine: run_pytest(engine, url, arguments) for engine, url in runs.items()}
    outcome = ", ".join(f"{engine} {verdict(status)}" for engine, status in results.items())
    print(f"\n{summary}: {outcome}")
    return worst(list(results.values()))


def browser() -> str:
    if path := chromium_path():
        return f"browser Chromium {chromium_version(path)}"
    return "no browser (no Chromium on the path: browser tests are left out)"


def run_pytest(engine: str, url: str, arguments: list[str]) -> int:
    print(f"\n== {engine}", flush=True)
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    command = [sys.executable, "-m", "pytest", f"--numprocesses={workers}"]
    command += ["--max-worker-restart=2", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=False
    ).returncode


def verdict(status: int) -> str:
    return {OK: "passed", NO_TESTS: "had no tests"}.get(status, "failed")


def worst(statuses: list[int]) -> int:
    """No tests on one engine is a failure too: so ends a run whose workers all broke down."""
    return max(map(abs, statuses))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
