"""Counting how often each line of a file came by, however long the file is."""

import sqlite3

HELD = 100_000
_COUNT = (
    "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1"
    " RETURNING times"
)


class Occurrences:
    """How often each key was counted. The first keys are held in memory, all others in a temporary
    file, so that memory does not grow with the file that is read.
    """

    def __init__(self, held: int = HELD) -> None:
        self._most = held
        self._held: dict[bytes, int] = {}
        self._rest: sqlite3.Connection | None = None

    def count(self, key: bytes) -> int:
        """Which time this is that the key comes: 1, 2, ..."""
        if key in self._held or len(self._held) < self._most:
            times = self._held[key] = self._held.get(key, 0) + 1
            return times
        if self._rest is None:
            self._rest = _temporary_file()
        return int(self._rest.execute(_COUNT, (key,)).fetchone()[0])


def _temporary_file() -> sqlite3.Connection:
    """It is gone once nobody holds it. A file may be read on by another thread of its process."""
    rest = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    rest.execute("PRAGMA journal_mode = OFF")
    rest.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID")
    # One transaction for all: nothing of it is kept.
    rest.execute("BEGIN")
    return rest
