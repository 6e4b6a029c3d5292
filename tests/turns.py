"""Pairs out of two lists: in every run each of both at least once, instead of each with each."""

from collections.abc import Sequence
from typing import Any


def in_turn(ones: Sequence[Any], others: Sequence[Any], *, start: int = 0) -> list[tuple[Any, Any]]:
    """As many pairs as the longer list has; none where one is empty.

    What is tried in many places starts each time with another of the `others`, so that over all
    places most pairs are met.
    """
    number = max(len(ones), len(others)) if ones and others else 0
    return [(ones[n % len(ones)], others[(start + n) % len(others)]) for n in range(number)]
