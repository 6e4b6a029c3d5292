"""PostgreSQL: pg_dump and pg_restore, with the connection's settings; the password is in the
environment only.
"""

import os
import re
import subprocess
from pathlib import Path

from django.db import connection

from .refused import BackupRefused

ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
# Extensions may belong to the administrator, and stay where they are.
_EXTENSION = re.compile(r"^\d+; \S+ \S+ EXTENSION - (\S+)", re.MULTILINE)
_NOT_OURS = re.compile(r" (EXTENSION - |COMMENT - EXTENSION |SCHEMA - |COMMENT - SCHEMA )")


def dump(copy: Path) -> None:
    """Dump the database as it is at one moment, and check the dump."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    check(copy)


def check(copy: Path) -> None:
    """Read the whole dump. Raises BackupRefused where it is damaged."""
    _run("pg_restore", f"--file={os.devnull}", str(copy))


def load(copy: Path) -> None:
    """Put the dump in the place of all tables, in one transaction."""
    contents = _run("pg_restore", "--list", str(copy))
    wanted = copy.with_suffix(".list")
    wanted.write_text("".join(_ours(contents)))
    script = copy.with_suffix(".sql")
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        f"--use-list={wanted}",
        f"--file={script}",
        str(copy),
    )
    before = [f"--command={statement}" for statement in _before(contents)]
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--output={os.devnull}",
        *before,
        f"--file={script}",
    )


def _ours(contents: str) -> list[str]:
    return [line for line in contents.splitlines(keepends=True) if not _NOT_OURS.search(line)]


def _before(contents: str) -> list[str]:
    """Tables of a newer program go too; what the search needs is there."""
    quote = connection.ops.quote_name
    tables = [quote(name) for name in connection.introspection.table_names()]
    # Our own reading of their names holds no lock that the others would wait for.
    connection.close()
    drops = [f"DROP TABLE IF EXISTS {', '.join(tables)} CASCADE"] if tables else []
    needed = [
        f"CREATE EXTENSION IF NOT EXISTS {quote(name)}" for name in _EXTENSION.findall(contents)
    ]
    return ["SET client_min_messages = warning", *drops, *needed]


def _run(program: str, *arguments: str) -> str:
    """What the program says. Raises BackupRefused with its complaint."""
    try:
        done = subprocess.run(
            [program, *arguments], env=_environment(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BackupRefused(
            f"{program} is not found: install the client programs of PostgreSQL."
        ) from None
    if done.returncode:
        raise BackupRefused(f"{program}: {done.stderr.strip()}")
    return done.stdout


def _environment() -> dict[str, str]:
    given = connection.get_connection_params()
    named = {name: str(given[key]) for key, name in ENVIRONMENT.items() if given.get(key)}
    return {**os.environ, **named, "PGOPTIONS": "-c lock_timeout=10s"}
