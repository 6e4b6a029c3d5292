"""A run over a database of its own: what each is asked for, and Django set up on that database."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import django

from benchmarks import own

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench"
MEDIA = "media"


def parser(name: str, about: str | None, *, customers: int) -> argparse.ArgumentParser:
    """Of the options that every run has."""
    found = argparse.ArgumentParser(name, description=about)
    add = found.add_argument
    add("--engine", default=own.SQLITE, help="sqlite, or the DATABASE_URL of a server or new file")
    add("--customers", type=int, default=customers)
    add("--purchases", type=int, help="as many as customers, unless said")
    add("--into", type=Path, default=FOLDER, help="the folder of the database and the results")
    return found


def read(asked: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    options = asked.parse_args(arguments)
    if options.purchases is None:
        options.purchases = options.customers
    return options


def over_own_database(
    options: argparse.Namespace, deed: Callable[[argparse.Namespace], int]
) -> int:
    """What the deed ends with; 2 where the database that was named is not ours to make."""
    try:
        with own.database(options.engine, options.into) as url:
            _set_up(url, options.into)
            return deed(options)
    except own.NotOurs as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2


def _set_up(url: str, folder: Path) -> None:
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
