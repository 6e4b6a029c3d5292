"""A database of our own: made for one run, gone after it. No other is ever opened for writing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

SQLITE = "sqlite"
SERVERS = ("postgres", "postgresql", "psql", "pgsql")
NAME = f"storeadmin_bench_{os.getpid()}"


class NotOurs(ValueError):
    """The database that was named is not ours to make."""


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The URL of a new database: a file in the folder for `sqlite`, the file of a URL of SQLite,
    or a database beside the one that a URL of PostgreSQL names. Raises NotOurs.
    """
    parts = urlsplit(engine)
    if parts.scheme in SERVERS:
        with _on_server(engine) as url:
            yield url
    elif engine == SQLITE or parts.scheme == SQLITE:
        named = Path(parts.path[1:]) if parts.scheme else folder / f"{NAME}.sqlite3"
        with _in_file(named.absolute()) as url:
            yield url
    else:
        raise NotOurs(f"{engine} is neither sqlite nor the URL of a database")


@contextmanager
def _in_file(path: Path) -> Iterator[str]:
    if path.exists():
        raise NotOurs(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield f"sqlite:///{path}"
    finally:
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)


@contextmanager
def _on_server(url: str) -> Iterator[str]:
    parts = urlsplit(url)._replace(scheme="postgres")
    name = sql.Identifier(NAME)
    with psycopg.connect(parts.geturl(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        yield parts._replace(path=f"/{NAME}").geturl()
    finally:
        with psycopg.connect(parts.geturl(), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
