"""Bars drawn by the server: heights to scale, round ticks, nothing outside of the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.charts import HEIGHT, TOP, Part, bar_chart, round_step


@pytest.mark.parametrize(
    ("size", "step"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (40, 10), (41, 20), (99, 50), (13_941, 5_000)],
)
def test_a_step_is_round_and_gives_a_few_ticks(size, step):
    assert round_step(size) == step


def pair(up, down):
    return [Part(up, "up", f"{up} added"), Part(down, "down", f"{down} taken")]


def test_bars_stand_on_zero_and_are_to_scale():
    chart = bar_chart([("May", pair(1_000, -500)), ("June", pair(500, 0))])

    assert [tick.value for tick in chart.ticks] == [-500, 0, 500, 1_000]
    (zero,) = [tick.y for tick in chart.ticks if tick.value == 0]
    (up, down), (june_up, june_down) = (group.bars for group in chart.groups)
    assert (up.y, up.y + up.height) == (TOP, zero)
    assert down.y == zero
    assert abs(up.height - 2 * june_up.height) <= 1
    assert (june_down.part.value, june_down.height) == (0, 0)
    assert chart.groups[0].says == "May: 1000 added, -500 taken"


def test_parts_of_one_side_stand_on_one_another():
    chart = bar_chart([("May", [Part(30, "old"), Part(10, "new")])], write="{} people".format)

    old, new = chart.groups[0].bars
    assert [tick.text for tick in chart.ticks] == [f"{value} people" for value in range(0, 41, 10)]
    assert (new.y, new.y + new.height) == (TOP, old.y)
    assert abs(old.height - 3 * new.height) <= 2


def test_a_chart_knows_whether_its_bars_lead_anywhere():
    assert not bar_chart([("May", pair(1, 0))]).has_links
    assert bar_chart([("May", [Part(1, "up", url="/")])]).has_links


def test_nothing_to_show_is_a_chart_of_zeros():
    chart = bar_chart([("May", pair(0, 0))])

    assert [tick.value for tick in chart.ticks] == [0, 1]
    assert chart.groups[0].bars[0].height == 0
    assert chart.is_empty
    assert not bar_chart([("May", pair(0, -1))]).is_empty


def percent(text):
    return float(text.removesuffix("%"))


@pytest.mark.parametrize("months", [1, 2, 6, 7, 12, 13, 24, 30])
def test_the_last_label_always_stands_and_few_do_in_a_narrow_chart(months):
    groups = bar_chart([(str(place), pair(1, 0)) for place in range(months)]).groups

    shown = [group for group in groups if group.shows_label]
    assert len(shown) <= 12
    assert 1 <= sum(not group.is_spare for group in shown) <= 6
    assert all(group.shows_label for group in groups if not group.is_spare)
    assert not groups[-1].is_spare


def test_a_single_bar_is_no_wall():
    (group,) = bar_chart([("No tier", [Part(11, "up")])]).groups

    assert percent(group.bars[0].width) <= 12
    assert group.middle == "50.00%"


def test_long_amounts_have_room_beside_the_axis():
    assert not bar_chart([("May", pair(10, 0))]).has_long_ticks
    assert bar_chart([("May", pair(10, 0))], write="L$1,000,000,{}".format).has_long_ticks


@given(st.lists(st.lists(st.integers(-(10**15), 10**15), max_size=3), max_size=30))
def test_everything_stays_inside(groups):
    chart = bar_chart([("", [Part(value, "") for value in values]) for values in groups])

    assert len(chart.ticks) <= 11
    for group in chart.groups:
        for bar in group.bars:
            assert bar.height >= 0
            assert bar.y >= 0
            assert bar.y + bar.height <= HEIGHT
            assert percent(bar.x) >= 0
            assert percent(bar.x) + percent(bar.width) <= 100.01
