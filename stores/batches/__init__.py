"""Batches: the one mechanism for changes to many rows.

A kind says how its rows are planned and applied (`kinds`), verbs draft, apply, cancel and undo
(`deeds`), and a worker does the work in chunks under a lease (`work`).
"""

from .deeds import again, apply, cancel, draft, purge, resume, undo
from .kinds import BatchKind, BatchRefused, Step, kind_of, register
from .tasks import run_batch, take_up_abandoned
from .work import run

__all__ = [
    "BatchKind",
    "BatchRefused",
    "Step",
    "again",
    "apply",
    "cancel",
    "draft",
    "kind_of",
    "purge",
    "register",
    "resume",
    "run",
    "run_batch",
    "take_up_abandoned",
    "undo",
]
