"""`python -m benchmarks.load`: many people on the pages at once, first alone, then while the worker
changes the credit of everyone.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import runs
from benchmarks.people import Seen

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"http://([^/]+)/")
LOG = "served.log"
WARM_SECONDS = 3.0
HEADER = ("", "page", "answers", "a second", "p50 ms", "p95 ms", "p99 ms", "errors")


def main(arguments: list[str]) -> int:
    return runs.over_own_database(read(arguments), run)


def read(arguments: list[str]) -> argparse.Namespace:
    parser = runs.parser("benchmarks.load", __doc__, customers=10_000)
    add = parser.add_argument
    add("--clients", type=int, default=50, help="people at once")
    add("--seconds", type=float, default=60, help="for each of the two parts")
    add("--pause", type=float, default=0, help="seconds between two pages of a person, on average")
    add("--workers", type=int, default=2, help="processes of the web server")
    return runs.read(parser, arguments)


def run(options: argparse.Namespace) -> int:
    # They import models, which there are only once Django is set up.
    from django.db import connections

    from benchmarks import ground, report
    from benchmarks.crowd import BulkCredit, Crowd

    made = ground.make(customers=options.customers, purchases=options.purchases, rounds=1, quotes=0)
    ground.tidy()
    crowd = Crowd(made, people=options.clients, pause=options.pause)
    changes = BulkCredit(made)
    with served(options.workers, options.into / LOG) as address:
        crowd.work(address, WARM_SECONDS)
        seen = {
            "alone": crowd.work(address, options.seconds),
            "credit changes": crowd.work(address, options.seconds, changes.go_on),
        }
        print(table(seen, options.seconds))
        machine = report.machine()
        said = f"Credit was given {changes.rows:,} times."
        print(f"\n{said} {machine['engine']}, load {machine['load']}")
    connections.close_all()
    return int(any(one.errors for part in seen.values() for one in part.values()))


@contextmanager
def served(workers: int, log: Path) -> Iterator[str]:
    """Web server and worker, as `manage.py serve` starts them; their address."""
    command = [sys.executable, "manage.py", "serve", "--bind", "127.0.0.1:0"]
    command += ["--workers", str(workers)]
    with (
        log.open("w") as lines,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=lines, text=True
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101  for the types
        try:
            found = ADDRESS.search(process.stdout.readline())
            if found is None:
                raise RuntimeError(f"the server does not start: see {log}")
            yield found[1]
        finally:
            process.terminate()


def table(seen: dict[str, dict[str, Seen]], seconds: float) -> str:
    """What people saw, as a table of Markdown."""
    rows = [HEADER, ("---",) * len(HEADER)]
    for part, pages in seen.items():
        everything = {**pages, "all": sum(pages.values(), Seen())}
        rows += [(part, *_cells(name, one, seconds)) for name, one in everything.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(name: str, one: Seen, seconds: float) -> tuple[str, ...]:
    count = len(one.seconds)
    spread = (f"{value * 1000:,.0f}" for value in one.percentiles())
    return (name, f"{count:,}", f"{count / seconds:,.1f}", *spread, f"{one.errors:,}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
