"""Doing a whole deed again where the database let it down: a deadlock, or a faster twin."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError

TIMES = 4
AGAIN = ("40001", "40P01")
Result = TypeVar("Result")


def whole(deed: Callable[[], Result]) -> Result:
    """Call a deed that is one transaction and safe to do again, at most four times.

    Only a deadlock, a conflict of transactions and a unique key that a twin took meanwhile are
    tried again; everything else is raised at once.
    """
    for _ in range(TIMES - 1):
        try:
            return deed()
        except IntegrityError:
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in AGAIN:
                raise
    return deed()
