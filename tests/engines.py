"""What the tests can run on here. As a program: prints the URL of the PostgreSQL server."""

import getpass
import os
import re
import shutil
import subprocess
from pathlib import Path

import environ
import psycopg

ROOT = Path(__file__).resolve().parent.parent
SCHEMES = ("postgres://", "postgresql://", "psql://", "pgsql://")
# Chromium as root refuses its sandbox; the rest keeps it from calling out.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The shell is the same browser without the windows, which nobody sees and each visitor pays for.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def postgresql_url() -> str | None:
    """The server that DATABASE_URL names, else one on this machine that lets us in."""
    environ.Env.read_env(ROOT / ".env")
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith(SCHEMES):
        return named
    user = getpass.getuser()
    for name, database in [(user, "postgres"), (user, user), ("postgres", "postgres")]:
        url = f"postgres://{name}@127.0.0.1:5432/{database}"
        if may_create_databases(url):
            return url
    return None


def may_create_databases(url: str) -> bool:
    may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            return connection.execute(may).fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def postgresql_version(url: str) -> int:
    """The major version; raises `psycopg.OperationalError` where the server does not answer."""
    with psycopg.connect(re.sub(r"^\w+://", "postgres://", url), connect_timeout=3) as connection:
        return connection.info.server_version // 10000


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def chromium_version(path: str) -> str:
    shown = subprocess.run(
        [path, "--version"], capture_output=True, text=True, check=False, timeout=30
    )
    found = re.search(r"\d+", shown.stdout)
    return found.group() if found else "of unknown version"


if __name__ == "__main__":
    print(postgresql_url() or "")
