"""A ladder as typed: dropped rows, sorting, faults at their rows, warnings."""

import pytest

from loyalty.drafts import MAX_ROWS, NO_DISCOUNT, NO_THRESHOLD, TWICE, Fault, Faulty, Row, read
from loyalty.drafts import warnings as warned
from loyalty.tiers import Rung
from stores.money import currency

LINDEN = currency("L$")


def row(threshold, discount, period="global", group_only=False):
    return Row(threshold, period, discount, group_only)


def faults(*rows):
    with pytest.raises(Faulty) as refusal:
        read(rows)
    return list(refusal.value.faults)


@pytest.mark.parametrize(
    "empty", [row(None, None), row(0, 0), row(None, 0), row(0, None), row(0, 0, "yearly", True)]
)
def test_empty_rows_are_dropped_before_duplicates_are_looked_for(empty):
    assert read([empty, empty, row(1_000, 5), empty]) == [Rung(1_000, "global", 5)]


def test_rows_are_sorted_by_threshold():
    rows = [row(5_000, 10), row(1_000, 5, "yearly"), row(0, 3), row(1_000, 4)]

    assert [(rung.threshold, rung.period) for rung in read(rows)] == [
        (0, "global"),
        (1_000, "global"),
        (1_000, "yearly"),
        (5_000, "global"),
    ]


def test_a_row_without_one_of_the_two_is_marked_there():
    """Rule 18: a blank is no 0."""
    assert faults(row(None, None), row(500, None), row(None, 5), row(1, 1)) == [
        Fault(1, "discount", NO_DISCOUNT),
        Fault(2, "threshold", NO_THRESHOLD),
    ]


def test_a_threshold_of_zero_with_a_discount_is_for_everyone():
    """Rule 16."""
    assert read([row(0, 5)]) == [Rung(0, "global", 5)]


def test_zero_per_cent_above_a_threshold_is_kept():
    """Rule 17."""
    assert read([row(1_000, 0)]) == [Rung(1_000, "global", 0)]


def test_the_same_threshold_and_period_twice_is_marked_at_the_later_row():
    """Rule 14: for members of the group or not."""
    rows = [row(5_000, 5), row(5_000, 7, "yearly"), row(5_000, 10, group_only=True), row(1, 1)]

    assert faults(*rows) == [Fault(2, "threshold", TWICE)]


def test_a_ladder_has_an_end():
    rows = [row(place, 1) for place in range(1, MAX_ROWS + 2)]

    assert len(read(rows[:-1])) == MAX_ROWS
    assert [fault.place for fault in faults(*rows)] == [MAX_ROWS]


@pytest.mark.parametrize(
    ("rungs", "largest_wins", "said"),
    [
        ([], False, []),
        ([Rung(1_000, "global", 5), Rung(5_000, "global", 5)], False, []),
        (
            [Rung(1_000, "global", 5), Rung(5_000, "yearly", 0)],
            False,
            ["The tier at L$5,000 gives 0 % and cancels the lower tiers."],
        ),
        ([Rung(5_000, "global", 0)], False, ["The tier at L$5,000 gives 0 %."]),
        (
            [Rung(10_000, "yearly", 15), Rung(20_000, "global", 10)],
            False,
            [
                "The tier at L$20,000 gives 10 %, less than the 15 % at L$10,000:"
                " the highest threshold met counts."
            ],
        ),
        ([Rung(10_000, "yearly", 15), Rung(20_000, "global", 10)], True, []),
        ([Rung(1_000, "global", 5), Rung(1_000, "yearly", 3)], False, []),
    ],
)
def test_what_is_rarely_meant_is_warned_of(rungs, largest_wins, said):
    """Rules 12 and 17."""
    assert warned(rungs, LINDEN, largest_wins=largest_wins) == said
