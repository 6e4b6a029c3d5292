"""Deeds at the same time: each in a thread with a connection of its own."""

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

PATIENCE = 60
# How long a deed is given to do what a lock ought to keep it from doing.
GLANCE = 0.5


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave or raised, in the order of the deeds."""
    outcomes: list[Any] = [TimeoutError("the deed never ended")] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            outcomes[place] = deed()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    # The pool of connections is no larger than the number of deeds.
    connection.close()
    threads = [
        threading.Thread(target=run, args=(place, deed), daemon=True)
        for place, deed in enumerate(deeds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def meanwhile(deed: Callable[[], Any]) -> Callable[[], Any]:
    """Start a deed beside this one and give it a glance of time; what is returned waits for its end.

    A deed that a lock holds up goes on when this one ends.
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(deed())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(GLANCE)

    def ended() -> Any:
        thread.join(PATIENCE)
        return outcome[0] if outcome else TimeoutError("the deed never ended")

    return ended


def before(
    patch: pytest.MonkeyPatch, place: Any, name: str, deed: Callable[[], Any]
) -> Callable[[], Any]:
    """Once, just before a verb goes on with `name`, start a deed beside it; what waits for the deed."""
    original, waiting = getattr(place, name), []

    def hooked(*args: Any, **kwargs: Any) -> Any:
        if not waiting:
            waiting.append(None)
            waiting[0] = meanwhile(deed)
        return original(*args, **kwargs)

    patch.setattr(place, name, hooked)
    return lambda: waiting[0]() if waiting else LookupError("it never came to that")


def unhurried(patch: pytest.MonkeyPatch) -> None:
    """A deed that nothing holds up is waited for, however slow the machine."""
    patch.setattr(sys.modules[__name__], "GLANCE", PATIENCE)


def meeting(parties: int) -> Callable[[], None]:
    """A place where the first so many threads wait for each other; those who come later pass."""
    barrier = threading.Barrier(parties)
    lock = threading.Lock()
    came = 0

    def meet() -> None:
        nonlocal came
        with lock:
            came += 1
            late = came > parties
        if not late:
            barrier.wait(PATIENCE)

    return meet


def names(outcomes: list[Any]) -> list[str]:
    """Errors by their class, everything else as 'done', sorted."""
    return sorted(
        type(outcome).__name__ if isinstance(outcome, Exception) else "done" for outcome in outcomes
    )
