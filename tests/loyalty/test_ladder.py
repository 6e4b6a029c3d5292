"""Saving a ladder: whole or not at all, one editor wins, and what was earned is kept where the store wants that."""

import pytest

from customers.models import Customer
from loyalty import kept, ladder
from loyalty.drafts import Faulty, Row
from loyalty.ladder import Overtaken
from loyalty.models import KeptDiscount, LoyaltyTier, Settings
from loyalty.tiers import Rung
from stores.models import AuditEntry
from tests.factories import make_customer, make_kept, make_store, make_tier, make_user
from tests.together import together

pytestmark = pytest.mark.django_db


def row(threshold, discount, period="global", group_only=False):
    return Row(threshold, period, discount, group_only)


def save(store, *rows, version=0, by=None, **choices):
    return ladder.save(store=store, rows=rows, opened_version=version, by=by, **choices)


def tiers(store):
    return list(ladder.ladder_of(store).rungs)


def spender(store, spent, **fields):
    customer = make_customer(store, **fields)
    Customer.objects.filter(pk=customer.pk).update(spent=spent, spent_year=spent)
    return customer


def test_the_rows_become_the_ladder():
    store, other = make_store(), make_store()
    make_tier(other, 700)

    saved = save(store, row(5_000, 10, "yearly", True), row(None, None), row(1_000, 5))

    assert saved == (True, [], 0)
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


class TestKept:
    def test_nothing_is_kept_where_the_store_did_not_choose_so(self):
        store = make_store()
        spender(store, 9_000)
        make_tier(store, 1_000, 20)

        assert save(store, row(1_000, 5)).kept == 0
        assert not KeptDiscount.objects.exists()

    def test_who_would_lose_keeps_what_they_had(self):
        store, other = make_store(), make_store()
        make_tier(store, 1_000, 20)
        make_tier(store, 5_000, 30)
        make_tier(other, 1_000, 90)
        spender(other, 9_000)
        loser, far, gainer, none = (spender(store, n) for n in (1_000, 5_000, 7_000, 999))

        saved = save(store, row(1_000, 5), row(6_000, 50), keep_earned=True)

        assert saved.kept == 2
        assert dict(KeptDiscount.objects.values_list("customer", "discount")) == {
            loser.pk: 20,
            far.pk: 30,
        }
        assert {gainer.pk, none.pk}.isdisjoint(KeptDiscount.objects.values_list("pk", flat=True))

    def test_the_larger_of_two_kept_ones_stays(self):
        store = make_store()
        make_tier(store, 1_000, 20)
        more, less = spender(store, 2_000), spender(store, 2_000)
        make_kept(more, 40)
        make_kept(less, 10)

        assert save(store, row(1_000, 5), keep_earned=True).kept == 1

        assert dict(KeptDiscount.objects.values_list("customer", "discount")) == {
            more.pk: 40,
            less.pk: 20,
        }

    def test_a_change_of_the_rule_alone_takes_from_somebody_too(self):
        store = make_store()
        save(store, row(1_000, 20), row(5_000, 10), largest_wins=True, keep_earned=True)
        customer = spender(store, 6_000)

        save(store, row(1_000, 20), row(5_000, 10), version=1, largest_wins=False)

        assert KeptDiscount.objects.get(customer=customer).discount == 20

    def test_the_owner_can_clear_them(self):
        store, other = make_store(), make_store()
        make_kept(make_customer(store))
        make_kept(make_customer(other))
        person = make_user()

        assert kept.clear(store=store, by=person) == 1
        assert kept.clear(store=store, by=person) == 0

        assert not KeptDiscount.objects.filter(store=store).exists()
        assert KeptDiscount.objects.filter(store=other).exists()
        entry = AuditEntry.objects.get(store=store, action="kept_discounts.clear")
        assert (entry.by, entry.changes) == (person, {"kept": [1, 0]})


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_wins_whole():
    store = make_store()

    def editor(*rows):
        return lambda: save(store, *rows)

    outcomes = together(editor(row(1, 1), row(2, 2)), editor(row(3, 3), row(4, 4)))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Overtaken", "Saved"]
    assert [rung.threshold for rung in tiers(store)] in ([1, 2], [3, 4])
