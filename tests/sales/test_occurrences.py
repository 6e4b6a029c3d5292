"""How often a line came by: the same answer in memory and out of it, and memory that stays."""

import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import lines
from sales.occurrences import Occurrences
from tests.sales.files import opened

KEYS = st.lists(st.integers(0, 9).map(lambda number: b"%016d" % number), max_size=60)


@pytest.mark.parametrize("held", [0, 1, 3, 100])
@given(keys=KEYS)
def test_each_time_is_told_whether_the_key_is_held_in_memory_or_not(held, keys):
    occurrences, expected = Occurrences(held), Counter()

    for key in keys:
        expected[key] += 1
        assert occurrences.count(key) == expected[key]


def test_two_files_that_are_read_at_once_are_counted_apart():
    first, second = Occurrences(held=0), Occurrences(held=0)

    assert [first.count(b"a"), second.count(b"a"), first.count(b"a")] == [1, 1, 2]


def test_a_file_keeps_its_import_keys_when_its_lines_no_longer_fit_into_memory(monkeypatch):
    text = "customer,date,amount\n" + "Anna,2026-01-05,1\nBert,2026-01-05,1\n" * 3
    in_memory = [line.key for line in opened(text)]

    monkeypatch.setattr(lines, "Occurrences", lambda: Occurrences(held=1))

    assert [line.key for line in opened(text)] == in_memory
    assert len(set(in_memory)) == 6


def test_memory_does_not_grow_with_the_keys():
    occurrences = Occurrences(held=1_000)
    count_keys(occurrences, range(2_000))
    tracemalloc.start()
    try:
        count_keys(occurrences, range(2_000, 22_000))
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert grown < 100_000


def count_keys(occurrences: Occurrences, numbers: range) -> None:
    for number in numbers:
        occurrences.count(b"%016d" % number)
