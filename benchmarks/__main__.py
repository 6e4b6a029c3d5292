"""`python -m benchmarks`: measures, prints a table, writes JSON, and exits 1 on a missed goal."""

import argparse
import os
import shutil
import sys
from pathlib import Path

import django

from benchmarks import own

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench"
MEDIA = "media"
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
    options = read(arguments)
    try:
        with own.database(options.engine, options.into) as url:
            set_up(url, options.into)
            return run(options)
    except own.NotOurs as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    add = parser.add_argument
    add("--engine", default=own.SQLITE, help="sqlite, or the DATABASE_URL of a server or new file")
    add("--customers", type=int, default=100_000)
    add("--purchases", type=int, help="as many as customers, unless said")
    add("--only", action="append", choices=NAMES, default=[], help="may be given several times")
    add("--rounds", type=int, default=3, help="how often each is measured")
    add("--quotes", type=int, default=100_000, help="for the pure part; a hundredth with facts")
    add("--into", type=Path, default=FOLDER, help="the folder of the results")
    options = parser.parse_args(arguments)
    if options.purchases is None:
        options.purchases = options.customers
    return options


def set_up(url: str, folder: Path) -> None:
    """Django on the database of our own: it reads its settings from the environment."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="benchmarks.settings",
        DATABASE_URL=url,
        SECRET_KEY="only-for-the-benchmarks",  # noqa: S106
        ALLOWED_HOSTS="127.0.0.1",
        DEBUG="off",
        HTTPS="off",
        MEDIA_ROOT=str(folder / MEDIA),
        LOG_LEVEL="WARNING",
        RESIDENT_PAGES="",  # nobody outside is asked for pictures
    )
    django.setup()


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
        shutil.rmtree(options.into / MEDIA, ignore_errors=True)
    return int(any(line.fails(made.customers) for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
