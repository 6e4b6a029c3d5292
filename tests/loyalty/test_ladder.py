"""Saving a ladder: whole or not at all, and one editor wins."""

import pytest

from loyalty import ladder
from loyalty.drafts import Faulty, Row
from loyalty.ladder import Overtaken
from loyalty.models import LoyaltyTier, Settings
from loyalty.tiers import Rung
from stores.models import AuditEntry
from tests.factories import make_store, make_tier, make_user
from tests.naive import unlocked
from tests.together import meeting, names, together

pytestmark = pytest.mark.django_db


def row(threshold, discount, period="global", group_only=False):
    return Row(threshold, period, discount, group_only)


def save(store, *rows, version=0, by=None, **choices):
    return ladder.save(store=store, rows=rows, opened_version=version, by=by, **choices)


def tiers(store):
    return list(ladder.ladder_of(store).rungs)


def test_the_rows_become_the_ladder():
    store, other = make_store(), make_store()
    make_tier(other, 700)

    saved = save(store, row(5_000, 10, "yearly", True), row(None, None), row(1_000, 5))

    assert saved == (True, [], None)
    assert tiers(store) == [Rung(1_000, "global", 5), Rung(5_000, "yearly", 10, True)]
    assert tiers(other) == [Rung(700, "global", 5)]
    assert Settings.of(store).version == 1


def test_a_tier_of_the_same_threshold_and_period_stays_the_same_row():
    store = make_store()
    tier, gone = make_tier(store, 1_000, 5), make_tier(store, 2_000, 7)

    save(store, row(1_000, 8, group_only=True), row(2_000, 7, "yearly"))

    tier.refresh_from_db()
    assert (tier.discount, tier.group_only) == (8, True)
    assert not LoyaltyTier.objects.filter(pk=gone.pk).exists()
    assert tiers(store) == [Rung(1_000, "global", 8, True), Rung(2_000, "yearly", 7)]


def test_what_cannot_be_saved_changes_nothing(unchanged):
    store = make_store()
    make_tier(store)

    with unchanged(), pytest.raises(Faulty):
        save(store, row(1_000, 5), row(1_000, 6))


def test_an_editor_who_was_overtaken_is_told(unchanged):
    store = make_store()
    save(store, row(1_000, 5))

    with unchanged(), pytest.raises(Overtaken):
        save(store, row(2_000, 9))


def test_saving_what_is_there_leaves_no_trace_and_overtakes_nobody(unchanged):
    store = make_store()
    save(store, row(1_000, 5))

    with unchanged():
        assert not save(store, row(1_000, 5), version=1).changed


def test_the_trail_says_who_changed_what():
    store, person = make_store(), make_user()
    make_tier(store, 1_000, 5)

    save(store, row(1_000, 6), by=person, largest_wins=True)

    entry = AuditEntry.objects.get(store=store, action="ladder.save")
    assert entry.by == person
    assert entry.changes == {
        "tiers": [[[1_000, "global", 5, False]], [[1_000, "global", 6, False]]],
        "largest_wins": [False, True],
    }


def test_warnings_come_with_what_was_saved():
    saved = save(make_store(), row(1_000, 5), row(2_000, 0))

    assert saved.warnings == ["The tier at L$2,000 gives 0 % and cancels the lower tiers."]


def save_at_once(store) -> list[str]:
    """Two editors save what they have; what came of that."""

    def editor(*rows):
        return lambda: save(store, *rows)

    return names(together(editor(row(1, 1), row(2, 2)), editor(row(3, 3), row(4, 4))))


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_wins_whole():
    store = make_store()

    assert save_at_once(store) == ["Overtaken", "done"]
    assert [rung.threshold for rung in tiers(store)] in ([1, 2], [3, 4])


@pytest.mark.django_db(transaction=True)
def test_settings_that_are_only_read_are_caught(monkeypatch):
    """Both editors find the version that they opened."""
    store = make_store()
    Settings.objects.create(store=store)
    meet = meeting(2)

    def read(store):
        settings = Settings.of(store)
        meet()
        return settings

    monkeypatch.setattr(Settings, "lock", read)
    unlocked(monkeypatch, ladder)

    assert save_at_once(store) == ["done", "done"]
