"""Bars drawn by the server: heights to scale, round ticks, nothing outside of the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.charts import HEIGHT, TOP, WIDTH, bar_chart, round_step


@pytest.mark.parametrize(
    ("size", "step"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (40, 10), (41, 20), (99, 50), (13_941, 5_000)],
)
def test_a_step_is_round_and_gives_a_few_ticks(size, step):
    assert round_step(size) == step


def test_bars_stand_on_zero_and_are_to_scale():
    chart = bar_chart([("May", 1_000, -500), ("June", 500, 0)])

    assert [tick.value for tick in chart.ticks] == [-500, 0, 500, 1_000]
    (zero,) = [tick.y for tick in chart.ticks if tick.value == 0]
    may, june = chart.groups
    assert (may.up.y, may.up.y + may.up.height) == (TOP, zero)
    assert may.down.y == zero
    assert abs(may.up.height - 2 * june.up.height) <= 1
    assert (june.down.value, june.down.height) == (0, 0)


def test_nothing_to_show_is_a_chart_of_zeros():
    chart = bar_chart([("May", 0, 0)])

    assert [tick.value for tick in chart.ticks] == [0, 1]
    assert chart.groups[0].up.height == 0


@given(st.lists(st.tuples(st.integers(0, 10**15), st.integers(-(10**15), 0)), max_size=12))
def test_everything_stays_inside(pairs):
    chart = bar_chart([("", up, down) for up, down in pairs])

    assert len(chart.ticks) <= 11
    for group in chart.groups:
        for bar in (group.up, group.down):
            assert bar.height >= 0
            assert bar.y >= 0
            assert bar.y + bar.height <= HEIGHT
            assert bar.x >= 0
            assert bar.x + bar.width <= WIDTH
