"""Room on the stack, so that no measured page pays for where it happens to begin."""

from collections.abc import Callable
from types import FunctionType
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

# 160 KB: several times what the deepest page needs.
WORDS = 20_000


def with_room(deed: Callable[P, R]) -> Callable[P, R]:
    """The same deed above one wide frame.

    Python 3.11 maps memory for frames by pieces of 16 KB and gives the last piece back as soon as
    it is left, so that a loop of calls that begins just below such a border maps and unmaps at
    each call. By how deep it was called, the same page took 12 to 18 ms. A frame that needs a
    large piece leaves the rest of it to all that is called from there.
    """

    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return deed(*args, **kwargs)

    function = cast(FunctionType, roomy)
    function.__code__ = function.__code__.replace(co_stacksize=WORDS)
    return roomy
