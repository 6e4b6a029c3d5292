"""`python -m benchmarks`: measures, prints a table, writes JSON, and exits 1 on a missed goal."""

import argparse
import shutil
import sys

from benchmarks import runs
from benchmarks.stack import with_room

NAMES = (
    "pages",
    "found",
    "sold",
    "person",
    "peers",
    "prices",
    "ladders",
    "bulk_credit",
    "imports",
    "purchases",
    "sales_file",
    "rolling",
)


def main(arguments: list[str]) -> int:
    return runs.over_own_database(read(arguments), with_room(run))


def read(arguments: list[str]) -> argparse.Namespace:
    parser = runs.parser("benchmarks", __doc__, customers=100_000)
    add = parser.add_argument
    add("--only", action="append", choices=NAMES, default=[], help="may be given several times")
    add("--rounds", type=int, default=3, help="how often each is measured")
    add("--quotes", type=int, default=100_000, help="for the pure part; a hundredth with facts")
    return runs.read(parser, arguments)


def run(options: argparse.Namespace) -> int:
    # They import models, which there are only once Django is set up.
    from django.db import connection

    from benchmarks import ground, report, works

    sizes = ("customers", "purchases", "rounds", "quotes")
    lines: list[report.Line] = []
    try:
        made = ground.make(**{name: getattr(options, name) for name in sizes})
        for line in works.measure(made, options.only):
            lines.append(line)
            print(f"benchmarks: {line.work} is measured", file=sys.stderr, flush=True)
        plain = {name: getattr(options, name) for name in (*sizes, "only")}
        print(f"{report.write(lines, plain, options.into)}\n")
    finally:
        # A run that breaks off tells what it has.
        print(report.table(lines, options.customers))
        connection.close()
        shutil.rmtree(options.into / runs.MEDIA, ignore_errors=True)
    return int(any(line.fails(made.customers) for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
