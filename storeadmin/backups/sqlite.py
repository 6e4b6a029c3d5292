"""SQLite: an online copy, page by page, while others read and write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from .refused import BackupRefused


def dump(copy: Path) -> None:
    """Copy the database as it is at one moment, and check the copy."""
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)
        # A copy is one file; in WAL mode it would be three.
        target.execute("PRAGMA journal_mode=DELETE")
    check(copy)


def check(copy: Path) -> None:
    """Raises BackupRefused where the copy is damaged."""
    with closing(sqlite3.connect(copy)) as database:
        try:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BackupRefused(f"The database in the backup is damaged: {error}.") from error
    if said != "ok" or broken:
        raise BackupRefused(f"The database in the backup is damaged: {broken or said}.")


def load(copy: Path) -> None:
    """Put the copy in the place of the database, in one transaction."""
    check(copy)
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as source:
        source.backup(connection.connection)
    connection.close()
