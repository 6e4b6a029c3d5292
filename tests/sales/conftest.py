"""Fixtures for the tests of selling."""

import pytest

from sales.api import limits
from sales.rates import Counter
from tests.factories import make_product, make_store

NEVER = 10**6


@pytest.fixture(autouse=True)
def own_counts(monkeypatch):
    """Each test counts from nothing, and writes no count down."""
    for name in ("by_key", "by_object"):
        rate = getattr(limits, name).rate
        monkeypatch.setattr(limits, name, Counter(rate._replace(step=NEVER)))


@pytest.fixture
def mid_june(time_machine):
    """Noon of 15 June 2026 in the time of a store in Second Life."""
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp", copy=True)
