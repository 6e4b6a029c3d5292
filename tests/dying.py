"""A worker as a program of its own that is killed in the third chunk: its rows are written, its progress is not.

As `naive` it works without the transaction of a chunk.
"""

import os
import signal
import sys
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import django
from django.core.management import execute_from_command_line

CHUNKS = 3


def main(how: str, *command: str) -> None:
    django.setup()
    from django.db.models import QuerySet

    from stores.batches import work
    from stores.models import Batch

    keep, chunks = Batch.keep, []

    def keep_or_die(batch: Any) -> None:
        chunks.append(batch)
        if len(chunks) == CHUNKS:
            os.kill(os.getpid(), signal.SIGKILL)
        keep(batch)

    Batch.keep = keep_or_die
    if how == "naive":
        QuerySet.select_for_update = lambda rows, **_: rows.all()
        work.transaction = SimpleNamespace(atomic=nullcontext)
    execute_from_command_line(["manage.py", *command])


if __name__ == "__main__":
    main(*sys.argv[1:])
