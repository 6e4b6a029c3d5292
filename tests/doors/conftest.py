"""The stores and people of the doors, made once for each module."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from tests.doors.world import World

NOW = "2026-06-15T19:00:00Z"


@pytest.fixture(scope="module")
def _world(once: Callable[..., Any]) -> World:
    with time_machine.travel(NOW, tick=True):
        return once(World)


@pytest.fixture
def world(_world: World, db: None) -> Iterator[World]:
    """As it was made: what a test before this one wrote is gone."""
    with time_machine.travel(NOW, tick=True):
        yield _world
