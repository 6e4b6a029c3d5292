"""Batches: the one mechanism for changes to many rows.

A kind says how its rows are planned and applied (`kinds`), verbs draft, apply, cancel and undo
(`deeds`), and a worker does the work in chunks under a lease (`work`).
"""

from .deeds import (
    again,
    apply,
    at_work,
    cancel,
    carry_out,
    draft,
    lock_preview,
    purge,
    resume,
    undo,
)
from .kinds import BatchKind, BatchRefused, Question, RowList, Step, kind_of, register, undo_right
from .tasks import run_batch, take_up_abandoned
from .work import run

__all__ = [
    "BatchKind",
    "BatchRefused",
    "Question",
    "RowList",
    "Step",
    "again",
    "apply",
    "at_work",
    "cancel",
    "carry_out",
    "draft",
    "kind_of",
    "lock_preview",
    "purge",
    "register",
    "resume",
    "run",
    "run_batch",
    "take_up_abandoned",
    "undo",
    "undo_right",
]
