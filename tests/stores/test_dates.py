"""Dates in cells: which are read, which order they have, which instants they are."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores import dates
from stores.cells import CellError
from stores.dates import DateClues
from stores.sheet_dialects import SheetError

ANGELES = ZoneInfo("America/Los_Angeles")
TODAY = date(2026, 3, 10)


def moment(cell, order=None, zone=ANGELES):
    return dates.moment(cell, zone=zone, today=TODAY, order=order)


@pytest.mark.parametrize(
    ("cell", "order", "at"),
    [
        ("19970112", None, datetime(1997, 1, 12, 20, tzinfo=UTC)),
        ("1997-01-12", None, datetime(1997, 1, 12, 20, tzinfo=UTC)),
        ("1997-07-12", None, datetime(1997, 7, 12, 19, tzinfo=UTC)),
        ("1997/1/12", None, datetime(1997, 1, 12, 20, tzinfo=UTC)),
        (" 1997-01-12 08:26 ", None, datetime(1997, 1, 12, 16, 26, tzinfo=UTC)),
        ("1997-01-12T08:26:05Z", None, datetime(1997, 1, 12, 8, 26, 5, tzinfo=UTC)),
        ("1997-01-12T08:26+02:00", None, datetime(1997, 1, 12, 6, 26, tzinfo=UTC)),
        ("1997-01-12 08:26:05.25-0800", None, datetime(1997, 1, 12, 16, 26, 5, 250000, tzinfo=UTC)),
        ("1/12/2010 8:26", "day-first", datetime(2010, 12, 1, 16, 26, tzinfo=UTC)),
        ("1/12/2010 8:26", "month-first", datetime(2010, 1, 12, 16, 26, tzinfo=UTC)),
        ("31.12.2010", "day-first", datetime(2010, 12, 31, 20, tzinfo=UTC)),
        ("31-12-2010 23:59:59", "day-first", datetime(2011, 1, 1, 7, 59, 59, tzinfo=UTC)),
        ("2024-02-29", "day-first", datetime(2024, 2, 29, 20, tzinfo=UTC)),
    ],
)
def test_dates_that_are_read(cell, order, at):
    assert moment(cell, order).at == at


def test_the_day_is_the_one_in_the_zone():
    found = moment("2020-01-01T03:00Z")

    assert found.day == date(2019, 12, 31)
    assert found.text == "2020-01-01T03:00:00+00:00"


def test_a_time_that_summer_time_leaves_out_is_read_on_the_same_day():
    found = moment("2025-03-09 02:30")

    assert found.at == datetime(2025, 3, 9, 10, 30, tzinfo=UTC)
    assert found.day == date(2025, 3, 9)


def test_a_day_that_a_zone_leaves_out_is_read():
    assert moment("2011-12-30", zone=ZoneInfo("Pacific/Apia")).day == date(2011, 12, 31)


def test_tomorrow_is_read_and_the_day_after_is_not():
    assert moment("2026-03-11").day == date(2026, 3, 11)
    with pytest.raises(CellError, match="is later than tomorrow"):
        moment("2026-03-12")


@pytest.mark.parametrize(
    ("cell", "order", "reason"),
    [
        ("", None, "is empty"),
        ("soon", None, "is not a date"),
        ("40513", None, "is not a date"),
        ("1/12/10", "day-first", "is not a date"),
        ("1/12.2010", "day-first", "is not a date"),
        ("\u0662\u0660\u0661\u0660-01-01", None, "is not a date"),
        ("1997-01-12" + " " * 100 + "08:26", None, "is not a date"),
        ("1/12/2010", None, "is not a date with the year first, and nothing says what comes first"),
        ("13/13/2010", "day-first", "is not a day or time that exists (read day-first)"),
        ("13/1/2010", "month-first", "is not a day or time that exists (read month-first)"),
        ("2023-02-29", "day-first", "is not a day or time that exists"),
        ("20231301", None, "is not a day or time that exists"),
        ("2023-02-01 24:00", None, "is not a day or time that exists"),
        ("2023-02-01T10:00+99:00", None, "is not a day or time that exists"),
        ("1969-12-31", None, "is before 1970"),
        ("0000-01-01", None, "is before 1970"),
        ("1970-01-01T00:00+14:00", None, "is before 1970"),
        ("9999-12-31T23:59-12:00", None, "is later than tomorrow"),
    ],
)
def test_dates_that_are_refused(cell, order, reason):
    with pytest.raises(CellError) as refused:
        moment(cell, order)

    assert refused.value.reason == reason


def settled(*cells: str, decimal_comma: bool = False):
    clues = DateClues()
    for line, cell in enumerate(cells, 2):
        clues.look(line, cell)
    return clues.settle(decimal_comma=decimal_comma)[0]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["1/12/2010", "13/12/2010 8:26"], "day-first"),
        (["1/12/2010", "12/13/2010"], "month-first"),
        (["1.12.2010"], "day-first"),
        (["1.12.2010", "1.13.2010"], "month-first"),
        (["2010-12-01", "20101201", "", "x", "31/31/2010"], None),
    ],
)
def test_the_order_is_recognised(cells, order):
    assert settled(*cells) == order


def test_a_decimal_comma_means_day_first_where_nothing_else_tells():
    assert settled("1/12/2010", decimal_comma=True) == "day-first"
    assert settled("1/12/2010", "1/13/2010", decimal_comma=True) == "month-first"


def test_an_order_that_nothing_tells_is_asked_for():
    with pytest.raises(SheetError, match=r"1/12/2010 on line 3 .* option dates"):
        settled("2010-12-01", "1/12/2010")


def test_contradicting_dates_name_both_lines():
    with pytest.raises(SheetError, match=r"Line 4 has 13/1/2010, .* line 3 has 1/13/2010,"):
        settled("1/1/2010", "1/13/2010", "13/1/2010")


@given(
    st.text(st.sampled_from("0123456789/-.:TZ +"), max_size=30),
    st.sampled_from([None, "day-first", "month-first"]),
    st.sampled_from(["UTC", "America/Los_Angeles", "Pacific/Apia"]),
)
def test_no_text_raises_anything_else(cell, order, zone):
    with suppress(CellError):
        assert moment(cell, order, ZoneInfo(zone)).day.year >= 1970


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2026, 3, 10)),  # noqa: DTZ001 - naive is the point
    st.sampled_from(["UTC", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Monrovia"]),
)
def test_a_local_time_is_read_on_the_day_that_it_names(written, zone):
    found = moment(written.strftime("%Y-%m-%d %H:%M:%S"), zone=ZoneInfo(zone))

    assert found.day == written.date()
