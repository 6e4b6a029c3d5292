"""How long ago something was, and how long it still takes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from stores.durations import ago, left
from stores.models import Batch, State, Store
from stores.templatetags import stores_ui

ZONE = ZoneInfo("America/Los_Angeles")
NOW = dt.datetime(2026, 11, 25, 9, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (dt.timedelta(minutes=-1), ""),
        (dt.timedelta(seconds=-59), "just now"),
        (dt.timedelta(), "just now"),
        (dt.timedelta(seconds=59), "just now"),
        (dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (dt.timedelta(hours=1), "1 hour ago"),
        (dt.timedelta(hours=23, minutes=59), "23 hours ago"),
        (dt.timedelta(hours=24), "yesterday"),
        (dt.timedelta(hours=33, minutes=29), "yesterday"),
        (dt.timedelta(hours=33, minutes=31), "2 days ago"),
        (dt.timedelta(days=6, hours=23), "7 days ago"),
        (dt.timedelta(days=7), ""),
    ],
)
def test_how_long_ago_is_said_up_to_a_week(gone, words):
    assert ago(NOW - gone, NOW) == words


@pytest.mark.parametrize(
    ("done", "elapsed", "words"),
    [
        (0, 60, ""),
        (10, 1.9, ""),
        (10, 2, "less than a minute left"),
        (50, 29, "less than a minute left"),
        (50, 60, "about 1 minute left"),
        (25, 60, "about 3 minutes left"),
        (1, 36, "about 59 minutes left"),
        (1, 37, ""),
        (100, 60, ""),
    ],
)
def test_what_is_left_follows_from_what_is_done(done, elapsed, words):
    since = NOW - dt.timedelta(seconds=elapsed)

    assert left(done=done, planned=100, since=since, now=NOW) == words


def test_what_was_never_confirmed_has_no_end():
    assert left(done=50, planned=100, since=None, now=NOW) == ""


def test_the_exact_time_is_on_hover_and_for_machines(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    with timezone.override(ZONE):
        near = stores_ui.ago(NOW - dt.timedelta(hours=3))
        far = stores_ui.ago(NOW - dt.timedelta(days=8))

    assert near == (
        '<time datetime="2026-11-25T06:30:00-08:00" title="25 November 2026, 06:30 PST">'
        "3 hours ago</time>"
    )
    assert far == (
        '<time datetime="2026-11-17T09:30:00-08:00" title="17 November 2026, 09:30 PST">'
        "17 Nov 2026</time>"
    )
    assert stores_ui.ago(None) == ""


@pytest.mark.parametrize(("undo_kind", "said"), [("undo", True), ("", False)])
def test_progress_says_how_long_it_takes_and_what_stays_done(monkeypatch, undo_kind, said):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    batch = Batch(
        pk=7,
        store=Store(slug="lamps"),
        state=State.RUNNING,
        planned=2_000,
        handled=500,
        confirmed_at=NOW - dt.timedelta(minutes=1),
    )
    kind = {"all_things": "customers", "undo_kind": undo_kind}

    shown = render_to_string("batches/progress.html", {"batch": batch, "kind": kind})

    assert "500 of 2,000 customers, 25 %, about 3 minutes left</p>" in shown
    assert ("what is done stays done, and can be undone" in shown) is said
