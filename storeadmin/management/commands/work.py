"""The worker: runs what is queued, and sees to what nobody queued."""

import logging
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections
from django_tasks_db.management.commands import db_worker

from storeadmin import upkeep

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


def look_after(stopped: threading.Event, seconds: float, look: Callable[[], None]) -> None:
    """Look for what is due, again and again until the worker stops."""
    while not stopped.wait(seconds):
        close_old_connections()
        try:
            look()
        except Exception:
            logger.exception("%s failed; it is tried again", look.__name__)
        finally:
            close_old_connections()


class Command(db_worker.Command):
    help = "Run what is queued; take up batches whose worker is gone; do what is due each day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        help_text = "seconds between two looks for what is due"
        parser.add_argument("--look", type=float, default=LOOK_SECONDS, help=help_text)

    def handle(self, **options: Any) -> None:
        stopped = threading.Event()
        seconds = options.pop("look")
        for look in (upkeep.look, upkeep.hand_over):
            watch = threading.Thread(target=look_after, args=(stopped, seconds, look), daemon=True)
            watch.start()
        try:
            super().handle(**options)
        finally:
            stopped.set()
